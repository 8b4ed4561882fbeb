using CsCheck;

namespace DataRig.Core.Tests;

public sealed class BoxTests
{
    private static readonly Gen<Box> Boxes = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 12], Gen.Int[1, 8], Gen.Int[1, 8]).Select((x, y, width, height) => new Box(x, y, width, height));

    [Fact]
    public void OverlapIsSharedPixelsOverAllPixels() => Gen.Select(Boxes, Boxes).Sample((a, b) =>
    {
        HashSet<(int, int)> first = Pixels(a), second = Pixels(b);
        Assert.Equal((double)first.Intersect(second).Count() / first.Union(second).Count(), a.Overlap(b), 1e-12);
        Assert.Equal(a.Overlap(b), b.Overlap(a));
        Assert.Equal(1, a.Overlap(a));
    });

    [Fact]
    public void EdgesAndCenter()
    {
        Box box = new(2, 3, 4, 6);
        Assert.Equal((6, 9, 24, (4.0, 6.0)), (box.Right, box.Bottom, box.Area, box.Center));
        Assert.Equal(0, new Box(1, 1, -2, 5).Area);
        Assert.Equal(0, new Box(0, 0, 0, 0).Overlap(new Box(0, 0, 0, 0)));
        Assert.Equal(0, box.Overlap(new Box(6, 3, 4, 6))); // they touch
    }

    private static HashSet<(int X, int Y)> Pixels(Box box) =>
        [.. from x in Enumerable.Range((int)box.X, (int)box.Width) from y in Enumerable.Range((int)box.Y, (int)box.Height) select (x, y)];
}
