using DataRig.Core;
using DataRig.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Tests;

[Collection(TorchCollection.Name)]
public sealed class TrainerTests : IDisposable
{
    private static readonly TrainingOptions Small = new()
    {
        Preprocessing = new PreprocessingOptions { InputPixels = 32 }, BatchSize = 16, Epochs = 4, CheckFiveImages = false, Seed = 3,
    };

    private readonly ShapeFrames _frames = new();

    public void Dispose() => _frames.Dispose();

    [Fact]
    public void Shapes_in_colours_never_seen_are_learned_validated_and_predicted()
    {
        List<LabelledFrame> train = _frames.Make(50, SplitRole.Train), validation = _frames.Make(10, SplitRole.Validation), test = _frames.Make(15, SplitRole.Test);
        TrainingOptions options = Small with { Epochs = 8, CheckFiveImages = true, Preprocessing = new PreprocessingOptions { InputPixels = 40 } };
        List<StageProgress> progress = [];

        TrainingResult result = new Trainer(TimeProvider.System, new Recorder(progress.Add)).Train(Request([.. train, .. validation, .. test], "run", options));
        using Predictor predictor = Predictor.Open(result.Run.Folder);
        ValidationReport report = Validator.Validate(predictor, [.. test.Select(t => t.Frame)]);

        Assert.True(result.ChosenByValidation);
        Assert.InRange(report.Metrics.Accuracy, 0.9, 1);
        Assert.Equal(result.Best.Epoch, result.Run.History.Aggregate((best, e) => e.IsBetterThan(best) ? e : best).Epoch);
        Assert.Equal((8 * 150L, 8 * 150L), (progress[^1].Done, progress[^1].Total));
        Assert.Contains("epoch 8 of 8, loss ", progress[^1].Note);

        // Validation and prediction go the same way.
        foreach (FramePrediction said in report.Predictions)
        {
            IReadOnlyList<PartProbability> ranked = predictor.Predict(File.ReadAllBytes(said.Frame.ImagePath));
            Assert.Equal(said.Said, ranked[0].Part);
            Assert.Equal(said.Confidence, ranked[0].Probability, 1e-4);
            Assert.Equal(1, ranked.Sum(p => p.Probability), 1e-4);
        }
    }

    [Fact]
    public void The_article_s_network_learns_as_well()
    {
        TrainingOptions options = Small with { Model = "article", LearningRate = 1e-3, WarmupEpochs = 0, Epochs = 8, Augmentation = AugmentationOptions.None };

        TrainingResult result = Train(_frames.Make(40, SplitRole.Train), "run", options);

        Assert.InRange(result.Run.History[^1].TrainAccuracy, 0.8, 1);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW, "residual", ScheduleKind.Cosine, 0)]
    [InlineData(OptimizerKind.Adam, "article", ScheduleKind.Plateau, 0.99)]
    [InlineData(OptimizerKind.Sgd, "residual", ScheduleKind.OneCycle, 0.9)]
    [InlineData(OptimizerKind.Adadelta, "article", ScheduleKind.Step, 0)]
    [InlineData(OptimizerKind.RmsProp, "article", ScheduleKind.Constant, 0)]
    [InlineData(OptimizerKind.Adagrad, "article", ScheduleKind.Plateau, 0.5)]
    public void Stopped_and_resumed_equals_undisturbed_to_the_bit(OptimizerKind optimizer, string model, ScheduleKind schedule, double average)
    {
        List<LabelledFrame> frames = [.. _frames.Make(8, SplitRole.Train), .. _frames.Make(3, SplitRole.Validation)];
        TrainingOptions options = Small with
        {
            Optimizer = optimizer, Model = model, Epochs = 3, BatchSize = 8, Schedule = schedule, DecayEpochs = 1, AverageDecay = average, GradientNorm = 1, Balance = BalanceKind.Weights,
            Augmentation = new AugmentationOptions { MixUp = 0.3, Jpeg = 0.5, Perspective = 0.1 },
        };
        TrainingResult undisturbed = Train(frames, "undisturbed", options);

        // Stops in the middle of the second epoch, as Ctrl-C does.
        using CancellationTokenSource cancel = new();
        Recorder stopper = new(p =>
        {
            if (p.Done > 24 + 8)
            {
                cancel.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => new Trainer(TimeProvider.System, stopper).Train(Request(frames, "resumed", options), cancel.Token));
        Assert.Single(Run.Open(Folder("resumed")).History);
        // What a power cut leaves of a half-written file.
        File.WriteAllText(Path.Combine(Folder("resumed"), "last.safetensors.1.tmp"), "half");
        TrainingResult resumed = new Trainer(TimeProvider.System).Train(Request(frames, "resumed", options) with { Resume = true });

        Assert.Equal(undisturbed.Run.History.Select(Timeless), resumed.Run.History.Select(Timeless));
        Assert.Equal(File.ReadAllBytes(undisturbed.Run.BestPath), File.ReadAllBytes(resumed.Run.BestPath));
        AssertSameTensors(undisturbed.Run.LastPath, resumed.Run.LastPath);
        Assert.Equal(undisturbed.Run.History.Count, TensorBoardTests.Read(resumed.Run.TensorBoardPath).Count - 1);
    }

    [Fact]
    public void A_moving_average_is_what_is_validated_and_kept()
    {
        List<LabelledFrame> frames = _frames.Make(8, SplitRole.Train);
        TrainingResult last = Train(frames, "last", Small with { Epochs = 2 }), averaged = Train(frames, "averaged", Small with { Epochs = 2, AverageDecay = 0.9 });

        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> kept = SafeTensors.Read(averaged.Run.BestPath).Tensors, state = SafeTensors.Read(averaged.Run.LastPath).Tensors;
        Assert.All(kept, w => Assert.True(w.Value.equal(state["average." + w.Key]).all().item<bool>(), w.Key));
        // The network itself learned as it does without.
        Assert.All(SafeTensors.Read(last.Run.BestPath).Tensors, w => Assert.True(w.Value.equal(state["network." + w.Key]).all().item<bool>(), w.Key));
        Assert.False(kept["output.weight"].equal(state["network.output.weight"]).all().item<bool>());
    }

    [Fact]
    public void The_learning_rate_is_looked_for_without_a_trace()
    {
        List<LabelledFrame> frames = _frames.Make(10, SplitRole.Train);
        TrainingOptions options = Small with { Epochs = 1, WarmupEpochs = 0 };
        TrainingResult before = Train(frames, "before", options);
        random.manual_seed(7);
        float expected = rand(1).item<float>();
        random.manual_seed(7);

        LearningRateCurve curve = new Trainer(TimeProvider.System).FindLearningRate(Request(frames, "found", options));

        Assert.Equal(expected, rand(1).item<float>());
        Assert.False(Directory.Exists(Folder("found")));
        Assert.Equal(File.ReadAllBytes(before.Run.BestPath), File.ReadAllBytes(Train(frames, "after", options).Run.BestPath));
        Assert.InRange(curve.Suggested, 1e-5, curve.Lowest);
        Assert.InRange(curve.Lowest, 1e-4, 3);
        Assert.True(curve.Points.MinBy(p => p.Loss)!.Loss < 0.9 * curve.Points[0].Loss);
        Assert.Equal(curve.Points.Select(p => p.LearningRate).Order(), curve.Points.Select(p => p.LearningRate));
    }

    [Fact]
    public void Class_weights_make_parts_count_alike()
    {
        List<LabelledFrame> frames = [.. _frames.Make(2, SplitRole.Train), .. Enumerable.Range(0, 6).Select(_ => _frames.Frame("bar", SplitRole.Train))];

        float[] weights = Learning.Training.TrainingSet.From(frames, Small).ClassWeights();

        Assert.Equal([0.5f, 2, 2], weights);
    }

    [Fact]
    public void Labelled_boxes_say_where_training_looks()
    {
        LabelledFrame frame = _frames.Frame("bar", SplitRole.Train);
        List<LabelledFrame> frames = [frame with { Box = new Box(0, 0, 10, 10) }, _frames.Frame("square", SplitRole.Train)];
        TrainingOptions options = Small with { Preprocessing = new PreprocessingOptions { InputPixels = 32, Crop = CropMode.Box } };

        Assert.Equal([new Box(0, 0, 10, 10), null], Learning.Training.TrainingSet.From(frames, options).Train.Select(s => s.Box));
        Assert.All(Learning.Training.TrainingSet.From(frames, Small).Train, s => Assert.Null(s.Box));
        Assert.Contains("none of the training frames has one", Assert.Throws<WorkFailedException>(() => Learning.Training.TrainingSet.From([frames[1], frame], options)).Message);
    }

    [Fact]
    public void A_finished_run_resumed_does_nothing_more()
    {
        List<LabelledFrame> frames = _frames.Make(8, SplitRole.Train);
        TrainingResult first = Train(frames, "run", Small with { Epochs = 2 });
        byte[] last = File.ReadAllBytes(first.Run.LastPath);

        TrainingResult again = new Trainer(TimeProvider.System).Train(Request(frames, "run", Small with { Epochs = 2 }) with { Resume = true });

        Assert.Equal(first.Best, again.Best);
        Assert.Equal(last, File.ReadAllBytes(first.Run.LastPath));
    }

    [Fact]
    public void Training_stops_when_validation_no_longer_gets_better_and_keeps_the_best()
    {
        // Validation frames with turned labels: the better the network learns, the worse it does on them.
        List<LabelledFrame> wrong = [.. _frames.Make(10, SplitRole.Validation).Select((f, i) => f with { Frame = f.Frame with { Part = new PartId(ShapeFrames.Parts[((i / 10) + 1) % 3]) } })];

        TrainingResult result = Train([.. _frames.Make(20, SplitRole.Train), .. wrong], "run", Small with { Epochs = 40, Patience = 2, Schedule = ScheduleKind.Constant });

        Assert.True(result.StoppedEarly);
        IReadOnlyList<EpochRecord> history = result.Run.History;
        Assert.InRange(history.Count, 3, 39);
        Assert.Equal(history.Count - 2, result.Best.Epoch);
        Assert.Equal(history.Max(e => e.ValidationMacroF1), result.Best.ValidationMacroF1);
        Assert.Equal(result.Best.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture), Metadata(result.Run.BestPath)["epoch"]);
    }

    [Fact]
    public void Without_validation_frames_the_last_epoch_is_the_model()
    {
        TrainingResult result = Train(_frames.Make(10, SplitRole.Train), "run", Small with { Epochs = 3, Patience = 1 });

        Assert.False(result.ChosenByValidation);
        Assert.False(result.StoppedEarly);
        Assert.Equal(3, result.Best.Epoch);
        Assert.Equal("3", Metadata(result.Run.BestPath)["epoch"]);
        Assert.All(result.Run.History, e => Assert.Null(e.ValidationLoss));
    }

    [Fact]
    public void Tensors_do_not_pile_up_over_batches()
    {
        List<long> live = [];
        Recorder counter = new(_ => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount));
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        new Trainer(TimeProvider.System, counter).Train(Request([.. _frames.Make(10, SplitRole.Train), .. _frames.Make(4, SplitRole.Validation)], "run", Small with { Epochs = 4 }));

        // The first epoch makes the optimizer's memory; from then on every batch and every checkpoint gives back what it took.
        long[] afterFirstEpoch = [.. live.Skip(live.Count / 4)];
        Assert.Equal(afterFirstEpoch[0], afterFirstEpoch[^1]);
        Assert.InRange(DisposeScopeManager.Statistics.ThreadTotalLiveCount - before, long.MinValue, afterFirstEpoch[0]);
    }

    [Fact]
    public void The_run_says_what_it_was_made_from()
    {
        List<LabelledFrame> frames = [.. _frames.Make(6, SplitRole.Train), .. _frames.Make(5, SplitRole.Train, FrameSource.Rendered), .. _frames.Make(2, SplitRole.Validation)];

        new Trainer(TimeProvider.System).Train(Request(frames, "run", Small with { Epochs = 1 }) with { DatasetHash = "d1", SplitHash = "s1" });
        Run run = Run.Open(Folder("run"));

        Assert.Equal(ShapeFrames.Parts, run.Classes.Select(c => c.Value));
        Assert.Equal(("d1", "s1", 33, 15, 6), (run.Record.DatasetHash, run.Record.SplitHash, run.Record.TrainingFrames, run.Record.RenderedFrames, run.Record.ValidationFrames));
        Assert.Equal(Small with { Epochs = 1 }, run.Options);
        Assert.Equal(1, run.History.Single().Epoch);
    }

    [Fact]
    public void The_synthetic_share_leaves_rendered_frames_out()
    {
        List<LabelledFrame> frames = [.. _frames.Make(5, SplitRole.Train), .. _frames.Make(60, SplitRole.Train, FrameSource.Rendered)];

        Assert.Equal(0, Rendered(0));
        Assert.InRange(Rendered(0.5), 60, 120);
        Assert.Equal(180, Rendered(1));

        int Rendered(double share) => Learning.Training.TrainingSet.From(frames, Small with { SyntheticShare = share }).Train.Count(s => s.Frame.Source == FrameSource.Rendered);
    }

    [Fact]
    public void A_run_is_not_written_over_and_not_resumed_with_other_things()
    {
        List<LabelledFrame> frames = _frames.Make(4, SplitRole.Train);
        TrainingRequest request = Request(frames, "run", Small with { Epochs = 1 });
        new Trainer(TimeProvider.System).Train(request);

        Assert.EndsWith("holds a run already: choose another folder, or resume it.", Refusal(request));
        Assert.Contains("the training options changed", Refusal(request with { Resume = true, Options = request.Options with { LearningRate = 0.1 } }));
        Assert.Contains("the frames or their split changed", Refusal(request with { Resume = true, Frames = [.. frames.Skip(1)] }));

        string Refusal(TrainingRequest r) => Assert.Throws<WorkFailedException>(() => new Trainer(TimeProvider.System).Train(r)).Message;
    }

    [Fact]
    public void Frames_that_cannot_be_trained_on_are_refused_in_one_sentence()
    {
        Assert.Contains("at least two parts, found none", Refusal(_frames.Make(2, SplitRole.Test)));
        Assert.Contains("2 frames of bar alone", Refusal([_frames.Frame("bar", SplitRole.Train), _frames.Frame("bar", SplitRole.Train)]));
        Assert.Contains("rendered and stands among the validation frames", Refusal([.. _frames.Make(2, SplitRole.Train), .. _frames.Make(1, SplitRole.Validation, FrameSource.Rendered)]));
        Assert.Contains("the dataset also has cross (1 frames)", Refusal([_frames.Frame("bar", SplitRole.Train), _frames.Frame("square", SplitRole.Train), _frames.Frame("cross", SplitRole.Validation)]));

        string Refusal(IReadOnlyList<LabelledFrame> frames) => Assert.Throws<WorkFailedException>(() => Train(frames, "refused", Small)).Message;
    }

    [Fact]
    public void A_learning_rate_far_too_high_ends_with_the_reason()
    {
        TrainingOptions options = Small with { LearningRate = 10, Optimizer = OptimizerKind.Sgd, Model = "article", WarmupEpochs = 0, Epochs = 20 };

        WorkFailedException failure = Assert.Throws<WorkFailedException>(() => Train(_frames.Make(20, SplitRole.Train), "run", options));
        Assert.Contains("the loss is no longer a number", failure.Message);
    }

    [Fact]
    public void Five_pictures_must_be_learned_before_training_starts()
    {
        List<LabelledFrame> frames = _frames.Make(5, SplitRole.Train);
        TrainingOptions options = Small with { CheckFiveImages = true, Epochs = 1 };

        Train(frames, "good", options);
        string slow = Assert.Throws<WorkFailedException>(() => Train(frames, "slow", options with { LearningRate = 1e-12 })).Message;
        // One picture under several labels: whatever is wrong with the labels, the network cannot learn it.
        List<LabelledFrame> mixed = [.. frames.Select(f => f with { Frame = f.Frame with { ImagePath = frames[0].Frame.ImagePath } })];
        string labels = Assert.Throws<WorkFailedException>(() => Train(mixed, "labels", options)).Message;

        foreach (string message in new[] { slow, labels })
        {
            Assert.Matches("^the network learned [0-4] of 5 pictures by heart in 150 steps", message);
            Assert.Contains("the crop or the resize", message);
            Assert.Contains("the labels (", message);
            Assert.Contains("the learning rate (", message);
        }

        Assert.Empty(Run.Open(Folder("slow")).History);
    }

    private static EpochRecord Timeless(EpochRecord epoch) => epoch with { Seconds = 0, ImagesPerSecond = 0 };

    private static Dictionary<string, string> Metadata(string file)
    {
        using DisposeScope scope = NewDisposeScope();
        return SafeTensors.Read(file).Metadata;
    }

    private static void AssertSameTensors(string first, string second)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> a = SafeTensors.Read(first).Tensors, b = SafeTensors.Read(second).Tensors;
        Assert.Equal(a.Keys.Order(), b.Keys.Order());
        Assert.All(a, t => Assert.True(t.Value.eq(b[t.Key]).all().item<bool>(), t.Key));
    }

    private string Folder(string name) => Path.Combine(_frames.Folder, name);

    private TrainingRequest Request(IReadOnlyList<LabelledFrame> frames, string name, TrainingOptions options) => new() { Frames = frames, RunFolder = Folder(name), Options = options };

    private TrainingResult Train(IReadOnlyList<LabelledFrame> frames, string name, TrainingOptions options) => new Trainer(TimeProvider.System).Train(Request(frames, name, options));

    private sealed class Recorder(Action<StageProgress> action) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => action(value);
    }
}
