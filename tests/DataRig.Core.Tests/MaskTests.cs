using CsCheck;

namespace DataRig.Core.Tests;

public sealed class MaskTests
{
    /// <summary>Maps of up to 12 by 12 pixels, some sparse, some full, some empty.</summary>
    private static readonly Gen<(int Width, int Height, byte[] Pixels)> Maps =
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12], Gen.Int[0, 10]).SelectMany((width, height, tenths) =>
            Gen.Int[0, 9].Array[width * height].Select(values => (width, height, values.Select(v => (byte)(v < tenths ? 1 + v : 0)).ToArray())));

    [Fact]
    public void PixelsComeBack() => Maps.Sample(map =>
    {
        Mask mask = Mask.FromPixels(map.Width, map.Height, map.Pixels);
        Assert.Equal(map.Pixels.Select(p => p == 0 ? (byte)0 : (byte)1), mask.ToPixels());
        Assert.Equal(map.Pixels.Count(p => p != 0), mask.Area);
        Assert.Equal(map.Width * map.Height, mask.Counts.Sum());
        Assert.All(mask.Counts.Skip(1), run => Assert.True(run > 0));
    });

    [Fact]
    public void OneLabelOfManyIsAsIfItWereAlone() => Maps.Sample(map =>
    {
        byte[] labels = [.. map.Pixels.Select(p => (byte)(p % 3))];
        Mask expected = Mask.FromPixels(map.Width, map.Height, [.. labels.Select(l => l == 2 ? (byte)1 : (byte)0)]);
        if (expected.Bounds() is not { } box)
        {
            return;
        }

        Assert.Equal(expected.Counts, Mask.FromLabels(map.Width, map.Height, labels, 2, box).Counts);
        Assert.Equal(expected.Counts, Mask.FromLabels(map.Width, map.Height, labels, 2, new Box(0, 0, map.Width, map.Height)).Counts);
        Assert.All(Enumerable.Range(0, labels.Length), i => Assert.Equal(labels[i] == 2, expected[i % map.Width, i / map.Width]));
        Assert.Throws<ArgumentException>(() => Mask.FromLabels(map.Width, map.Height, labels, 2, new Box(0, 0, map.Width + 1, map.Height)));
    });

    [Fact]
    public void BoundsAreThoseOfThePixels() => Maps.Sample(map =>
    {
        int left = int.MaxValue, top = int.MaxValue, right = -1, bottom = -1;
        for (int y = 0; y < map.Height; y++)
        {
            for (int x = 0; x < map.Width; x++)
            {
                if (map.Pixels[(y * map.Width) + x] != 0)
                {
                    (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
                }
            }
        }

        Box? expected = right < 0 ? null : new Box(left, top, right - left + 1, bottom - top + 1);
        Assert.Equal(expected, Mask.FromPixels(map.Width, map.Height, map.Pixels).Bounds());
    });

    /// <summary>COCO's order: columns first, zeros first.</summary>
    [Fact]
    public void RunsGoDownTheColumns()
    {
        Assert.Equal([3, 3], Mask.FromPixels(3, 2, [0, 0, 1, 0, 1, 1]).Counts);
        Assert.Equal([0, 6], Mask.FromPixels(3, 2, [1, 1, 1, 1, 1, 1]).Counts);
        Assert.Equal([6], Mask.FromPixels(3, 2, new byte[6]).Counts);
    }

    [Fact]
    public void RunsThatDoNotFitAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new Mask(2, 2, [1, 2]));
        Assert.Throws<ArgumentException>(() => new Mask(2, 2, [5, -1]));
        Assert.Throws<ArgumentException>(() => Mask.FromPixels(2, 2, new byte[5]));
        Assert.Throws<ArgumentNullException>(() => new Mask(2, 2, null!));
    }

    [Fact]
    public void RunsOfZeroLengthAreAllowed()
    {
        Mask mask = new(2, 3, [1, 0, 1, 2, 0, 1, 1]);
        Assert.Equal(3, mask.Area);
        Assert.Equal(new Box(0, 0, 2, 3), mask.Bounds());
    }
}
