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
    /// Adds what the set encloses: pixels from which the ways along rows, columns and diagonals meet it, so that an outline may
    /// have a gap. Of the eight ways one may get away.
    /// </summary>
    public static bool[] FillEnclosed(bool[] set, int width, int height)
    {
        const int Ways = 8, MayEscape = 1;
        byte[] met = new byte[set.Length];
        bool[] meets = new bool[set.Length];
        for (int way = 0; way < 9; way++)
        {
            (int dx, int dy) = ((way % 3) - 1, (way / 3) - 1);
            if ((dx, dy) == (0, 0))
            {
                continue;
            }

            // Each pixel asks its neighbour on the way, which has been asked before it.
            for (int row = 0; row < height; row++)
            {
                int y = dy > 0 ? height - 1 - row : row, ny = y + dy;
                for (int column = 0; column < width; column++)
                {
                    int x = dx > 0 ? width - 1 - column : column, nx = x + dx, i = (y * width) + x, next = (ny * width) + nx;
                    meets[i] = nx >= 0 && ny >= 0 && nx < width && ny < height && (set[next] || meets[next]);
                    met[i] += meets[i] ? (byte)1 : (byte)0;
                }
            }
        }

        return [.. set.Select((s, i) => s || met[i] >= Ways - MayEscape)];
    }

    /// <summary>
    /// Closes an outline that the picture's edge cuts off: between two places where it comes within reach of the edge the edge
    /// itself belongs to it, unless that is a longer way round than wanted.
    /// </summary>
    public static bool[] CloseAlongEdge(bool[] set, int width, int height, int reach, int longest)
    {
        int[] edge =
        [
            .. Enumerable.Range(0, width),
            .. Enumerable.Range(1, height - 1).Select(y => (y * width) + width - 1),
            .. Enumerable.Range(1, width - 1).Select(x => (height * width) - 1 - x),
            .. Enumerable.Range(1, Math.Max(0, height - 2)).Select(y => (height - 1 - y) * width),
        ];
        bool[] touched = [.. edge.Select(i => IsNear(i % width, i / width))], closed = [.. set];
        int gap = edge.Length - 1 - Array.LastIndexOf(touched, true); // the way round goes on where it began
        for (int at = 0; at < edge.Length; at++, gap++)
        {
            if (touched[at])
            {
                for (int back = 1; gap <= longest && back <= gap; back++)
                {
                    closed[edge[(at - back + edge.Length) % edge.Length]] = true;
                }

                gap = -1;
            }
        }

        return closed;

        bool IsNear(int x, int y)
        {
            for (int ny = Math.Max(0, y - reach); ny <= Math.Min(height - 1, y + reach); ny++)
            {
                for (int nx = Math.Max(0, x - reach); nx <= Math.Min(width - 1, x + reach); nx++)
                {
                    if (set[(ny * width) + nx])
                    {
                        return true;
                    }
                }
            }

            return false;
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
        for (int y = 0; y < height; y++)
        {
            HighestOnLine(values, rows, y * width, 1, width, reach);
        }

        for (int x = 0; x < width; x++)
        {
            HighestOnLine(rows, both, x, width, height, reach);
        }

        return both;
    }

    /// <summary>A queue of falling values: its first is the highest within reach (Lemire, 2006).</summary>
    private static void HighestOnLine(float[] values, float[] highest, int start, int stride, int length, int reach)
    {
        int[] queue = new int[length];
        int first = 0, end = 0;
        for (int ahead = 0; ahead < length + reach; ahead++)
        {
            if (ahead < length)
            {
                while (end > first && values[start + (queue[end - 1] * stride)] <= values[start + (ahead * stride)])
                {
                    end--;
                }

                queue[end++] = ahead;
            }

            int at = ahead - reach;
            if (at >= 0)
            {
                first += queue[first] < at - reach ? 1 : 0;
                highest[start + (at * stride)] = values[start + (queue[first] * stride)];
            }
        }
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
            Line(set, rows, y * width, 1, width, reach, any);
        }

        for (int x = 0; x < width; x++)
        {
            Line(rows, both, x, width, height, reach, any);
        }

        return both;
    }

    /// <summary>The same along one line, by counting what comes into reach and what leaves it.</summary>
    private static void Line(bool[] set, bool[] found, int start, int stride, int length, int reach, bool any)
    {
        int within = 0;
        for (int i = 0; i < Math.Min(reach, length); i++)
        {
            within += set[start + (i * stride)] ? 1 : 0;
        }

        for (int i = 0; i < length; i++)
        {
            within += i + reach < length && set[start + ((i + reach) * stride)] ? 1 : 0;
            within -= i - reach > 0 && set[start + ((i - reach - 1) * stride)] ? 1 : 0;
            int size = Math.Min(length - 1, i + reach) - Math.Max(0, i - reach) + 1;
            found[start + (i * stride)] = any ? within > 0 : within == size;
        }
    }
}
