using DataRig.Core;

namespace DataRig.Rig.Tests;

/// <summary>Cut-outs of drawn tables, whose outline is known to the pixel.</summary>
public sealed class PlateCutterTests
{
    private static readonly (int Left, int Top, int Right, int Bottom) Middle = (70, 50, 130, 90);

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(3, 1.0)] // larger than the cutter works at: binned
    [InlineData(1, 0.85)] // the exposure drifted
    public void What_lies_there_is_cut_out(int scale, double exposure)
    {
        CutOut cut = Cut(Draw(1, scale), Draw(2, scale, Middle, exposure))!;

        Assert.InRange(Overlap(cut.Mask, Middle, scale), 0.93, 1);
        Assert.InRange(Math.Abs(cut.Box.X - (Middle.Left * scale)), 0, 2 * scale);
        Assert.InRange(cut.Quality, 0.8, 1);
        Assert.False(cut.Truncated);
    }

    [Theory]
    [InlineData(0, 50, 60, 90)]
    [InlineData(140, 50, 200, 90)]
    [InlineData(70, 0, 130, 40)]
    [InlineData(70, 110, 130, 150)]
    public void What_reaches_the_edge_is_truncated(int left, int top, int right, int bottom) =>
        Assert.True(Cut(Draw(1), Draw(2, part: (left, top, right, bottom)))!.Truncated);

    [Fact]
    public void What_it_closes_in_belongs_to_it_and_its_shadow_does_not()
    {
        Picture ring = Draw(2, part: Middle), table = Draw(3);
        for (int y = Middle.Top + 8; y < Middle.Bottom - 8; y++)
        {
            for (int x = Middle.Left + 8; x < Middle.Right - 8; x++)
            {
                ring[x, y] = table[x, y];
            }
        }

        for (int y = Middle.Top; y < Middle.Bottom; y++)
        {
            for (int x = Middle.Right; x < Middle.Right + 30; x++) // fades out over 30 pixels
            {
                byte level = (byte)(ring[x, y].R * (0.8 + (0.2 * (x - Middle.Right) / 30)));
                ring[x, y] = (level, level, level);
            }
        }

        Assert.InRange(Overlap(Cut(Draw(1), ring)!.Mask, Middle, 1), 0.9, 1);
    }

    [Fact]
    public void Nothing_is_cut_out_of_grain_or_dust()
    {
        Assert.Null(Cut(Draw(1), Draw(2)));
        Assert.Null(Cut(Draw(1), Draw(2, part: (100, 70, 103, 73))));
    }

    [Fact]
    public void A_plate_of_another_size_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentException>(() => Cut(Draw(1), Draw(2, scale: 2)));

    private static CutOut? Cut(Picture plate, Picture picture) => new PlateCutter(plate).Cut(picture);

    /// <summary>A grey table of 200x150 pixels with a little grain, and a dark part on it.</summary>
    private static Picture Draw(int seed, int scale = 1, (int Left, int Top, int Right, int Bottom)? part = null, double exposure = 1)
    {
        Picture picture = new(200 * scale, 150 * scale);
        ulong state = new Seed(4).At(seed).Bits("grain");
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                bool dark = part is { } p && x >= p.Left * scale && x < p.Right * scale && y >= p.Top * scale && y < p.Bottom * scale;
                byte level = (byte)(((dark ? 50 : 160) * exposure) + (Draws.SplitMix(ref state) >> 62));
                picture[x, y] = (level, level, level);
            }
        }

        return picture;
    }

    private static double Overlap(Mask mask, (int Left, int Top, int Right, int Bottom) part, int scale)
    {
        byte[] pixels = mask.ToPixels();
        int both = 0, either = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            (int x, int y) = (i % (200 * scale) / scale, i / (200 * scale) / scale);
            bool truth = x >= part.Left && x < part.Right && y >= part.Top && y < part.Bottom;
            both += truth && pixels[i] != 0 ? 1 : 0;
            either += truth || pixels[i] != 0 ? 1 : 0;
        }

        return (double)both / either;
    }
}
