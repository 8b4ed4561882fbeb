using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Loading;
using DataRig.Learning.Training;

namespace DataRig.Learning.Tests;

/// <summary>Training on frames that are made meanwhile.</summary>
[Collection(TorchCollection.Name)]
public sealed class StreamedTrainingTests : IDisposable
{
    private static readonly TrainingOptions Small = new()
    {
        Preprocessing = new PreprocessingOptions { InputPixels = 32 }, BatchSize = 10, Epochs = 3, CheckFiveImages = false, Seed = 3,
    };

    private readonly ShapeFrames _frames = new();

    public void Dispose() => _frames.Dispose();

    [Theory]
    [InlineData(0.7)]
    [InlineData(0.25)]
    [InlineData(1)]
    public void Every_batch_has_its_share(double share)
    {
        List<LabelledFrame> stored = _frames.Make(4, SplitRole.Train);
        TrainingSet set = TrainingSet.From(stored, Small, new ShapeStream(share, 42));

        Sample[][] batches = [.. set.Epoch(Small, 0, default).Chunk(Small.BatchSize)];

        Assert.Equal(42, batches.Sum(b => b.Count(IsStreamed)));
        Assert.Equal((int)Math.Round(42 / share), batches.Sum(b => b.Length));
        Assert.All(batches, b => Assert.InRange(b.Count(IsStreamed), (share * b.Length) - 1, (share * b.Length) + 1));
        // The stored frames fill up: none comes again before the others of its part.
        int[] shown = [.. batches.SelectMany(b => b).Where(s => !IsStreamed(s)).CountBy(s => ((FrameRecord)s.Frame).Id).Select(n => n.Value)];
        Assert.True(shown.Length == 0 ? share == 1 : shown.Max() - shown.Min() <= 1);
    }

    [Fact]
    public void No_streamed_frame_comes_twice_and_another_epoch_has_others()
    {
        TrainingSet set = TrainingSet.From([], Small, new ShapeStream(1, 20));

        string[] origins = [.. Enumerable.Range(0, 3).SelectMany(epoch => set.Epoch(Small, epoch, default)).Select(s => s.Frame.Origin!)];

        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"shape {i}"), origins);
    }

    [Fact]
    public void Batches_are_the_same_however_late_the_frames_come()
    {
        List<LabelledFrame> stored = _frames.Make(4, SplitRole.Train);

        Batch[] prompt = Batches(new ShapeStream(0.6, 30)), late = Batches(new ShapeStream(0.6, 30) { BeforeFrame = i => Thread.SpinWait(i % 7 == 0 ? 200_000 : 10) });

        Assert.Equal(prompt.Length, late.Length);
        Assert.All(prompt.Zip(late), pair => Assert.Equal(pair.First.Pixels, pair.Second.Pixels));
        Assert.All(prompt.Zip(late), pair => Assert.Equal(pair.First.Labels, pair.Second.Labels));

        Batch[] Batches(ShapeStream stream) =>
            [.. Loader().Epoch(TrainingSet.From(stored, Small, stream).Epoch(Small, 1, default), Small, 1, default).Select(b => b with { Pixels = [.. b.Pixels] })];
    }

    [Fact]
    public void A_streamed_frame_is_prepared_as_the_same_file_is()
    {
        LabelledFrame stored = _frames.Frame("cross", SplitRole.Train);
        Sample[] file = [new Sample(stored.Frame, 1)];
        Sample[] made = [new Sample(ShapeStream.Made("cross", File.ReadAllBytes(stored.Frame.ImagePath), 0), 1)];

        Assert.Equal(Loader().Plain(file, default).Single().Pixels, Loader().Plain(made, default).Single().Pixels);
    }

    [Fact]
    public void Stopped_and_resumed_goes_on_with_the_same_frames()
    {
        List<LabelledFrame> stored = [.. _frames.Make(4, SplitRole.Train), .. _frames.Make(2, SplitRole.Validation)];
        TrainingResult undisturbed = Train(stored, new ShapeStream(0.5, 20), "undisturbed");

        using CancellationTokenSource cancel = new();
        ShapeStream stopper = new(0.5, 20)
        {
            BeforeFrame = i =>
            {
                if (i == 50)
                {
                    cancel.Cancel();
                }
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => new Trainer(TimeProvider.System).Train(Request(stored, stopper, "resumed"), cancel.Token));
        Assert.InRange(Run.Open(Folder("resumed")).History.Count, 0, 2);
        TrainingResult resumed = new Trainer(TimeProvider.System).Train(Request(stored, new ShapeStream(0.5, 20), "resumed") with { Resume = true });

        Assert.Equal(undisturbed.Run.History.Select(e => (e.TrainLoss, e.ValidationLoss)), resumed.Run.History.Select(e => (e.TrainLoss, e.ValidationLoss)));
        Assert.Equal(File.ReadAllBytes(undisturbed.Run.BestPath), File.ReadAllBytes(resumed.Run.BestPath));

        string other = Assert.Throws<WorkFailedException>(() => new Trainer(TimeProvider.System).Train(Request(stored, new ShapeStream(0.4, 20), "resumed") with { Resume = true })).Message;
        Assert.Contains("what is rendered into the batches changed", other);
    }

    [Fact]
    public void Shapes_are_learned_from_the_stream_alone_and_the_run_says_so()
    {
        List<LabelledFrame> validation = _frames.Make(10, SplitRole.Validation);
        TrainingOptions options = Small with { Epochs = 8, BatchSize = 16, CheckFiveImages = true, Preprocessing = new PreprocessingOptions { InputPixels = 40 } };
        ShapeStream stream = new(1, 150);

        TrainingResult result = new Trainer(TimeProvider.System).Train(Request([.. validation, .. _frames.Make(1, SplitRole.Train, FrameSource.Rendered)], stream, "alone") with { Options = options });

        Assert.InRange(result.Best.ValidationAccuracy!.Value, 0.8, 1);
        Assert.Equal((0, stream.Record), (Run.Open(Folder("alone")).Record.TrainingFrames, Run.Open(Folder("alone")).Record.Stream));
    }

    [Fact]
    public void A_part_that_is_only_streamed_is_a_class_too()
    {
        TrainingSet set = TrainingSet.From([_frames.Frame("bar", SplitRole.Train)], Small, new ShapeStream(0.5, 10));

        Assert.Equal(ShapeFrames.Parts, set.Classes.Select(c => c.Value));
    }

    [Fact]
    public void What_goes_wrong_in_the_stream_ends_the_training_with_its_sentence()
    {
        ShapeStream broken = new(1, 40) { BeforeFrame = i => _ = i < 25 ? 0 : throw new WorkFailedException("the lamp broke.") };
        ShapeStream tooMuch = new(0.5, 40);

        Assert.Equal("the lamp broke.", Assert.Throws<WorkFailedException>(() => Train([], broken, "broken")).Message);
        Assert.Contains("no photographs in training for the rest", Assert.Throws<WorkFailedException>(() => Train([], tooMuch, "rest")).Message);
    }

    [Fact]
    public void A_training_that_ends_leaves_no_stream_open()
    {
        ShapeStream stream = new(1, 5000);
        using CancellationTokenSource cancel = new();
        stream.BeforeFrame = i =>
        {
            if (i == 30)
            {
                cancel.Cancel();
            }
        };

        Assert.ThrowsAny<OperationCanceledException>(() => new Trainer(TimeProvider.System).Train(Request([], stream, "left"), cancel.Token));
        Assert.Equal(0, stream.Open);
    }

    private static bool IsStreamed(Sample sample) => sample.Frame is Frame;

    private static BatchLoader Loader() => new(new PictureStore(new Preprocessor(Small.Preprocessing), 0), Small.BatchSize);

    private string Folder(string name) => Path.Combine(_frames.Folder, name);

    private TrainingRequest Request(IReadOnlyList<LabelledFrame> frames, ShapeStream stream, string name) => new() { Frames = frames, Stream = stream, RunFolder = Folder(name), Options = Small };

    private TrainingResult Train(IReadOnlyList<LabelledFrame> frames, ShapeStream stream, string name) => new Trainer(TimeProvider.System).Train(Request(frames, stream, name));

    /// <summary>Shapes drawn when they are asked for.</summary>
    private sealed class ShapeStream(double share, int framesAnEpoch) : IFrameStream
    {
        /// <summary>Enumerations that were begun and not ended.</summary>
        public int Open { get; private set; }

        /// <summary>Done before a frame is made, with its index.</summary>
        public Action<long> BeforeFrame { get; set; } = _ => { };

        public StreamRecord Record { get; } = new() { Scene = "shapes.json", Origin = "shapes, seed 1", Share = share, FramesAnEpoch = framesAnEpoch };

        public IReadOnlyList<PartId> Parts => [.. ShapeFrames.Parts.Select(p => new PartId(p))];

        public static Frame Made(string part, byte[] jpeg, long index) => new()
        {
            Image = new EncodedImage(jpeg, ShapeFrames.Width, ShapeFrames.Width), Source = FrameSource.Rendered, Part = new PartId(part), Item = new ItemId($"{part}-rendered"), Origin = $"shape {index}",
        };

        public IEnumerable<Frame> Frames(long first, int count, CancellationToken cancel)
        {
            Open++;
            try
            {
                for (long index = first; index < first + count; index++)
                {
                    BeforeFrame(index);
                    cancel.ThrowIfCancellationRequested();
                    Draws draws = new Seed(1).At(index);
                    string part = ShapeFrames.Parts[index % ShapeFrames.Parts.Length];
                    Picture picture = ShapeFrames.Draw(
                        part, draws.Uniform("x", 38, 58), draws.Uniform("y", 38, 58), draws.Uniform("angle", 0, 0.6), ((byte)draws.Uniform("r", 30, 150), (byte)draws.Uniform("g", 30, 150), (byte)draws.Uniform("b", 30, 150)));
                    yield return Made(part, ImageCodec.EncodeJpeg(picture, 90).Bytes, index);
                }
            }
            finally
            {
                Open--;
            }
        }
    }
}
