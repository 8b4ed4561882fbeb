using System.Buffers;
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
        float[] ratios = ArrayPool<float>.Shared.Rent(picture.Rgb.Length);
        Ratios(table, picture, ratios);
        float[] response = Edges.Response(ratios.AsSpan(0, picture.Rgb.Length), picture.Width, picture.Height);
        ArrayPool<float>.Shared.Return(ratios);
        float[] there = new float[response.Length];
        int count = 0;
        for (int i = 0; i < response.Length; i++)
        {
            if (onTable[i])
            {
                there[count++] = response[i];
            }
        }

        if (count == 0)
        {
            return there;
        }

        double grain = 1.4826 * Ranked.Of(there.AsSpan(0, count), count / 2), strongest = Ranked.Of(there.AsSpan(0, count), (int)((count - 1) * 0.99));
        double least = Math.Max(LeastSharpness, Math.Max(OverGrain * grain, OverStrongest * strongest));
        for (int i = 0; i < response.Length; i++)
        {
            if (!onTable[i] || !(response[i] >= least))
            {
                response[i] = 0;
            }
        }

        return response;
    }

    /// <summary>The picture over the table's colour, [height, width, 3].</summary>
    private static void Ratios(TableModel table, Picture picture, float[] ratios)
    {
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
    }
}
