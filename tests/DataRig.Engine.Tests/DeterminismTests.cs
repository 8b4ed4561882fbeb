using DataRig.Core;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests;

public sealed class DeterminismTests
{
    private static readonly Scene Scene = new() { Placement = new PlacementOptions { Distractors = Distribution.Choice(0, 2) } };

    [Fact]
    public void FrameSeventeenAloneIsFrameSeventeenOfTheWhole()
    {
        Graphics.Require();
        using Synthesizer many = new(Scene, renderers: 2), one = new(Scene, renderers: 1);
        RenderedFrame[] whole = [.. many.Render(new Seed(7), Enumerable.Range(0, 22).Select(i => (long)i))];
        RenderedFrame alone = one.Render(new Seed(7), [17]).Single();
        Assert.Equal(whole[17].Picture.Rgb, alone.Picture.Rgb);
        Assert.Equal(whole[17].Annotations.Select(a => (a.Part, a.Box, a.VisibleFraction)), alone.Annotations.Select(a => (a.Part, a.Box, a.VisibleFraction)));
        Assert.Equal(whole[17].Scene.Values, alone.Scene.Values);
        Assert.NotEqual(whole[16].Picture.Rgb, alone.Picture.Rgb);
    }

    [Fact]
    public void ADifferentSeedIsADifferentFrame()
    {
        Graphics.Require();
        using Synthesizer synthesizer = new(Scene, renderers: 1);
        byte[] Frame(ulong seed) => synthesizer.Render(new Seed(seed), [3]).Single().Picture.Rgb;
        Assert.Equal(Frame(0), Frame(0));
        Assert.NotEqual(Frame(0), Frame(1));
    }

    [Fact]
    public void FramesComeInTheOrderAskedFor()
    {
        Graphics.Require();
        using Synthesizer synthesizer = new(Scene, renderers: 2);
        long[] asked = [9, 2, 5, 30, 1, 8, 4];
        Assert.Equal(asked, synthesizer.Render(new Seed(3), asked).Select(f => f.Scene.Draws.Index));
    }

    [Fact]
    public void CancellingStopsBetweenFrames()
    {
        Graphics.Require();
        using Synthesizer synthesizer = new(Scene, renderers: 1);
        using CancellationTokenSource cancellation = new();
        int frames = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (RenderedFrame _ in synthesizer.Render(new Seed(3), Enumerable.Range(0, 1000).Select(i => (long)i), cancellation.Token))
            {
                if (++frames == 3)
                {
                    cancellation.Cancel();
                }
            }
        });
        Assert.Equal(3, frames);
    }

    [Fact]
    public void EveryObjectIsGivenBackAndNoCallIsWrong()
    {
        Graphics.Require();
        using GlDevice device = GlDevice.Open();
        using (Pipeline pipeline = new(device, Scene.Image, new RendererOptions()))
        {
            Assert.NotEmpty(device.LiveResources);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(224 * 224 * 3, pipeline.Render(SceneSampler.Sample(Scene, new Seed(5), i)).Picture.Rgb.Length);
            }

            device.ThrowOnError("three frames");
        }

        Assert.Empty(device.LiveResources);
        device.ThrowOnError("the end");
    }

    [Fact]
    public void ADeviceTellsWhatItIs()
    {
        Graphics.Require();
        using GlDevice device = GlDevice.Open();
        Assert.Contains("OpenGL ES 3", device.Describe());
    }
}
