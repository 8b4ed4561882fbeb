using DataRig.Core;

namespace DataRig.Learning.Finding;

/// <summary>The table's outline: the convex hull of the largest patch of pixels that follow the table.</summary>
internal static class TableOutline
{
    /// <summary>How far inside the hull a pixel must lie: along the table's edge pixels mix with the backdrop.</summary>
    private const double Margin = 3.5;

    /// <returns>For each pixel, row-major, whether it lies on the table.</returns>
    public static bool[] Inside(bool[] followsTable, int width, int height)
    {
        int[] labels = Regions.Label(followsTable, width, height, out int count);
        bool[] inside = new bool[width * height];
        if (count == 0)
        {
            Array.Fill(inside, true);
            return inside;
        }

        int[] areas = new int[count + 1];
        foreach (int label in labels)
        {
            areas[label]++;
        }

        areas[0] = 0;
        int table = Array.IndexOf(areas, areas.Max());
        (double A, double B, double C)[] lines = Lines(Hull(labels, table, width, height), width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool within = true;
                foreach ((double a, double b, double c) in lines)
                {
                    within &= (a * x) + (b * y) + c >= 0;
                }

                inside[(y * width) + x] = within;
            }
        }

        return inside;
    }

    /// <summary>Andrew's monotone chain (1979) over the leftmost and rightmost pixel of each row.</summary>
    private static List<(int X, int Y)> Hull(int[] labels, int table, int width, int height)
    {
        List<(int X, int Y)> ends = [];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<int> row = labels.AsSpan(y * width, width);
            int first = row.IndexOf(table), last = row.LastIndexOf(table);
            if (first >= 0)
            {
                ends.Add((first, y));
                ends.Add((last, y));
            }
        }

        ends = [.. ends.Distinct().Order()];
        List<(int X, int Y)> hull = [];
        AddChain(hull, ends);
        ends.Reverse();
        AddChain(hull, ends);
        return hull;
    }

    private static void AddChain(List<(int X, int Y)> hull, List<(int X, int Y)> points)
    {
        int start = hull.Count;
        foreach ((int X, int Y) point in points)
        {
            while (hull.Count >= start + 2 && Cross(hull[^2], hull[^1], point) <= 0)
            {
                hull.RemoveAt(hull.Count - 1);
            }

            hull.Add(point);
        }

        // Its last point is the other chain's first.
        if (hull.Count > start + 1)
        {
            hull.RemoveAt(hull.Count - 1);
        }
    }

    /// <summary>The hull's edges as lines with inward unit normals: a point lies inside by a x + b y + c pixels.</summary>
    private static (double A, double B, double C)[] Lines(List<(int X, int Y)> hull, int width, int height)
    {
        List<(double, double, double)> lines = [];
        for (int i = 0; i < hull.Count; i++)
        {
            (int X, int Y) from = hull[i], to = hull[(i + 1) % hull.Count];
            double dx = to.X - from.X, dy = to.Y - from.Y, length = Math.Sqrt((dx * dx) + (dy * dy));
            if (length > 0)
            {
                // Where the picture cuts the table off there is no edge to keep away from.
                bool cut = (from.X == to.X && (from.X == 0 || from.X == width - 1)) || (from.Y == to.Y && (from.Y == 0 || from.Y == height - 1));
                lines.Add((-dy / length, dx / length, (((dy * from.X) - (dx * from.Y)) / length) - (cut ? 0 : Margin)));
            }
        }

        return [.. lines];
    }

    private static double Cross((int X, int Y) a, (int X, int Y) b, (int X, int Y) c) =>
        ((double)(b.X - a.X) * (c.Y - a.Y)) - ((double)(b.Y - a.Y) * (c.X - a.X));
}
