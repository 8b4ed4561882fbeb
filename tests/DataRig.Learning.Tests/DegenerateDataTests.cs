using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Proving;

namespace DataRig.Learning.Tests;

/// <summary>Data of which nothing can be learned, or less than one might think: each ends in one sentence or in a figure that says so.</summary>
[Collection(TorchCollection.Name)]
public sealed class DegenerateDataTests : IDisposable
{
    private static readonly TrainingOptions Quick = new()
    {
        Preprocessing = new PreprocessingOptions { InputPixels = 32 }, BatchSize = 8, Epochs = 2, CheckFiveImages = false, Seed = 3,
    };

    private readonly ShapeFrames _shapes = new();

    public void Dispose() => _shapes.Dispose();

    [Fact]
    public void One_part_is_refused_in_a_sentence() =>
        Assert.Contains("part", Refusal([.. Enumerable.Range(0, 8).Select(_ => _shapes.Frame("bar", SplitRole.Train))]), StringComparison.Ordinal);

    [Fact]
    public void One_picture_is_refused_in_a_sentence() => Assert.Contains("part", Refusal([_shapes.Frame("bar", SplitRole.Train)]), StringComparison.Ordinal);

    [Fact]
    public void No_picture_is_refused_in_a_sentence() => Assert.NotEmpty(Refusal([]));

    [Fact]
    public void Pictures_that_are_all_alike_train_to_guessing_and_their_figures_show_it()
    {
        byte[] grey = ImageCodec.EncodeJpeg(new Picture(64, 64, [.. Enumerable.Repeat((byte)128, 64 * 64 * 3)])).Bytes;
        LabelledFrame[] frames = [.. Frames(grey, SplitRole.Train, 6), .. Frames(grey, SplitRole.Validation, 2)];

        using Predictor predictor = Trained(frames, Quick);
        ValidationReport report = Validator.Validate(predictor, [.. Frames(grey, SplitRole.Test, 4).Select(f => f.Frame)]);

        Assert.Equal(1.0 / 3, report.Metrics.Accuracy, 6);
        Assert.All(report.Predictions, p => Assert.True(p.Probabilities.All(float.IsFinite)));
        ProofFigures figures = ProofFigures.Of(Scores.Of(predictor.Classes, report.Predictions), new Seed(1));
        Assert.All(new[] { figures.Accuracy, figures.MacroF1, figures.MacroRocArea, figures.MacroPrecisionArea }, f => Assert.True(f.Value is null or (>= 0 and <= 1)));
        Assert.Equal(0.5, figures.MacroRocArea.Value!.Value, 6);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 300)]
    [InlineData(12_000, 9_000)]
    public void A_picture_of_any_size_goes_through_the_finder_the_preprocessor_and_the_network_or_is_refused_in_a_sentence(int width, int height)
    {
        using Predictor predictor = Trained([.. _shapes.Make(4, SplitRole.Train)], Quick);
        if ((long)width * height > ImageCodec.MaxPixels)
        {
            byte[] file = Png.Claiming(width, height);

            WorkFailedException failure = Assert.Throws<WorkFailedException>(() => predictor.Predict(file));

            Assert.Equal("The picture is 12000x9000, and at most 100 megapixels are read; make it smaller.", failure.Message);
            return;
        }

        IReadOnlyList<PartProbability> said = predictor.Predict(ImageCodec.EncodePng(new Picture(width, height)).Bytes);

        Assert.Equal(3, said.Count);
        Assert.Equal(1, said.Sum(p => p.Probability), 4);
    }

    [Fact]
    public void A_part_that_validation_lacks_has_no_figure_and_no_threshold_of_its_own_promise()
    {
        LabelledFrame[] frames = [.. _shapes.Make(6, SplitRole.Train), .. Enumerable.Range(0, 4).Select(i => _shapes.Frame(i % 2 == 0 ? "bar" : "cross", SplitRole.Validation))];

        using Predictor predictor = Trained(frames, Quick);
        ValidationReport report = Validator.Validate(predictor, [.. frames.Where(f => f.Role == SplitRole.Validation).Select(f => f.Frame)]);
        DecisionRule rule = DecisionMaker.Choose(Scores.Of(predictor.Classes, report.Predictions), new DecisionOptions(), new Seed(1));

        PartMetrics square = Assert.Single(report.Metrics.Parts, p => p.Part == new PartId("square"));
        Assert.Equal(0, square.Support);
        Assert.Null(rule.Parts["square"].Recall);
        Assert.True(double.IsFinite(report.Metrics.MacroF1) && double.IsFinite(rule.Temperature));
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_training_in_a_sentence() =>
        Assert.Contains("learning rate", Refusal([.. _shapes.Make(8, SplitRole.Train)], Quick with { LearningRate = 10, Epochs = 40, Optimizer = OptimizerKind.Sgd, WarmupEpochs = 0 }), StringComparison.OrdinalIgnoreCase);

    private string Refusal(LabelledFrame[] frames, TrainingOptions? options = null) => Assert.Throws<WorkFailedException>(() => Trained(frames, options ?? Quick).Dispose()).Message;

    private Predictor Trained(LabelledFrame[] frames, TrainingOptions options)
    {
        string run = Path.Combine(_shapes.Folder, "run");
        new Trainer(TimeProvider.System).Train(new TrainingRequest { Options = options, Frames = frames, RunFolder = run });
        return Predictor.Open(run);
    }

    private IEnumerable<LabelledFrame> Frames(byte[] file, SplitRole role, int perPart) =>
        from part in ShapeFrames.Parts
        from number in Enumerable.Range(0, perPart)
        let labelled = _shapes.Frame(part, role)
        let written = Write(labelled.Frame.ImagePath, file)
        select labelled with { Frame = labelled.Frame with { Width = 64, Height = 64 } };

    private static bool Write(string path, byte[] file)
    {
        File.WriteAllBytes(path, file);
        return true;
    }
}
