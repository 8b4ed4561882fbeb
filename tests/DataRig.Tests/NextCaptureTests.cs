using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Rig;

namespace DataRig.Tests;

public sealed class NextCaptureTests
{
    private static readonly CapturePlan Plan = new() { Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red"] }, StopsPerSweep = 12, PosesPerItem = 1 };

    private static readonly Split Split = new(default, new Dictionary<GroupKey, SplitRole>
    {
        [Key("3001", "red")] = SplitRole.Train, [Key("3001", "blue")] = SplitRole.Train, [Key("3001", "black")] = SplitRole.Test,
        [Key("3003", "red")] = SplitRole.Train, [Key("3003", "white")] = SplitRole.Test,
    });

    [Fact]
    public void What_is_weak_is_photographed_again_at_its_angles_and_nothing_that_proves_the_model_is()
    {
        // 3001 fails between 60 and 90 degrees alone, 3003 never.
        FramePrediction[] predictions =
        [
            .. Enumerable.Range(0, 12).SelectMany(stop => new[] { Said("3001", "black", stop * 30, stop == 2 ? "3003" : "3001"), Said("3003", "white", stop * 30, "3003") }),
            Said("3001", "black", 75, "3003"),
        ];

        NextCapture next = NextCapture.Of(predictions, Split, Plan);

        Assert.Equal(["3001"], next.Plan!.Items.Keys);
        Assert.Equal(["blue", "red"], next.Plan.Items["3001"]);
        Assert.Equal([4, 5], next.Plan.Stops().Select(s => s.Turn));
        Assert.Equal(24, next.Plan.StopsPerSweep);
        Assert.Equal(2 * 2, next.Plan.FrameCount());
        Assert.Empty(next.Plan.Validate());
        Assert.Contains("60-90 degrees; most often taken for 3003", Assert.Single(next.Reasons));
    }

    [Fact]
    public void Without_angles_the_whole_turn_is_photographed_again()
    {
        NextCapture next = NextCapture.Of([Said("3001", "black", null, "3003")], Split, Plan);

        Assert.Equal(24, next.Plan!.Stops().Count);
    }

    [Fact]
    public void Where_nothing_is_weak_there_is_nothing_to_do()
    {
        NextCapture next = NextCapture.Of([Said("3001", "black", 0, "3001")], Split, Plan);

        Assert.Null(next.Plan);
        Assert.Empty(next.Reasons);
    }

    private static GroupKey Key(string part, string colour) => new(new PartId(part), new ItemId($"{part}-{colour}"));

    private static FramePrediction Said(string part, string colour, double? azimuth, string said) => new(
        new FrameRecord
        {
            Id = new FrameId(1), ImagePath = "", ImageHash = "", Width = 1, Height = 1, Source = FrameSource.Captured, Part = new PartId(part), Item = Key(part, colour).Item, AzimuthDegrees = azimuth,
        },
        new PartId(said),
        0.9,
        0.5) { Probabilities = [] };
}
