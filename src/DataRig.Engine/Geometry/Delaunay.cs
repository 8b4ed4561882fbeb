using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>
/// Fills a flat polygon with holes with well-shaped triangles: a Delaunay triangulation (Bowyer 1981, Watson
/// 1981) of its border and of a grid of points inside, of which the triangles inside the polygon are kept.
/// </summary>
internal static class Delaunay
{
    /// <param name="loops">The outer border and the holes; which is which follows from even-odd counting.</param>
    /// <param name="hints">Further points inside that must become vertices.</param>
    /// <param name="spacing">Distance of the grid's points.</param>
    /// <returns>All points (the loops' first, in their order) and counter-clockwise triangles.</returns>
    /// <exception cref="InvalidOperationException">An edge of the border is too long to come out as an edge of a triangle.</exception>
    public static (List<Vector2> Points, List<(int A, int B, int C)> Triangles) Fill(IReadOnlyList<Vector2[]> loops, IReadOnlyList<Vector2> hints, float spacing)
    {
        List<Vector2> points = [.. loops.SelectMany(l => l), .. hints];
        AddGrid(points, loops, spacing);
        List<(int A, int B, int C)> kept = [];
        foreach ((int a, int b, int c) in Triangulate(points))
        {
            Vector2 middle = (points[a] + points[b] + points[c]) / 3;
            if (Cross(points[a], points[b], points[c]) > 1e-4f && Inside(middle, loops))
            {
                kept.Add((a, b, c));
            }
        }

        RequireBorder(loops, kept);
        return (points, kept);
    }

    private static void AddGrid(List<Vector2> points, IReadOnlyList<Vector2[]> loops, float spacing)
    {
        Vector2 low = new(float.MaxValue), high = new(float.MinValue);
        foreach (Vector2 point in loops.SelectMany(l => l))
        {
            (low, high) = (Vector2.Min(low, point), Vector2.Max(high, point));
        }

        Vector2 count = (high - low) / spacing;
        (int across, int down) = ((int)MathF.Round(count.X), (int)MathF.Round(count.Y));
        int given = points.Count;
        float apart = spacing * 0.45f;
        for (int j = 1; j < down; j++)
        {
            for (int i = 1; i < across; i++)
            {
                Vector2 point = low + ((high - low) * new Vector2((float)i / across, (float)j / down));
                if (Inside(point, loops) && points.Take(given).All(p => Vector2.Distance(p, point) > apart))
                {
                    points.Add(point);
                }
            }
        }
    }

    private static List<(int A, int B, int C)> Triangulate(List<Vector2> points)
    {
        int count = points.Count;
        // Points on one line or one circle would leave the result to rounding: judge slightly moved copies instead.
        List<(double X, double Y)> at = [.. points.Select((p, i) => (p.X + (1e-5 * Math.Sin(i * 12.9898)), p.Y + (1e-5 * Math.Sin(i * 78.233))))];
        at.AddRange([(-1e4, -1e4), (1e4, -1e4), (0, 1e4)]);
        List<(int A, int B, int C)> triangles = [(count, count + 1, count + 2)];
        Dictionary<(int, int), bool> border = [];
        for (int p = 0; p < count; p++)
        {
            border.Clear();
            for (int t = triangles.Count - 1; t >= 0; t--)
            {
                (int a, int b, int c) = triangles[t];
                if (InCircle(at[a], at[b], at[c], at[p]))
                {
                    triangles[t] = triangles[^1];
                    triangles.RemoveAt(triangles.Count - 1);
                    Toggle(border, a, b);
                    Toggle(border, b, c);
                    Toggle(border, c, a);
                }
            }

            triangles.AddRange(border.Keys.Select(e => (e.Item1, e.Item2, p)));
        }

        triangles.RemoveAll(t => t.A >= count || t.B >= count || t.C >= count);
        return triangles;
    }

    /// <summary>An edge that two removed triangles share is inside the hole they leave, not on its border.</summary>
    private static void Toggle(Dictionary<(int, int), bool> border, int a, int b)
    {
        if (!border.Remove((b, a)))
        {
            border.Add((a, b), true);
        }
    }

    private static bool InCircle((double X, double Y) a, (double X, double Y) b, (double X, double Y) c, (double X, double Y) p)
    {
        (double ax, double ay, double bx, double by, double cx, double cy) = (a.X - p.X, a.Y - p.Y, b.X - p.X, b.Y - p.Y, c.X - p.X, c.Y - p.Y);
        return (((ax * ax) + (ay * ay)) * ((bx * cy) - (cx * by)))
            - (((bx * bx) + (by * by)) * ((ax * cy) - (cx * ay)))
            + (((cx * cx) + (cy * cy)) * ((ax * by) - (bx * ay))) > 0;
    }

    private static bool Inside(Vector2 point, IReadOnlyList<Vector2[]> loops)
    {
        bool inside = false;
        foreach (Vector2[] loop in loops)
        {
            for (int i = 0, j = loop.Length - 1; i < loop.Length; j = i++)
            {
                if (loop[i].Y > point.Y != loop[j].Y > point.Y
                    && point.X < ((loop[j].X - loop[i].X) * (point.Y - loop[i].Y) / (loop[j].Y - loop[i].Y)) + loop[i].X)
                {
                    inside = !inside;
                }
            }
        }

        return inside;
    }

    private static void RequireBorder(IReadOnlyList<Vector2[]> loops, List<(int A, int B, int C)> triangles)
    {
        HashSet<(int, int)> edges = [.. triangles.SelectMany(t => new[] { (t.A, t.B), (t.B, t.C), (t.C, t.A) })];
        int first = 0;
        foreach (Vector2[] loop in loops)
        {
            for (int i = 0; i < loop.Length; i++)
            {
                (int a, int b) = (first + i, first + ((i + 1) % loop.Length));
                if (!edges.Contains((a, b)) && !edges.Contains((b, a)))
                {
                    throw new InvalidOperationException($"the border from {loop[i]} to {loop[(i + 1) % loop.Length]} is no edge of the triangulation");
                }
            }

            first += loop.Length;
        }
    }

    private static float Cross(Vector2 a, Vector2 b, Vector2 c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
