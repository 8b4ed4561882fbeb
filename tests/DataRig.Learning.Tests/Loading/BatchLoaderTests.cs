using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Loading;

namespace DataRig.Learning.Tests.Loading;

public sealed class BatchLoaderTests
{
    private static readonly TrainingOptions Options = new() { BatchSize = 4, Preprocessing = new PreprocessingOptions { InputPixels = 32 } };

    [Fact]
    public void Batches_are_the_same_whatever_the_cache_holds()
    {
        using ShapeFrames frames = new();
        Sample[] samples = Samples(frames.Make(3, SplitRole.Train));

        Batch[] kept = [.. Loader(1 << 20).Epoch(samples, Options, 2, default)];
        Batch[] again = [.. Loader(0).Epoch(samples, Options, 2, default)];

        Assert.Equal([4, 4, 1], kept.Select(b => b.Count));
        Assert.All(kept.Zip(again), pair => Assert.Equal(pair.First.Pixels, pair.Second.Pixels));
        Assert.All(kept.Zip(again), pair => Assert.Equal(pair.First.Labels, pair.Second.Labels));
    }

    [Fact]
    public void Another_epoch_shows_other_variations()
    {
        using ShapeFrames frames = new();
        Sample[] samples = Samples(frames.Make(1, SplitRole.Train));
        BatchLoader loader = Loader(1 << 20);

        Assert.NotEqual(loader.Epoch(samples, Options, 0, default).First().Pixels, loader.Epoch(samples, Options, 1, default).First().Pixels);
    }

    [Fact]
    public void A_picture_that_cannot_be_read_is_named()
    {
        using ShapeFrames frames = new();
        List<LabelledFrame> made = frames.Make(3, SplitRole.Train);
        string broken = made[5].Frame.ImagePath;
        File.WriteAllText(broken, "no picture");

        WorkFailedException failure = Assert.Throws<WorkFailedException>(() => Loader(0).Plain(Samples(made), default).Count());
        Assert.StartsWith($"the picture {broken} cannot be used: ", failure.Message);
    }

    [Fact]
    public void It_can_be_left_in_the_middle_and_cancelled()
    {
        using ShapeFrames frames = new();
        Sample[] samples = Samples(frames.Make(8, SplitRole.Train));
        using CancellationTokenSource cancel = new();

        Assert.Equal(4, Loader(0).Plain(samples, default).First().Count);
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (Batch _ in Loader(0).Plain(samples, cancel.Token))
            {
                cancel.Cancel();
            }
        });
    }

    private static BatchLoader Loader(long budget) => new(new PictureStore(new Preprocessor(Options.Preprocessing), budget), Options.BatchSize);

    private static Sample[] Samples(IEnumerable<LabelledFrame> frames) =>
        [.. frames.Select(f => new Sample(f.Frame, Array.IndexOf(ShapeFrames.Parts, f.Frame.Part.Value)))];
}
