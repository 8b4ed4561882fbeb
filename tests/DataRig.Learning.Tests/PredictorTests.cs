using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;

namespace DataRig.Learning.Tests;

/// <summary>A run that does not fit is refused in one clear sentence.</summary>
[Collection(TorchCollection.Name)]
public sealed class PredictorTests : IDisposable
{
    private static readonly TrainingOptions Tiny = new() { Preprocessing = new PreprocessingOptions { InputPixels = 32 }, Epochs = 1, BatchSize = 4, CheckFiveImages = false };

    private readonly ShapeFrames _frames = new();
    private readonly Run _run;

    public PredictorTests() => _run = new Trainer(TimeProvider.System).Train(new TrainingRequest { Options = Tiny, Frames = _frames.Make(3, SplitRole.Train), RunFolder = Path.Combine(_frames.Folder, "run") }).Run;

    public void Dispose() => _frames.Dispose();

    [Fact]
    public void A_run_opens_by_its_folder_by_its_file_and_by_its_weights()
    {
        foreach (string path in new[] { _run.Folder, _run.RecordPath, _run.BestPath })
        {
            using Predictor predictor = Predictor.Open(path);
            Assert.Equal(_run.BestPath, predictor.WeightsFile);
            Assert.Equal(_run.Classes, predictor.Classes);
        }
    }

    [Fact]
    public void A_folder_that_is_no_run_is_refused() =>
        Assert.Contains("is not a run: expected a folder with run.json", Assert.Throws<WorkFailedException>(() => Predictor.Open(_frames.Folder)).Message);

    [Fact]
    public void A_run_without_a_finished_epoch_has_no_model()
    {
        File.Delete(_run.BestPath);

        Assert.Contains("has no model yet", Assert.Throws<WorkFailedException>(() => Predictor.Open(_run.Folder)).Message);
    }

    [Fact]
    public void A_damaged_run_file_is_refused_with_its_place()
    {
        File.WriteAllText(_run.RecordPath, File.ReadAllText(_run.RecordPath).Replace("\"classes\"", "\"klasses\"", StringComparison.Ordinal));

        Assert.Contains("klasses: unknown key; did you mean \"classes\"?", Assert.Throws<ConfigurationException>(() => Run.Open(_run.Folder)).Message);
    }

    [Fact]
    public void Weights_of_another_network_are_refused()
    {
        File.WriteAllText(_run.RecordPath, File.ReadAllText(_run.RecordPath).Replace("\"residual\"", "\"article\"", StringComparison.Ordinal));

        Assert.Contains("holds the weights of another network", Assert.Throws<WorkFailedException>(() => Predictor.Open(_run.Folder)).Message);
    }

    [Fact]
    public void Weights_for_other_parts_are_refused()
    {
        File.WriteAllText(_run.RecordPath, File.ReadAllText(_run.RecordPath).Replace("\"bar\",", "\"bar\", \"disc\",", StringComparison.Ordinal));

        Assert.Contains("output.bias has the shape [3], expected [4]", Assert.Throws<WorkFailedException>(() => Predictor.Open(_run.Folder)).Message);
    }

    [Fact]
    public void A_dataset_with_a_part_that_the_model_does_not_know_is_refused()
    {
        using Predictor predictor = Predictor.Open(_run.Folder);
        FrameRecord known = _frames.Frame("bar", SplitRole.Test).Frame;

        string message = Assert.Throws<WorkFailedException>(() => Validator.Validate(predictor, [known, known with { Part = new PartId("9999") }])).Message;
        Assert.Equal("the model and the dataset do not fit each other: the model knows bar, cross, square, the dataset also has 9999 (1 frames). Train a model with these parts, or leave them out.", message);
        Assert.Contains("no frames to validate on", Assert.Throws<WorkFailedException>(() => Validator.Validate(predictor, [])).Message);
    }

    [Fact]
    public void Bytes_that_are_no_picture_are_refused()
    {
        using Predictor predictor = Predictor.Open(_run.Folder);

        Assert.Throws<WorkFailedException>(() => predictor.Predict("no picture"u8));
    }

    [Fact]
    public void Many_pictures_are_told_as_each_alone_is_and_the_first_that_cannot_be_read_ends_it()
    {
        using Predictor predictor = Predictor.Open(_run.Folder);
        string[] files = [.. _frames.Make(3, SplitRole.Test).Select(f => f.Frame.ImagePath)];
        Picture Read(string file) => file.Length > 0 ? ImageCodec.Decode(File.ReadAllBytes(file)) : throw new WorkFailedException("there is no picture.");

        IReadOnlyList<PartProbability>[] many = [.. predictor.Predict(files, Read)];

        // Two whole batches and a smaller one.
        Assert.Equal(files.Length, many.Length);
        Assert.All(files.Zip(many), told =>
        {
            IReadOnlyList<PartProbability> alone = predictor.Predict(File.ReadAllBytes(told.First));
            Assert.Equal(alone.Select(p => p.Part), told.Second.Select(p => p.Part));
            Assert.All(alone.Zip(told.Second), pair => Assert.Equal(pair.First.Probability, pair.Second.Probability, 1e-5));
        });
        Assert.Equal("there is no picture.", Assert.Throws<WorkFailedException>(() => predictor.Predict([.. files[..5], "", files[0]], Read).Count()).Message);
    }

    [Fact]
    public void The_worst_errors_are_the_surest_ones()
    {
        PartId bar = new("bar"), cross = new("cross");
        FrameRecord frame = _frames.Frame("bar", SplitRole.Test).Frame;
        FramePrediction right = Said(bar, 0.99), sure = Said(cross, 0.9), unsure = Said(cross, 0.6);

        Assert.Equal([sure, unsure], new ValidationReport(Metrics.From(new ConfusionMatrix([bar, cross])), [right, unsure, sure]).WorstErrors);

        FramePrediction Said(PartId part, double confidence) =>
            new(frame, part, confidence, part == bar ? confidence : 1 - confidence) { Probabilities = part == bar ? [(float)confidence, (float)(1 - confidence)] : [(float)(1 - confidence), (float)confidence] };
    }
}
