using DataRig.Core;

namespace DataRig.Rig.Tests.Lines;

public sealed class FaultProxyTests
{
    [Fact]
    public async Task Without_faults_everything_passes()
    {
        byte[] sent = Bytes(20_000);

        byte[] arrived = await PassAsync(sent, new Faults(), new Seed(1));

        Assert.Equal(sent, arrived);
    }

    [Fact]
    public async Task A_share_of_the_bytes_is_spoiled_the_same_way_for_the_same_seed()
    {
        byte[] sent = Bytes(60_000);
        Faults faults = new() { Drop = 0.01, Flip = 0.01, Duplicate = 0.01 };

        byte[] first = await PassAsync(sent, faults, new Seed(5));
        byte[] again = await PassAsync(sent, faults, new Seed(5));
        byte[] other = await PassAsync(sent, faults, new Seed(6));

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Length, 59_700, 60_300);
    }

    [Fact]
    public async Task Dropped_and_doubled_bytes_change_the_count()
    {
        byte[] sent = Bytes(30_000);

        Assert.InRange((await PassAsync(sent, new Faults { Drop = 0.1 }, new Seed(1))).Length, 26_500, 27_500);
        Assert.InRange((await PassAsync(sent, new Faults { Duplicate = 0.1 }, new Seed(1))).Length, 32_500, 33_500);
    }

    [Fact]
    public async Task Delays_splits_and_merges_change_nothing_but_the_time()
    {
        byte[] sent = Bytes(3000);

        Assert.Equal(sent, await PassAsync(sent, new Faults { Delay = 0.01, Split = 0.05, Merge = 0.01, DelayFor = TimeSpan.FromMilliseconds(1) }, new Seed(1)));
    }

    [Fact]
    public async Task Pulling_one_end_pulls_the_other()
    {
        (ITransport near, ITransport device) = MemoryLine.Pair();
        (ITransport host, FaultProxy proxy) = FaultProxy.Before(device, new Faults(), new Seed(1));
        await using (proxy)
        {
            Task<int> waiting = host.ReadAsync(new byte[1], CancellationToken.None).AsTask();
            await near.DisposeAsync();

            await Assert.ThrowsAsync<LinkLostException>(() => waiting);
        }
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    /// <summary>What comes out at the device's end.</summary>
    private static async Task<byte[]> PassAsync(byte[] sent, Faults faults, Seed seed)
    {
        (ITransport device, ITransport far) = MemoryLine.Pair();
        (ITransport host, FaultProxy proxy) = FaultProxy.Before(far, faults, seed);
        await using (proxy)
        {
            await host.WriteAsync(sent, CancellationToken.None);
            List<byte> arrived = [];
            byte[] buffer = new byte[4096];
            while (proxy.Bytes < sent.Length || arrived.Count < proxy.Passed)
            {
                using CancellationTokenSource aLook = new(TimeSpan.FromMilliseconds(20));
                try
                {
                    arrived.AddRange(buffer[..await device.ReadAsync(buffer, aLook.Token)]);
                }
                catch (OperationCanceledException)
                {
                    // Nothing there yet.
                }
            }

            return [.. arrived];
        }
    }
}
