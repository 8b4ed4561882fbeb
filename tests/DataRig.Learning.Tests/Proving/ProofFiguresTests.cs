using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Proving;

namespace DataRig.Learning.Tests.Proving;

public sealed class ProofFiguresTests
{
    private static readonly PartId[] Classes = [new("a"), new("b")];

    [Fact]
    public void An_interval_is_as_wide_as_items_differ_and_not_as_frames_do()
    {
        // Two items of each part, 100 frames each: of one all frames are right, of the other none.
        ProofFigures figures = ProofFigures.Of(Frames([("a1", 0, 100, 100), ("a2", 0, 0, 100), ("b1", 1, 100, 100), ("b2", 1, 0, 100)]), new Seed(1));

        Assert.Equal(0.5, figures.Accuracy.Value!.Value, 12);
        // 200 of 400 frames would say 45% to 55%.
        Assert.InRange(figures.Accuracy.Low!.Value, 0, 0.05);
        Assert.InRange(figures.Accuracy.High!.Value, 0.95, 1);
    }

    [Fact]
    public void The_interval_covers_the_truth_as_often_as_it_says()
    {
        // Items whose accuracy is uniform in [0, 1]: their mean is 0.5.
        int covered = 0;
        for (int trial = 0; trial < 100; trial++)
        {
            Draws draws = new Seed(9).At(trial);
            ProofFigures figures = ProofFigures.Of(Frames([.. Enumerable.Range(0, 20).Select(i => ($"{i}", i % 2, (int)Math.Round(10 * draws.Uniform($"{i}")), 10))]), new Seed((ulong)trial));
            covered += figures.Accuracy.Holds(0.5) == true ? 1 : 0;
        }

        // 95% promised; the percentile bootstrap of 20 groups is known to give a little less.
        Assert.InRange(covered, 87, 100);
    }

    [Fact]
    public void One_item_of_a_part_gives_a_figure_without_an_interval()
    {
        ProofFigures figures = ProofFigures.Of(Frames([("a1", 0, 9, 10), ("b1", 1, 10, 10), ("b2", 1, 5, 10)]), new Seed(1));

        Assert.Equal(0.9, figures.Parts[0].Recall.Value!.Value, 12);
        Assert.Null(figures.Parts[0].Recall.Low);
        Assert.Null(figures.Parts[0].Recall.Holds(0.9));
        Assert.NotNull(figures.Parts[1].Recall.Low);
        Assert.Equal((1, 2), (figures.Parts[0].Items, figures.Parts[1].Items));
    }

    [Fact]
    public void A_part_without_frames_and_a_set_of_one_part_have_no_areas_rather_than_not_a_number()
    {
        ProofFigures figures = ProofFigures.Of(Frames([("a1", 0, 3, 4), ("a2", 0, 4, 4)]), new Seed(1));

        Assert.Null(figures.Parts[0].RocArea.Value);
        Assert.Equal(1, figures.Parts[0].PrecisionArea.Value!.Value, 12);
        Assert.Equal(default, figures.Parts[1].Recall);
        Assert.Equal(7.0 / 8, figures.MacroRecall.Value!.Value, 12);
        Assert.Null(figures.MacroRocArea.Value);
    }

    [Fact]
    public void The_same_seed_gives_the_same_intervals_and_another_seed_others()
    {
        Scores scores = Frames([("a1", 0, 6, 10), ("a2", 0, 8, 10), ("b1", 1, 10, 10), ("b2", 1, 5, 10), ("b3", 1, 7, 9)]);

        Assert.Equal(ProofFigures.Of(scores, new Seed(1)).MacroF1, ProofFigures.Of(scores, new Seed(1)).MacroF1);
        Assert.NotEqual(ProofFigures.Of(scores, new Seed(1)).MacroF1, ProofFigures.Of(scores, new Seed(2)).MacroF1);
    }

    [Fact]
    public void Accuracy_is_told_by_sector_pose_and_item()
    {
        FramePrediction[] predictions =
        [
            Said("red", 10, "up", right: true), Said("red", 29, "side", right: false), Said("red", 359, "up", right: true), Said("blue", 12, "up", right: true), Said("blue", null, null, right: false),
        ];

        IReadOnlyList<Slice> slices = Breakdown.Of(predictions, new Seed(1));

        Assert.Equal(
            ["Azimuth 0-30 3 2", "Azimuth 330-360 1 1", "Pose side 1 1", "Pose up 3 2", "Item a blue 2 1", "Item a red 3 1"],
            slices.Select(s => $"{s.Kind} {s.Name} {s.Frames} {s.Items}"));
        Assert.Equal(2.0 / 3, slices[0].Accuracy.Value!.Value, 12);
        Assert.NotNull(slices[0].Accuracy.Low);
    }

    private static FramePrediction Said(string item, double? azimuth, string? pose, bool right) => new(
        new FrameRecord
        {
            Id = new FrameId(1), ImagePath = "", ImageHash = "", Width = 1, Height = 1, Source = FrameSource.Captured, Part = Classes[0], Item = new ItemId(item), AzimuthDegrees = azimuth, Pose = pose,
        },
        Classes[right ? 0 : 1],
        0.9,
        right ? 0.9 : 0.1) { Probabilities = [] };

    /// <summary>Items of a class, each with its number of frames and how many of them are right.</summary>
    private static Scores Frames((string Item, int Class, int Right, int Frames)[] items)
    {
        (string Item, int Class, int Said)[] frames = [.. items.SelectMany(i => Enumerable.Range(0, i.Frames).Select(f => (i.Item, i.Class, f < i.Right ? i.Class : 1 - i.Class)))];
        return new Scores(Classes, [.. frames.Select(f => f.Class)], [.. frames.Select(f => f.Said == 0 ? new[] { 0.8f, 0.2f } : [0.2f, 0.8f])], [.. frames.Select(f => f.Item)]);
    }
}
