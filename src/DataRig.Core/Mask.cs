namespace DataRig.Core;

/// <summary>
/// A binary mask as run lengths in COCO's order: down the columns from the top left, the first run
/// counts zeros (and may be 0), runs alternate.
/// </summary>
public sealed class Mask
{
    private readonly int[] _counts;

    /// <exception cref="ArgumentException">A run is negative, or the runs do not add up to width x height.</exception>
    public Mask(int width, int height, int[] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        long total = 0;
        foreach (int count in counts)
        {
            if (count < 0)
            {
                throw new ArgumentException($"a run length of {count} is negative", nameof(counts));
            }

            total += count;
        }

        if (total != (long)width * height)
        {
            throw new ArgumentException($"the runs cover {total} pixels of a {width}x{height} mask", nameof(counts));
        }

        Width = width;
        Height = height;
        _counts = counts;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Run lengths: zeros, ones, zeros, ...</summary>
    public IReadOnlyList<int> Counts => _counts;

    /// <summary>Pixels set.</summary>
    public long Area
    {
        get
        {
            long area = 0;
            for (int i = 1; i < _counts.Length; i += 2)
            {
                area += _counts[i];
            }

            return area;
        }
    }

    /// <summary>Whether a pixel is set, found by going along the runs.</summary>
    public bool this[int x, int y]
    {
        get
        {
            int left = (x * Height) + y;
            int run = 0;
            while (run < _counts.Length && (left -= _counts[run]) >= 0)
            {
                run++;
            }

            return (run & 1) == 1;
        }
    }

    /// <summary>From a row-major map; every value other than 0 is set.</summary>
    public static Mask FromPixels(int width, int height, ReadOnlySpan<byte> pixels)
    {
        if (pixels.Length != width * height)
        {
            throw new ArgumentException($"a {width}x{height} mask takes {width * height} bytes, found {pixels.Length}", nameof(pixels));
        }

        List<int> counts = [];
        bool current = false;
        int run = 0;
        for (int x = 0; x < width; x++)
        {
            for (int y = 0; y < height; y++)
            {
                bool set = pixels[(y * width) + x] != 0;
                if (set != current)
                {
                    counts.Add(run);
                    run = 0;
                    current = set;
                }

                run++;
            }
        }

        counts.Add(run);
        return new Mask(width, height, [.. counts]);
    }

    /// <summary>The pixels of a row-major map that hold one value, all of which lie in a box of whole pixels.</summary>
    /// <exception cref="ArgumentException">The box reaches beyond the map.</exception>
    public static Mask FromLabels(int width, int height, ReadOnlySpan<byte> labels, byte label, Box within)
    {
        (int left, int top, int right, int bottom) = ((int)within.X, (int)within.Y, (int)within.Right, (int)within.Bottom);
        if (left < 0 || top < 0 || right > width || bottom > height || labels.Length != width * height)
        {
            throw new ArgumentException($"a box from ({left}, {top}) to ({right}, {bottom}) and {labels.Length} labels do not go with {width}x{height} pixels", nameof(within));
        }

        List<int> counts = [];
        int start = 0; // where the run that is open began, in pixels down the columns
        bool current = false;
        for (int x = left; x < right; x++)
        {
            for (int y = top; y < bottom; y++)
            {
                if ((labels[(y * width) + x] == label) != current)
                {
                    Turn((x * height) + y);
                }
            }

            // A run goes on into the next column only where the box holds both columns whole.
            if (current && (bottom - top < height || (x == right - 1 && right < width)))
            {
                Turn((x * height) + bottom);
            }
        }

        if (start < labels.Length)
        {
            counts.Add(labels.Length - start);
        }

        return new Mask(width, height, [.. counts]);

        void Turn(int at)
        {
            counts.Add(at - start);
            (start, current) = (at, !current);
        }
    }

    /// <summary>A row-major map, 1 where set.</summary>
    public byte[] ToPixels()
    {
        byte[] pixels = new byte[Width * Height];
        int at = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            int end = at + _counts[i];
            if ((i & 1) == 1)
            {
                for (int p = at; p < end; p++)
                {
                    pixels[(p % Height * Width) + (p / Height)] = 1;
                }
            }

            at = end;
        }

        return pixels;
    }

    /// <summary>The tight box around the pixels set, or null for an empty mask.</summary>
    public Box? Bounds()
    {
        int left = int.MaxValue, top = int.MaxValue, right = -1, bottom = -1;
        int at = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            int run = _counts[i];
            if ((i & 1) == 1 && run > 0)
            {
                int last = at + run - 1;
                int firstColumn = at / Height, lastColumn = last / Height;
                left = Math.Min(left, firstColumn);
                right = Math.Max(right, lastColumn);
                bool crosses = firstColumn != lastColumn;
                top = Math.Min(top, crosses ? 0 : at % Height);
                bottom = Math.Max(bottom, crosses ? Height - 1 : last % Height);
            }

            at += run;
        }

        return right < 0 ? null : new Box(left, top, right - left + 1, bottom - top + 1);
    }
}
