using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Explaining;
using DataRig.Learning.Proving;

namespace DataRig.Learning.Tests.Explaining;

[Collection(TorchCollection.Name)]
public sealed class ExplainerTests : IDisposable
{
    private static readonly TrainingOptions Tiny = new() { Preprocessing = new PreprocessingOptions { InputPixels = 32 }, Epochs = 1, BatchSize = 4, CheckFiveImages = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-explain-").FullName;
    private readonly Dataset _dataset;
    private readonly Split _split;
    private readonly Predictor _predictor;

    public ExplainerTests()
    {
        _dataset = Dataset.Create(Path.Combine(_folder, "data"));
        Draws draws = new Seed(4).At(0);
        _dataset.AddFrames(
        [
            .. from part in ShapeFrames.Parts
               from item in Enumerable.Range(0, 3)
               from shot in Enumerable.Range(0, 3)
               let name = $"{part} {item} {shot}"
               let picture = ShapeFrames.Draw(part, 44 + draws.Uniform($"x {name}", 0, 8), 44 + draws.Uniform($"y {name}", 0, 8), draws.Uniform($"angle {name}"), ((byte)(40 + (item * 40)), 60, 90))
               select new Frame { Image = ImageCodec.EncodeJpeg(picture, 90), Source = FrameSource.Imported, Part = new PartId(part), Item = new ItemId($"{part}-{item}"), Origin = $"{name}.jpg" },
        ]);
        _split = new Split(new Seed(1), _dataset.Items().ToDictionary(i => i.Group, i => i.Group.Item.Value.EndsWith('2') ? SplitRole.Test : SplitRole.Train));
        new Trainer(TimeProvider.System).Train(new TrainingRequest { Options = Tiny, Frames = [.. _dataset.Frames().Select(f => new LabelledFrame(f, _split.RoleOf(f)!.Value))], RunFolder = Path.Combine(_folder, "run") });
        _predictor = Predictor.Open(Path.Combine(_folder, "run"));
    }

    public void Dispose()
    {
        _predictor.Dispose();
        _dataset.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_training_frame_is_its_own_nearest_and_each_item_is_named_once()
    {
        Explainer explainer = Explainer.Over(_predictor, _dataset, _split);
        FrameRecord frame = _dataset.Frames().First(f => _split.RoleOf(f) == SplitRole.Train);

        Explanation explanation = explainer.Explain(_dataset, frame, nearest: 9);

        Assert.Equal(18, explainer.TrainingFrames);
        Assert.Equal(frame.Id, explanation.Nearest[0].Frame.Id);
        Assert.Equal(1, explanation.Nearest[0].Likeness, 4);
        Assert.Equal(6, explanation.Nearest.Select(n => n.Frame.Item).Distinct().Count());
        Assert.Equal(6, explanation.Nearest.Count);
        Assert.All(explanation.Nearest, n => Assert.Equal(SplitRole.Train, _split.RoleOf(n.Frame)));
    }

    [Fact]
    public void What_it_says_is_what_prediction_says_and_the_heat_is_of_the_part_that_is_asked_for()
    {
        Explainer explainer = new(_predictor, new Embeddings([], []));
        FrameRecord frame = _dataset.Frames()[0];

        Explanation likeliest = explainer.Explain(_dataset, frame), cross = explainer.Explain(_dataset, frame, new PartId("cross"));

        Assert.Equal(_predictor.Predict(_dataset.ReadImage(frame)).Select(p => p.Part), likeliest.Parts.Select(p => p.Part));
        Assert.Equal(likeliest.Parts[0].Part, likeliest.HeatOf);
        Assert.Equal("cross", cross.HeatOf.Value);
        Assert.Equal((48, 48), (likeliest.Heated(48).Width, likeliest.Heated(48).Height));
        Assert.Equal("the model does not know the part 9999; it knows bar, cross, square.", Assert.Throws<WorkFailedException>(() => explainer.Explain(_dataset, frame, new PartId("9999"))).Message);
    }

    [Fact]
    public void Embeddings_are_kept_beside_the_model_and_made_anew_for_another()
    {
        FrameRecord[] frames = [.. _dataset.Frames()];
        Embeddings first = EmbeddingFile.Of(_predictor, frames);

        // Known frames need no picture any more; unknown ones do.
        FrameRecord[] gone = [.. frames.Select(f => f with { ImagePath = Path.Combine(_folder, "gone.jpg") })];
        Assert.Equal(first.Rows, EmbeddingFile.Of(_predictor, gone).Rows);
        Assert.Throws<WorkFailedException>(() => EmbeddingFile.Of(_predictor, [gone[0] with { ImageHash = new string('0', 64) }]));

        File.AppendAllBytes(Path.Combine(_folder, "run", "embeddings.safetensors"), [1]);
        Assert.Equal(first.Rows, EmbeddingFile.Of(_predictor, frames).Rows);
        File.WriteAllBytes(_predictor.WeightsFile, [.. File.ReadAllBytes(_predictor.WeightsFile), 0]);
        Assert.Throws<WorkFailedException>(() => EmbeddingFile.Of(_predictor, gone));
    }

    [Fact]
    public void A_study_keeps_the_worst_errors_and_looks_at_every_frame()
    {
        Explainer explainer = Explainer.Over(_predictor, _dataset, _split);
        ValidationReport report = Validator.Validate(_predictor, [.. _dataset.Frames()]);

        ErrorStudy study = ErrorStudy.Of(explainer, _dataset, report, 2);

        Assert.Equal(report.WorstErrors.Count(), study.Errors);
        Assert.Equal(report.WorstErrors.Take(2).Select(e => e.Frame.Id), study.Worst.Select(w => w.Prediction.Frame.Id));
        Assert.All(study.Worst, w => Assert.Equal(w.Prediction.Said, w.Explanation.HeatOf));
        Assert.InRange(study.HeatOnPart!.Value, 0, 1);
        Assert.Equal(3, study.Worst[0].Explanation.Nearest.Count);
    }
}
