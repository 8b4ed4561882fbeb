using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>The convex hull of points, by adding one point after the other.</summary>
internal static class ConvexHull
{
    /// <summary>Counter-clockwise triangles of the hull, seen from outside, as indices into the points.</summary>
    /// <exception cref="ArgumentException">The points lie in one plane.</exception>
    public static List<(int A, int B, int C)> Triangles(IReadOnlyList<Vector3> points)
    {
        // Points of one flat face would leave the order of the sums to decide: judge slightly moved copies instead.
        (double X, double Y, double Z)[] at = [.. points.Select((p, i) => (p.X + Jitter(i, 12.9898), p.Y + Jitter(i, 78.233), p.Z + Jitter(i, 37.719)))];
        double Side((int A, int B, int C) t, int p)
        {
            (double ux, double uy, double uz) = (at[t.B].X - at[t.A].X, at[t.B].Y - at[t.A].Y, at[t.B].Z - at[t.A].Z);
            (double vx, double vy, double vz) = (at[t.C].X - at[t.A].X, at[t.C].Y - at[t.A].Y, at[t.C].Z - at[t.A].Z);
            (double wx, double wy, double wz) = (at[p].X - at[t.A].X, at[p].Y - at[t.A].Y, at[p].Z - at[t.A].Z);
            return (((uy * vz) - (uz * vy)) * wx) + (((uz * vx) - (ux * vz)) * wy) + (((ux * vy) - (uy * vx)) * wz);
        }

        int[] first = Start(points);
        (int a, int b, int c, int d) = (first[0], first[1], first[2], first[3]);
        if (Side((a, b, c), d) > 0)
        {
            (b, c) = (c, b);
        }

        List<(int A, int B, int C)> hull = [(a, b, c), (a, d, b), (b, d, c), (c, d, a)];
        for (int p = 0; p < points.Count; p++)
        {
            if (first.Contains(p))
            {
                continue;
            }

            List<(int A, int B, int C)> seen = hull.FindAll(t => Side(t, p) > 0);
            if (seen.Count == 0)
            {
                continue;
            }

            HashSet<(int, int)> edges = [.. seen.SelectMany(t => new[] { (t.A, t.B), (t.B, t.C), (t.C, t.A) })];
            hull.RemoveAll(t => Side(t, p) > 0);
            hull.AddRange(edges.Where(e => !edges.Contains((e.Item2, e.Item1))).Select(e => (e.Item1, e.Item2, p)));
        }

        return hull;
    }

    /// <summary>The convex hull in the plane, counter-clockwise (Andrew's monotone chain, 1979).</summary>
    public static List<Vector2> Outline(IEnumerable<Vector2> points)
    {
        Vector2[] sorted = [.. points.Distinct().OrderBy(p => p.X).ThenBy(p => p.Y)];
        if (sorted.Length < 3)
        {
            return [.. sorted];
        }

        List<Vector2> outline = [];
        foreach (Vector2[] pass in (Vector2[][])[sorted, [.. sorted.Reverse()]])
        {
            int start = outline.Count;
            foreach (Vector2 point in pass)
            {
                while (outline.Count >= start + 2 && Turn(outline[^2], outline[^1], point) <= 0)
                {
                    outline.RemoveAt(outline.Count - 1);
                }

                outline.Add(point);
            }

            outline.RemoveAt(outline.Count - 1);
        }

        return outline;
    }

    private static float Turn(Vector2 a, Vector2 b, Vector2 c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));

    private static double Jitter(int index, double frequency) => 1e-6 * Math.Sin((index + 1) * frequency);

    /// <summary>Four points that span space: two far apart, one far from their line, one far from their plane.</summary>
    private static int[] Start(IReadOnlyList<Vector3> points)
    {
        int[] all = [.. Enumerable.Range(0, points.Count)];
        int a = all.MinBy(i => points[i].X);
        int b = all.MaxBy(i => Vector3.Distance(points[i], points[a]));
        int c = all.MaxBy(i => Vector3.Cross(points[b] - points[a], points[i] - points[a]).Length());
        Vector3 normal = Vector3.Cross(points[b] - points[a], points[c] - points[a]);
        int d = all.MaxBy(i => MathF.Abs(Vector3.Dot(normal, points[i] - points[a])));
        return MathF.Abs(Vector3.Dot(Vector3.Normalize(normal), points[d] - points[a])) > 1e-4f
            ? [a, b, c, d]
            : throw new ArgumentException("the points lie in one plane", nameof(points));
    }
}
