using DataRig.Core;

namespace DataRig.Learning.Finding;

/// <summary>
/// Where the table has something sharp on it. A part has sharp edges in whatever colour it is; its shadow, however dark, is soft.
/// </summary>
internal static class Detail
{
    /// <summary>Responses below this many times the table's own are its grain.</summary>
    private const double OverGrain = 4;

    /// <summary>Nothing fainter is sharp, as a share of the table's brightness.</summary>
    private const double LeastSharpness = 0.015;

    /// <summary>Responses below this share of the strongest are the soft things around it.</summary>
    private const double OverStrongest = 0.25;

    /// <summary>Below this brightness noise would count as sharpness, so that differences are taken against it instead.</summary>
    private const double DarkestTable = 24;

    /// <returns>The sharpness of each pixel, row-major; 0 off the table and where there is nothing but grain.</returns>
    public static float[] On(TableModel table, Picture picture, bool[] onTable)
    {
        float[] response = Edges.Response(Ratios(table, picture), picture.Width, picture.Height);
        float[] sorted = [.. response.Where((_, i) => onTable[i]).Order()];
        if (sorted.Length == 0)
        {
            return new float[response.Length];
        }

        double grain = 1.4826 * sorted[sorted.Length / 2], strongest = sorted[(int)((sorted.Length - 1) * 0.99)];
        double least = Math.Max(LeastSharpness, Math.Max(OverGrain * grain, OverStrongest * strongest));
        return [.. response.Select((r, i) => onTable[i] && r >= least ? r : 0)];
    }

    /// <summary>The picture over the table's colour, [height, width, 3].</summary>
    private static float[] Ratios(TableModel table, Picture picture)
    {
        float[] ratios = new float[picture.Rgb.Length];
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                (double r, double g, double b) = table.At((x + 0.5) / picture.Width, (y + 0.5) / picture.Height);
                int at = ((y * picture.Width) + x) * 3;
                ratios[at] = (float)(picture.Rgb[at] / Math.Max(r, DarkestTable));
                ratios[at + 1] = (float)(picture.Rgb[at + 1] / Math.Max(g, DarkestTable));
                ratios[at + 2] = (float)(picture.Rgb[at + 2] / Math.Max(b, DarkestTable));
            }
        }

        return ratios;
    }
}
