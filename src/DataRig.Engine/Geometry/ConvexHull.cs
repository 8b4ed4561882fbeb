using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>The convex hull of points, by adding one point after the other.</summary>
internal static class ConvexHull
{
    /// <summary>In mm.</summary>
    private const float FlatBelow = 1e-4f;

    private const int Enough = 400;

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

        (int[] first, float height) = Start(points);
        if (height <= FlatBelow)
        {
            throw new ArgumentException("the points lie in one plane", nameof(points));
        }

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

    /// <summary>The points that their hull's corners are among, and few others: boxes around them hold all the points.</summary>
    public static IReadOnlyList<Vector3> Corners(IReadOnlyList<Vector3> points)
    {
        if (points.Count <= Enough || IsFlat(points))
        {
            return points;
        }

        // Most points lie within the hull of a few, and need not be looked at one after the other.
        IReadOnlyList<Vector3> few = Few(points);
        Plane[] sides = [.. Triangles(few).Select(t => Plane.CreateFromVertices(few[t.A], few[t.B], few[t.C]))];
        Vector3[] left = [.. few.Concat(points.Where(p => Array.Exists(sides, s => Plane.DotCoordinate(s, p) > 0))).Distinct()];
        return [.. Triangles(left).SelectMany(t => new[] { t.A, t.B, t.C }).Distinct().Select(i => left[i])];
    }

    /// <summary>Few of many points, whose hull is all but theirs: the farthest in each of many directions.</summary>
    public static IReadOnlyList<Vector3> Few(IReadOnlyList<Vector3> points)
    {
        if (points.Count <= Enough)
        {
            return points;
        }

        Vector3[] directions = [Vector3.UnitX, -Vector3.UnitX, Vector3.UnitY, -Vector3.UnitY, Vector3.UnitZ, -Vector3.UnitZ, .. Enumerable.Range(0, Enough).Select(Sunflower)];
        return [.. directions.Select(d => points.MaxBy(p => Vector3.Dot(p, d))).Distinct()];

        // Directions spread over a ball like seeds over a sunflower.
        static Vector3 Sunflower(int i)
        {
            float z = 1 - ((2 * i) + 1f) / Enough;
            (float sin, float cos) = MathF.SinCos(i * 2.39996323f);
            return new(MathF.Sqrt(1 - (z * z)) * cos, MathF.Sqrt(1 - (z * z)) * sin, z);
        }
    }

    /// <summary>The centre of mass of what the points' hull holds; of points in one plane their middle.</summary>
    public static Vector3 Center(IReadOnlyList<Vector3> points)
    {
        Vector3 middle = points.Aggregate(Vector3.Add) / points.Count;
        double volume = 0;
        Vector3 moment = default;
        foreach ((int a, int b, int c) in IsFlat(points) ? [] : Triangles(points))
        {
            float part = Vector3.Dot(points[a] - middle, Vector3.Cross(points[b] - middle, points[c] - middle));
            volume += part;
            moment += (points[a] + points[b] + points[c] - (3 * middle)) * (part / 4);
        }

        return volume > 0 ? middle + (moment / (float)volume) : middle;
    }

    /// <summary>Whether the points lie in one plane, so that they have no hull.</summary>
    public static bool IsFlat(IReadOnlyList<Vector3> points) => Start(points).Height <= FlatBelow;

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

    /// <summary>Four points that span space, two far apart, one far from their line, one far from their plane; and how far that is.</summary>
    private static (int[] Points, float Height) Start(IReadOnlyList<Vector3> points)
    {
        int[] all = [.. Enumerable.Range(0, points.Count)];
        int a = all.MinBy(i => points[i].X);
        int b = all.MaxBy(i => Vector3.Distance(points[i], points[a]));
        int c = all.MaxBy(i => Vector3.Cross(points[b] - points[a], points[i] - points[a]).Length());
        Vector3 normal = Vector3.Cross(points[b] - points[a], points[c] - points[a]);
        int d = all.MaxBy(i => MathF.Abs(Vector3.Dot(normal, points[i] - points[a])));
        return ([a, b, c, d], normal == default ? 0 : MathF.Abs(Vector3.Dot(Vector3.Normalize(normal), points[d] - points[a])));
    }
}
