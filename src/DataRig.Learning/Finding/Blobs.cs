using DataRig.Core;

namespace DataRig.Learning.Finding;

/// <summary>Connected patches of pixels.</summary>
internal static class Blobs
{
    /// <summary>A patch below this share of the picture is dust.</summary>
    private const double LeastArea = 0.0008;

    /// <summary>Patches of at least this share of the strongest one's strength, close to it, are parts of the same thing.</summary>
    private const double LeastShare = 0.05;

    /// <summary>How far apart such patches may lie, as a share of the picture's width.</summary>
    private const double Reach = 0.05;

    /// <summary>The box around the strongest thing on the table, or null where there is none.</summary>
    public static Box? Main(Contrast contrast, bool[] onTable, int width, int height)
    {
        bool[] candidates = new bool[onTable.Length];
        for (int i = 0; i < candidates.Length; i++)
        {
            candidates[i] = contrast.Differs[i] && onTable[i];
        }

        int[] labels = Label(candidates, width, height, out int count);
        Blob[] blobs = [.. Enumerable.Range(0, count + 1).Select(_ => new Blob())];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] > 0)
            {
                blobs[labels[i]].Add(i % width, i / width, contrast.Strength[i]);
            }
        }

        Blob? main = blobs.Skip(1).Where(b => b.Area >= LeastArea * width * height).MaxBy(b => b.Strength);
        if (main is null)
        {
            return null;
        }

        Blob whole = new();
        whole.Add(main);
        foreach (Blob other in blobs.Skip(1).Where(b => b != main && b.Strength >= LeastShare * main.Strength))
        {
            if (other.DistanceTo(main) <= Reach * width)
            {
                whole.Add(other);
            }
        }

        return new Box(whole.Left, whole.Top, whole.Right - whole.Left + 1, whole.Bottom - whole.Top + 1);
    }

    /// <summary>Numbers the 8-connected patches from 1; 0 is what belongs to none.</summary>
    public static int[] Label(bool[] pixels, int width, int height, out int count)
    {
        int[] labels = new int[pixels.Length];
        Stack<int> open = new();
        count = 0;
        for (int start = 0; start < pixels.Length; start++)
        {
            if (!pixels[start] || labels[start] != 0)
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
                        int neighbour = (ny * width) + nx;
                        if (pixels[neighbour] && labels[neighbour] == 0)
                        {
                            labels[neighbour] = count;
                            open.Push(neighbour);
                        }
                    }
                }
            }
        }

        return labels;
    }

    private sealed class Blob
    {
        public int Left { get; private set; } = int.MaxValue;

        public int Top { get; private set; } = int.MaxValue;

        public int Right { get; private set; } = -1;

        public int Bottom { get; private set; } = -1;

        public int Area { get; private set; }

        public double Strength { get; private set; }

        public void Add(int x, int y, float strength)
        {
            (Left, Right) = (Math.Min(Left, x), Math.Max(Right, x));
            (Top, Bottom) = (Math.Min(Top, y), Math.Max(Bottom, y));
            Area++;
            Strength += strength;
        }

        public void Add(Blob other)
        {
            (Left, Right) = (Math.Min(Left, other.Left), Math.Max(Right, other.Right));
            (Top, Bottom) = (Math.Min(Top, other.Top), Math.Max(Bottom, other.Bottom));
            Area += other.Area;
            Strength += other.Strength;
        }

        /// <summary>Pixels between the two boxes along the farther axis.</summary>
        public int DistanceTo(Blob other) => Math.Max(
            Math.Max(other.Left - Right, Left - other.Right),
            Math.Max(other.Top - Bottom, Top - other.Bottom));
    }
}
