namespace DataRig.Core;

/// <summary>Sets of pixels, row-major: the few operations of mathematical morphology (Serra, 1982) that a clean outline takes.</summary>
public static class Regions
{
    /// <summary>Bridges gaps of up to twice the reach.</summary>
    public static bool[] Close(bool[] set, int width, int height, int reach) => Shrink(Grow(set, width, height, reach), width, height, reach);

    /// <summary>Removes what is thinner than twice the reach.</summary>
    public static bool[] Open(bool[] set, int width, int height, int reach) => Grow(Shrink(set, width, height, reach), width, height, reach);

    /// <summary>What of a larger set hangs together with a smaller one (hysteresis; Canny, 1986).</summary>
    public static bool[] Connected(bool[] sure, bool[] possible, int width, int height)
    {
        bool[] connected = [.. sure];
        Stack<int> open = new(Enumerable.Range(0, sure.Length).Where(i => sure[i]));
        while (open.TryPop(out int at))
        {
            int x = at % width, y = at / width;
            for (int ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
            {
                for (int nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                {
                    int next = (ny * width) + nx;
                    if (possible[next] && !connected[next])
                    {
                        connected[next] = true;
                        open.Push(next);
                    }
                }
            }
        }

        return connected;
    }

    /// <summary>
    /// Adds what the set encloses: pixels from which most directions meet it, so that an outline may have a gap. Of sixteen
    /// directions three may get away.
    /// </summary>
    public static bool[] FillEnclosed(bool[] set, int width, int height)
    {
        const int Directions = 16, MayEscape = 3;
        int[] all = [.. Enumerable.Range(0, set.Length).Where(i => set[i])];
        if (all.Length == 0)
        {
            return set;
        }

        int left = all.Min(i => i % width), right = all.Max(i => i % width), top = all.Min(i => i / width), bottom = all.Max(i => i / width);
        bool[] filled = [.. set];
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                int escaped = 0;
                for (int direction = 0; direction < Directions && escaped <= MayEscape && !filled[(y * width) + x]; direction++)
                {
                    (double sin, double cos) = Math.SinCos(2 * Math.PI * direction / Directions);
                    escaped += Meets(set, width, x, y, cos, sin, left, top, right, bottom) ? 0 : 1;
                }

                filled[(y * width) + x] |= escaped <= MayEscape;
            }
        }

        return filled;
    }

    private static bool Meets(bool[] set, int width, int x, int y, double cos, double sin, int left, int top, int right, int bottom)
    {
        for (int step = 1; ; step++)
        {
            int nx = (int)Math.Round(x + (cos * step)), ny = (int)Math.Round(y + (sin * step));
            if (nx < left || nx > right || ny < top || ny > bottom)
            {
                return false;
            }

            if (set[(ny * width) + nx])
            {
                return true;
            }
        }
    }

    /// <summary>The largest 8-connected patch; nothing where it is smaller than wanted.</summary>
    public static bool[] Largest(bool[] set, int width, int height, int leastArea)
    {
        int[] labels = Label(set, width, height, out int count);
        int[] areas = new int[count + 1];
        foreach (int label in labels.Where(l => l > 0))
        {
            areas[label]++;
        }

        int largest = Array.IndexOf(areas, areas.Max());
        return [.. labels.Select(l => l > 0 && l == largest && areas[l] >= leastArea)];
    }

    /// <summary>Numbers the 8-connected patches from 1; 0 is what belongs to none.</summary>
    public static int[] Label(bool[] set, int width, int height, out int count)
    {
        int[] labels = new int[set.Length];
        Stack<int> open = new();
        count = 0;
        for (int start = 0; start < set.Length; start++)
        {
            if (!set[start] || labels[start] != 0)
            {
                continue;
            }

            labels[start] = ++count;
            open.Push(start);
            while (open.TryPop(out int at))
            {
                int x = at % width, y = at / width;
                for (int ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
                {
                    for (int nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                    {
                        int next = (ny * width) + nx;
                        if (set[next] && labels[next] == 0)
                        {
                            labels[next] = count;
                            open.Push(next);
                        }
                    }
                }
            }
        }

        return labels;
    }

    /// <summary>The highest value of the square around each pixel; rows first, then columns.</summary>
    public static float[] Highest(float[] values, int width, int height, int reach)
    {
        float[] rows = new float[values.Length], both = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int x = i % width, row = i - x;
            for (int nx = Math.Max(0, x - reach); nx <= Math.Min(width - 1, x + reach); nx++)
            {
                rows[i] = Math.Max(rows[i], values[row + nx]);
            }
        }

        for (int i = 0; i < values.Length; i++)
        {
            int x = i % width, y = i / width;
            for (int ny = Math.Max(0, y - reach); ny <= Math.Min(height - 1, y + reach); ny++)
            {
                both[i] = Math.Max(both[i], rows[(ny * width) + x]);
            }
        }

        return both;
    }

    /// <summary>Adds every pixel within the reach.</summary>
    public static bool[] Grow(bool[] set, int width, int height, int reach) => Square(set, width, height, reach, any: true);

    /// <summary>Beyond the picture's edge the set goes on as it ends, so that a part that is cut off by it stays.</summary>
    public static bool[] Shrink(bool[] set, int width, int height, int reach) => Square(set, width, height, reach, any: false);

    /// <summary>Whether any or all pixels of the square around each are in the set; rows first, then columns.</summary>
    private static bool[] Square(bool[] set, int width, int height, int reach, bool any)
    {
        bool[] rows = new bool[set.Length], both = new bool[set.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool found = !any;
                for (int nx = Math.Max(0, x - reach); nx <= Math.Min(width - 1, x + reach) && found != any; nx++)
                {
                    found = set[(y * width) + nx] == any ? any : found;
                }

                rows[(y * width) + x] = found;
            }
        }

        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool found = !any;
                for (int ny = Math.Max(0, y - reach); ny <= Math.Min(height - 1, y + reach) && found != any; ny++)
                {
                    found = rows[(ny * width) + x] == any ? any : found;
                }

                both[(y * width) + x] = found;
            }
        }

        return both;
    }
}
