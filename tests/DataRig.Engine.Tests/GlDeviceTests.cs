using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests;

/// <summary>Contexts of llvmpipe disturb each other's calls: a process with two that call at the same time dies sooner or later.</summary>
public sealed class GlDeviceTests
{
    [Fact]
    public async Task OneContextCallsAtATimeButWaitsForItsDrawingBesideOthers()
    {
        Graphics.Require();
        using RenderThread first = new("first"), second = new("second");
        GlDevice one = first.Invoke(GlDevice.Open), two = second.Invoke(GlDevice.Open);
        Assert.SkipUnless(one.Renderer.StartsWith("llvmpipe", StringComparison.Ordinal), $"{one.Renderer} keeps contexts apart");
        using ManualResetEventSlim began = new(), finish = new();
        int entered = 0;
        Task<bool> calls = first.Start(() => one.Call(() =>
        {
            began.Set();
            finish.Wait();
            Assert.Equal(0, Volatile.Read(ref entered));
            for (int i = 0; i < 100_000 && Volatile.Read(ref entered) == 0; i++)
            {
                one.Finish();
            }

            return true;
        }));
        began.Wait(TestContext.Current.CancellationToken);
        Task<int> others = second.Start(() => two.Call(() => Interlocked.Increment(ref entered)));
        finish.Set();
        Assert.True(await calls);
        Assert.Equal(1, entered);
        Assert.Equal(1, await others);
        first.Invoke(() => one.Call(() => Closed(one)));
        second.Invoke(() => two.Call(() => Closed(two)));

        static bool Closed(GlDevice device)
        {
            device.Dispose();
            return true;
        }
    }
}
