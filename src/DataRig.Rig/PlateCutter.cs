using DataRig.Core;

namespace DataRig.Rig;

/// <summary>A part's outline, cut out of a picture.</summary>
/// <param name="Mask">Its pixels.</param>
/// <param name="Box">The tight box around them.</param>
/// <param name="Truncated">Whether it reaches the picture's edge.</param>
/// <param name="Quality">
/// The share of the outline along which the part stands out clearly from the empty table, in [0, 1]: low for white on white.
/// </param>
public sealed record CutOut(Mask Mask, Box Box, bool Truncated, double Quality);

/// <summary>
/// Cuts a part out of a picture against the plate, the picture of the empty table at the same stop under the same light. What
/// differs is the part, its shadow and its glow on the table; of these only the part has sharp edges. What they close in is the part.
/// </summary>
public static class PlateCutter
{
    /// <summary>Works at up to this many pixels across; larger pictures are binned, which also lowers their noise.</summary>
    private const int WorkingWidth = 320;

    /// <summary>An edge is at least this many times the empty table's own grain; a faint one, where it goes on from a clear one, this many times.</summary>
    private const double OverGrain = 5, FaintOverGrain = 3;

    /// <summary>Edges below this share of the strongest are the soft ones of shadows; faint ones may come nearer to that.</summary>
    private const double OverStrongest = 0.2, FaintOverStrongest = 0.15;

    /// <summary>The response to an edge reaches about this far beyond it, in pixels.</summary>
    private const int EdgeReach = 3;

    /// <summary>Around an edge of the plate's own, a table that landed a hair away and JPEG leave up to this share of it, this far.</summary>
    private const float PlateEdgeDoubt = 0.1f;
    private const int JpegReach = 6;

    /// <summary>Nothing fainter is an edge, as a share of the table's brightness.</summary>
    private const double LeastEdge = 0.01;

    /// <summary>What has hardly a clear edge around it is grain that hangs together by chance.</summary>
    private const double LeastQuality = 0.05;

    /// <summary>A patch below this share of the picture is dust.</summary>
    private const double LeastArea = 0.0008;

    /// <returns>The outline; null where nothing stands out.</returns>
    /// <exception cref="ArgumentException">The two are not of one size.</exception>
    public static CutOut? Cut(Picture plate, Picture picture)
    {
        ArgumentNullException.ThrowIfNull(plate);
        ArgumentNullException.ThrowIfNull(picture);
        if ((plate.Width, plate.Height) != (picture.Width, picture.Height))
        {
            throw new ArgumentException($"the plate is {plate.Width}x{plate.Height} and the picture {picture.Width}x{picture.Height}", nameof(plate));
        }

        int bin = Math.Max(1, (picture.Width + WorkingWidth - 1) / WorkingWidth);
        int width = picture.Width / bin, height = picture.Height / bin;
        float[] table = Binned(plate, bin, width, height);
        float[] differences = Differences(table, Binned(picture, bin, width, height));
        float[] edges = Edges.Response(differences, width, height), own = Regions.Highest(Edges.Response(table, width, height), width, height, JpegReach);
        float level = Median(table, 1);
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = Math.Max(0, edges[i] - (PlateEdgeDoubt * own[i] / level));
        }

        (double least, double faintest) = Least(edges);
        bool[] part = Regions.Connected([.. edges.Select(e => e >= least)], [.. edges.Select(e => e >= faintest)], width, height);
        part = Regions.Close(part, width, height, Math.Max(2, width / 75));
        part = Regions.Largest(part, width, height, 0);
        part = Regions.FillEnclosed(part, width, height);
        part = Snap(part, differences, width, height);
        part = Regions.Open(part, width, height, 1);
        part = Regions.Largest(part, width, height, (int)(LeastArea * width * height));
        return Array.IndexOf(part, true) >= 0 && Describe(part, edges, least, width, height, bin, picture.Width, picture.Height) is { Quality: >= LeastQuality } cut ? cut : null;
    }

    /// <summary>Picture less plate over the plate's median, each channel, [height, width, 3]; an exposure that drifted a little is taken out.</summary>
    private static float[] Differences(float[] before, float[] now)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            float level = Median(before, channel), gain = level / Math.Max(1, Median(now, channel));
            for (int i = channel; i < now.Length; i += 3)
            {
                now[i] = ((now[i] * gain) - before[i]) / Math.Max(1, level);
            }
        }

        return now;
    }

    private static float[] Binned(Picture picture, int bin, int width, int height)
    {
        float[] binned = new float[width * height * 3];
        for (int y = 0; y < height * bin; y++)
        {
            for (int x = 0; x < width * bin; x++)
            {
                int to = (((y / bin) * width) + (x / bin)) * 3, from = ((y * picture.Width) + x) * 3;
                binned[to] += picture.Rgb[from];
                binned[to + 1] += picture.Rgb[from + 1];
                binned[to + 2] += picture.Rgb[from + 2];
            }
        }

        return binned;
    }

    private static float Median(float[] values, int channel)
    {
        float[] sorted = Sorted(values, channel, 3);
        return sorted[sorted.Length / 2];
    }

    /// <summary>Every seventh of the values, in order: enough for a share of them, and quick.</summary>
    private static float[] Sorted(float[] values, int first, int step)
    {
        const int Every = 7;
        float[] sorted = new float[((values.Length - first - 1) / (Every * step)) + 1];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = values[first + (i * Every * step)];
        }

        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>Most of the picture is empty table, so that the median is its grain.</summary>
    private static (double Clear, double Faint) Least(float[] edges)
    {
        float[] sorted = Sorted(edges, 0, 1);
        double grain = sorted[sorted.Length / 2], strongest = sorted[(int)((sorted.Length - 1) * 0.99)];
        return (Math.Max(LeastEdge, Math.Max(OverGrain * grain, OverStrongest * strongest)), Math.Max(LeastEdge, Math.Max(FaintOverGrain * grain, FaintOverStrongest * strongest)));
    }

    /// <summary>Gives each pixel near the outline to whichever it looks more like: the part beside it or the table beside it.</summary>
    private static bool[] Snap(bool[] part, float[] differences, int width, int height)
    {
        bool[] core = Regions.Shrink(part, width, height, EdgeReach), table = [.. Regions.Grow(part, width, height, 1).Select(p => !p)];
        bool[] snapped = [.. part];
        Span<double> toPart = stackalloc double[3], toTable = stackalloc double[3];
        for (int i = 0; i < part.Length; i++)
        {
            if (!part[i] || core[i])
            {
                continue;
            }

            if (Mean(core, differences, i, width, height, toPart) && Mean(table, differences, i, width, height, toTable))
            {
                snapped[i] = Distance(differences, i, toPart) <= Distance(differences, i, toTable);
            }
        }

        return snapped;
    }

    /// <summary>The mean difference of the pixels of a set around a pixel; false where there are none.</summary>
    private static bool Mean(bool[] set, float[] differences, int i, int width, int height, Span<double> mean)
    {
        const int Reach = EdgeReach + 2;
        int x = i % width, y = i / width, count = 0;
        mean.Clear();
        for (int ny = Math.Max(0, y - Reach); ny <= Math.Min(height - 1, y + Reach); ny++)
        {
            for (int nx = Math.Max(0, x - Reach); nx <= Math.Min(width - 1, x + Reach); nx++)
            {
                int at = (ny * width) + nx;
                if (set[at])
                {
                    count++;
                    mean[0] += differences[at * 3];
                    mean[1] += differences[(at * 3) + 1];
                    mean[2] += differences[(at * 3) + 2];
                }
            }
        }

        for (int channel = 0; channel < 3; channel++)
        {
            mean[channel] /= Math.Max(1, count);
        }

        return count > 0;
    }

    private static double Distance(float[] differences, int i, ReadOnlySpan<double> to)
    {
        double r = differences[i * 3] - to[0], g = differences[(i * 3) + 1] - to[1], b = differences[(i * 3) + 2] - to[2];
        return (r * r) + (g * g) + (b * b);
    }

    private static CutOut Describe(bool[] part, float[] edges, double least, int width, int height, int bin, int fullWidth, int fullHeight)
    {
        int outline = 0, clear = 0;
        bool truncated = false;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (!part[(y * width) + x])
                {
                    continue;
                }

                bool border = x == 0 || y == 0 || x == width - 1 || y == height - 1;
                truncated |= border;
                if (!border && !(part[(y * width) + x - 1] && part[(y * width) + x + 1] && part[((y - 1) * width) + x] && part[((y + 1) * width) + x]))
                {
                    outline++;
                    clear += Clear(edges, x, y, width, 2 * least) ? 1 : 0;
                }
            }
        }

        byte[] full = new byte[fullWidth * fullHeight];
        for (int y = 0; y < height * bin; y++)
        {
            for (int x = 0; x < width * bin; x++)
            {
                full[(y * fullWidth) + x] = part[((y / bin) * width) + (x / bin)] ? (byte)1 : (byte)0;
            }
        }

        Mask mask = Mask.FromPixels(fullWidth, fullHeight, full);
        return new CutOut(mask, mask.Bounds()!.Value, truncated, outline == 0 ? 0 : (double)clear / outline);
    }

    /// <summary>Whether there is a clear edge at a pixel of the outline or right beside it.</summary>
    private static bool Clear(float[] edges, int x, int y, int width, double least) =>
        edges[(y * width) + x] >= least || edges[(y * width) + x - 1] >= least || edges[(y * width) + x + 1] >= least
        || edges[((y - 1) * width) + x] >= least || edges[((y + 1) * width) + x] >= least;
}
