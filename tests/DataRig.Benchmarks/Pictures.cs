using DataRig.Core;

namespace DataRig.Benchmarks;

/// <summary>Pictures of a grainy grey table with a red part on it that turns.</summary>
internal static class Pictures
{
    /// <param name="number">The grain's; two pictures with different numbers differ.</param>
    /// <param name="degrees">Where the part points; null leaves the table empty.</param>
    public static Picture Table(int width, int height, int number, double? degrees = 0)
    {
        Picture picture = new(width, height);
        ulong state = new Seed(11).At(number).Bits("grain");
        (double sin, double cos) = Math.SinCos((degrees ?? 0) * Math.PI / 180);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double u = (x - (width / 2.0)) / width, v = (y - (height / 2.0)) / width, a = (u * cos) + (v * sin), b = (v * cos) - (u * sin);
                int grain = (int)(Draws.SplitMix(ref state) >> 61) - 4;
                picture[x, y] = degrees is not null && Math.Abs(a) < 0.2 && Math.Abs(b) < 0.1
                    ? (Level(170, grain), Level(40, grain), Level(a < 0.1 ? 35 : 90, grain))
                    : (Level(150 + (20 * u), grain), Level(150, grain), Level(145, grain));
            }
        }

        return picture;
    }

    private static byte Level(double value, int grain) => (byte)Math.Clamp(value + grain, 0, 255);
}
