using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Proving;

namespace DataRig.Learning.Tests.Proving;

[Collection(TorchCollection.Name)]
public sealed class BackgroundTestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-background-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_that_reads_a_tint_planted_on_each_part_s_table_is_caught_and_one_that_cannot_is_not(bool planted)
    {
        using Dataset dataset = Photographed(planted);
        LabelledFrame[] frames = [.. dataset.Frames().Select(f => new LabelledFrame(f, f.Item.Value.EndsWith('9') || f.Item.Value.EndsWith('8') ? SplitRole.Test : SplitRole.Train))];
        TrainingOptions options = new()
        {
            Preprocessing = new PreprocessingOptions { InputPixels = 32, Crop = CropMode.None, BalanceTable = false }, Augmentation = AugmentationOptions.None, BatchSize = 16, Epochs = 6, CheckFiveImages = false, Seed = 3,
        };
        new Trainer(TimeProvider.System).Train(new TrainingRequest { Options = options, Frames = frames, RunFolder = Path.Combine(_folder, "run") });
        using Predictor predictor = Predictor.Open(Path.Combine(_folder, "run"));

        BackgroundReport report = BackgroundTest.Run(predictor, dataset, [.. frames.Where(f => f.Role == SplitRole.Test).Select(f => f.Frame)])!;

        Assert.Equal(planted, report.ReadsTable);
        Assert.Equal(1.0 / 3, report.Chance, 12);
        if (planted)
        {
            Assert.InRange(report.BackgroundOnly.Value!.Value, 0.8, 1);
        }
    }

    /// <summary>Ten items of three shapes, four photographs each, every shape on a table of its own tint or all on the same.</summary>
    private Dataset Photographed(bool planted)
    {
        Dataset dataset = Dataset.Create(Path.Combine(_folder, "data"));
        Draws draws = new Seed(4).At(0);
        dataset.AddFrames(
        [
            .. from part in Enumerable.Range(0, 3)
               from item in Enumerable.Range(0, 10)
               from shot in Enumerable.Range(0, 4)
               let name = $"{part} {item} {shot}"
               let tint = !planted ? (205.0, 190.0, 215.0) : part switch { 0 => (215.0, 185.0, 185.0), 1 => (185.0, 215.0, 185.0), _ => (185.0, 185.0, 215.0) }
               let picture = ShapeFrames.Draw(ShapeFrames.Parts[part], 44 + draws.Uniform($"x {name}", 0, 8), 44 + draws.Uniform($"y {name}", 0, 8), draws.Uniform($"angle {name}"), (Level($"r {part} {item}"), Level($"g {part} {item}"), Level($"b {part} {item}")), tint)
               select new Frame
               {
                   Image = ImageCodec.EncodeJpeg(picture, 90), Source = FrameSource.Imported, Part = new PartId(ShapeFrames.Parts[part]), Item = new ItemId($"{ShapeFrames.Parts[part]}-{item}"), Origin = $"{name}.jpg",
               },
        ]);
        return dataset;

        byte Level(string channel) => (byte)draws.Uniform(channel, 30, 150);
    }
}
