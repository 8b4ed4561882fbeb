using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Proving;

namespace DataRig.Learning.Tests.Proving;

public sealed class RandomSplitClaimTests
{
    private const int Width = 24, Shots = 20;

    [Fact]
    public void Frames_that_tell_their_item_and_not_their_part_are_claimed_by_a_random_split_alone()
    {
        RandomSplitEstimate estimate = RandomSplitClaim.Of(Looks(itemLikeness: 1, partLikeness: 0), f => f.Item.Value.EndsWith('3'), new Seed(1))!;

        Assert.Equal(3 * Shots, estimate.Frames);
        Assert.InRange(estimate.Claimed.Value!.Value, 0.95, 1);
        Assert.InRange(estimate.Honest.Value!.Value, 0, 0.75);
        Assert.NotNull(estimate.Claimed.Low);
    }

    [Fact]
    public void Frames_that_tell_their_part_give_the_same_by_both()
    {
        RandomSplitEstimate estimate = RandomSplitClaim.Of(Looks(itemLikeness: 0, partLikeness: 1), f => f.Item.Value.EndsWith('3'), new Seed(1))!;

        Assert.InRange(estimate.Honest.Value!.Value, 0.95, 1);
        Assert.InRange(estimate.Claimed.Value!.Value, 0.95, 1);
    }

    [Fact]
    public void There_is_none_where_nothing_can_be_compared()
    {
        Embeddings looks = Looks(1, 1);

        Assert.Null(RandomSplitClaim.Of(looks, _ => true, new Seed(1)));
        Assert.Null(RandomSplitClaim.Of(looks, _ => false, new Seed(1)));
        Assert.Null(RandomSplitClaim.Of(new Embeddings([], []), _ => false, new Seed(1)));
    }

    /// <summary>Four items of three parts: each frame is a direction of its item, one of its part, and noise.</summary>
    private static Embeddings Looks(double itemLikeness, double partLikeness)
    {
        List<FrameRecord> frames = [];
        List<float[]> rows = [];
        for (int part = 0; part < 3; part++)
        {
            for (int item = 0; item < 4; item++)
            {
                for (int shot = 0; shot < Shots; shot++)
                {
                    Draws draws = new Seed(7).At(frames.Count), own = new Seed(8).At((part * 4) + item), kind = new Seed(9).At(part);
                    float[] row = [.. Enumerable.Range(0, Width).Select(i => (float)((itemLikeness * own.Normal($"{i}")) + (partLikeness * kind.Normal($"{i}")) + (0.3 * draws.Normal($"{i}"))))];
                    float length = MathF.Sqrt(row.Sum(v => v * v));
                    rows.Add([.. row.Select(v => v / length)]);
                    frames.Add(new FrameRecord { Id = new FrameId(frames.Count + 1), ImagePath = "", ImageHash = $"{frames.Count}", Width = 8, Height = 8, Source = FrameSource.Captured, Part = new PartId($"p{part}"), Item = new ItemId($"i{item}") });
                }
            }
        }

        return new Embeddings(frames, rows);
    }
}
