using System.Buffers;
using DataRig.Core;

namespace DataRig.Learning.Finding;

/// <summary>Which pixels show the table itself.</summary>
internal static class TablePixels
{
    /// <summary>Relative differences below this are noise or unevenness of the table.</summary>
    private const double LeastDifference = 0.07;

    /// <summary>A step between neighbours above this share of the table's brightness is an edge; shadows are softer.</summary>
    private const double LeastEdge = 0.09;

    /// <summary>A shadow darkens all channels alike, at most to this share.</summary>
    private const double DarkestShadow = 0.55, ShadowTint = 0.10;

    /// <summary>Below this brightness noise would count as contrast, so that differences are taken against it instead.</summary>
    private const double DarkestTable = 24;

    /// <returns>For each pixel, row-major, whether it follows the table's colour, shaded or not.</returns>
    public static bool[] Following(TableModel table, Picture picture)
    {
        int width = picture.Width, height = picture.Height;
        double[] ratios = ArrayPool<double>.Shared.Rent(width * height * 3);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (double r, double g, double b) = table.At((x + 0.5) / width, (y + 0.5) / height);
                int at = ((y * width) + x) * 3;
                (ratios[at], ratios[at + 1], ratios[at + 2]) = (Ratio(picture.Rgb[at], r), Ratio(picture.Rgb[at + 1], g), Ratio(picture.Rgb[at + 2], b));
            }
        }

        (double tableRed, double tableGreen, double tableBlue) = table.At(0.5, 0.5);
        double noise = 4 * table.Spread / Math.Max(1, (tableRed + tableGreen + tableBlue) / 3);
        double least = Math.Max(LeastDifference, Math.Min(noise, 2 * LeastDifference));
        bool[] follows = new bool[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int i = (y * width) + x;
                ReadOnlySpan<double> here = ratios.AsSpan(i * 3, 3);
                double low = Math.Min(here[0], Math.Min(here[1], here[2])), high = Math.Max(here[0], Math.Max(here[1], here[2]));
                double difference = Math.Max(1 - low, high - 1);
                double edge = Math.Max(Step(ratios, i, x + 1 < width ? i + 1 : i), Step(ratios, i, y + 1 < height ? i + width : i));
                bool shadow = high <= 1.02 && low >= DarkestShadow && high - low < ShadowTint;
                follows[i] = edge < LeastEdge && (difference < least || shadow);
            }
        }

        ArrayPool<double>.Shared.Return(ratios);
        return follows;
    }

    private static double Ratio(double value, double table) => 1 + ((value - table) / Math.Max(table, DarkestTable));

    private static double Step(double[] ratios, int a, int b)
    {
        double step = 0;
        for (int channel = 0; channel < 3; channel++)
        {
            step = Math.Max(step, Math.Abs(ratios[(a * 3) + channel] - ratios[(b * 3) + channel]));
        }

        return step;
    }
}
