using DataRig.Core;

namespace DataRig.Learning.Finding;

/// <summary>Connected patches of pixels.</summary>
internal static class Blobs
{
    /// <summary>A patch below this share of the picture is dust.</summary>
    private const double LeastArea = 0.0008;

    /// <summary>Patches of at least this share of the strongest one's strength, close to it, are parts of the same thing.</summary>
    private const double LeastShare = 0.02;

    /// <summary>How far apart such patches may lie, as a share of the picture's width.</summary>
    private const double Reach = 0.08;

    /// <summary>The box around the sharpest thing on the table, or null where there is none.</summary>
    /// <param name="strength">How sharp each pixel is, row-major; 0 is nothing.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    public static Box? Main(float[] strength, int width, int height)
    {
        int[] labels = Regions.Label([.. strength.Select(s => s > 0)], width, height, out int count);
        Blob[] blobs = [.. Enumerable.Range(0, count + 1).Select(_ => new Blob())];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] > 0)
            {
                blobs[labels[i]].Add(i % width, i / width, strength[i]);
            }
        }

        Blob? main = blobs.Skip(1).Where(b => b.Area >= LeastArea * width * height).MaxBy(b => b.Strength);
        if (main is null)
        {
            return null;
        }

        Blob whole = new();
        whole.Add(main);
        List<Blob> others = [.. blobs.Skip(1).Where(b => b != main && b.Strength >= LeastShare * main.Strength)];
        while (others.FindIndex(b => b.DistanceTo(whole) <= Reach * width) is >= 0 and int next)
        {
            whole.Add(others[next]);
            others.RemoveAt(next);
        }

        // The response to an edge reaches a pixel beyond it.
        (int across, int down) = (Math.Max(1, whole.Right - whole.Left - 1), Math.Max(1, whole.Bottom - whole.Top - 1));
        return new Box((whole.Left + whole.Right + 1 - across) / 2.0, (whole.Top + whole.Bottom + 1 - down) / 2.0, across, down);
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
