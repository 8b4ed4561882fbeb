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
public sealed class PlateCutter
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

    private readonly (int Width, int Height) _size;
    private readonly int _bin;
    private readonly int _width;
    private readonly int _height;
    private readonly float[] _table;
    private readonly float[] _doubt;

    /// <param name="plate">The empty table.</param>
    public PlateCutter(Picture plate)
    {
        ArgumentNullException.ThrowIfNull(plate);
        _size = (plate.Width, plate.Height);
        _bin = Math.Max(1, (plate.Width + WorkingWidth - 1) / WorkingWidth);
        (_width, _height) = (plate.Width / _bin, plate.Height / _bin);
        _table = Binned(plate);
        float level = Median(_table, 1);
        _doubt = [.. Regions.Highest(Edges.Response(_table, _width, _height), _width, _height, JpegReach).Select(own => PlateEdgeDoubt * own / level)];
    }

    /// <returns>The outline; null where nothing stands out.</returns>
    /// <exception cref="ArgumentException">The picture is not of the plate's size.</exception>
    public CutOut? Cut(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if ((picture.Width, picture.Height) != _size)
        {
            throw new ArgumentException($"the plate is {_size.Width}x{_size.Height} and the picture {picture.Width}x{picture.Height}", nameof(picture));
        }

        float[] differences = Differences(_table, Binned(picture));
        float[] edges = Edges.Response(differences, _width, _height);
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = Math.Max(0, edges[i] - _doubt[i]);
        }

        (double least, double faintest) = Least(edges);
        bool[] part = Regions.Connected([.. edges.Select(e => e >= least)], [.. edges.Select(e => e >= faintest)], _width, _height);
        part = Regions.Close(part, _width, _height, Math.Max(2, _width / 75));
        part = Regions.Largest(part, _width, _height, (int)(LeastArea * _width * _height));
        if (Array.IndexOf(part, true) < 0)
        {
            return null;
        }

        // The picture's edge is no edge in it: a part that it cuts off is open there.
        part = Regions.CloseAlongEdge(part, _width, _height, EdgeReach, (_width + _height) / 2);

        // What is left to do is done around the part alone.
        Patch patch = Patch.Around(part, _width, _height);
        (part, differences, edges) = (patch.Of(part, 1), patch.Of(differences, 3), patch.Of(edges, 1));
        part = Regions.FillEnclosed(part, patch.Width, patch.Height);
        part = Snap(part, differences, patch.Width, patch.Height);
        part = Regions.Open(part, patch.Width, patch.Height, 1);
        part = Regions.Largest(part, patch.Width, patch.Height, (int)(LeastArea * _width * _height));
        return Array.IndexOf(part, true) >= 0 && Describe(part, edges, least, patch) is { Quality: >= LeastQuality } cut ? cut : null;
    }

    /// <summary>A rectangle of the working picture.</summary>
    private readonly record struct Patch(int Left, int Top, int Width, int Height, int Across)
    {
        public static Patch Around(bool[] part, int width, int height)
        {
            const int Margin = EdgeReach + 3;
            int left = width, right = 0, top = height, bottom = 0;
            for (int i = 0; i < part.Length; i++)
            {
                if (part[i])
                {
                    (left, right) = (Math.Min(left, i % width), Math.Max(right, i % width));
                    (top, bottom) = (Math.Min(top, i / width), Math.Max(bottom, i / width));
                }
            }

            (left, top) = (Math.Max(0, left - Margin), Math.Max(0, top - Margin));
            return new Patch(left, top, Math.Min(width - 1, right + Margin) - left + 1, Math.Min(height - 1, bottom + Margin) - top + 1, width);
        }

        public T[] Of<T>(T[] values, int channels)
        {
            T[] cut = new T[Width * Height * channels];
            for (int y = 0; y < Height; y++)
            {
                Array.Copy(values, (((Top + y) * Across) + Left) * channels, cut, y * Width * channels, Width * channels);
            }

            return cut;
        }
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

    /// <summary>Sums of squares of pixels, [height, width, 3].</summary>
    private float[] Binned(Picture picture)
    {
        float[] binned = new float[_width * _height * 3];
        for (int y = 0; y < _height * _bin; y++)
        {
            int to = y / _bin * _width * 3, from = y * picture.Width * 3;
            for (int x = 0; x < _width; x++, to += 3)
            {
                for (int i = 0; i < _bin; i++, from += 3)
                {
                    binned[to] += picture.Rgb[from];
                    binned[to + 1] += picture.Rgb[from + 1];
                    binned[to + 2] += picture.Rgb[from + 2];
                }
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

    private CutOut Describe(bool[] part, float[] edges, double least, Patch patch)
    {
        int outline = 0, clear = 0;
        bool truncated = false;
        byte[] full = new byte[_size.Width * _size.Height];
        for (int i = 0; i < part.Length; i++)
        {
            if (!part[i])
            {
                continue;
            }

            int x = i % patch.Width, y = i / patch.Width, column = patch.Left + x, row = patch.Top + y;
            Fill(full, column, row);
            truncated |= column == 0 || row == 0 || column == _width - 1 || row == _height - 1;
            bool inside = x > 0 && y > 0 && x < patch.Width - 1 && y < patch.Height - 1;
            if (inside && !(part[i - 1] && part[i + 1] && part[i - patch.Width] && part[i + patch.Width]))
            {
                outline++;
                clear += Clear(edges, i, patch.Width, 2 * least) ? 1 : 0;
            }
        }

        Mask mask = Mask.FromPixels(_size.Width, _size.Height, full);
        return new CutOut(mask, mask.Bounds()!.Value, truncated, outline == 0 ? 0 : (double)clear / outline);
    }

    /// <summary>The pixels of the picture that one of the working picture stands for.</summary>
    private void Fill(byte[] full, int column, int row)
    {
        for (int y = row * _bin; y < (row + 1) * _bin; y++)
        {
            full.AsSpan((y * _size.Width) + (column * _bin), _bin).Fill(1);
        }
    }

    /// <summary>Whether there is a clear edge at a pixel of the outline or right beside it.</summary>
    private static bool Clear(float[] edges, int i, int width, double least) =>
        edges[i] >= least || edges[i - 1] >= least || edges[i + 1] >= least || edges[i - width] >= least || edges[i + width] >= least;
}
