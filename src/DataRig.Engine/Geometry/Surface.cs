using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>Triangles between points that they share, without normals: what meshes from files are worked on as.</summary>
/// <param name="Positions">In mm.</param>
/// <param name="Indices">Three a triangle, counter-clockwise seen from outside.</param>
internal sealed record Surface(Vector3[] Positions, int[] Indices)
{
    public int TriangleCount => Indices.Length / 3;

    /// <summary>The smallest and largest coordinates of points that are used.</summary>
    public (Vector3 Low, Vector3 High) Bounds()
    {
        Vector3 low = new(float.MaxValue), high = new(float.MinValue);
        foreach (int i in Indices)
        {
            (low, high) = (Vector3.Min(low, Positions[i]), Vector3.Max(high, Positions[i]));
        }

        return (low, high);
    }

    /// <summary>A box with the origin in the middle of its bottom.</summary>
    public static Surface Box(Vector3 size)
    {
        Vector3[] corners = [.. Enumerable.Range(0, 8).Select(i => new Vector3((i & 1) - 0.5f, ((i >> 1) & 1) - 0.5f, i >> 2) * size)];
        return new(corners, [0, 2, 3, 0, 3, 1, 4, 5, 7, 4, 7, 6, 0, 1, 5, 0, 5, 4, 2, 6, 7, 2, 7, 3, 0, 4, 6, 0, 6, 2, 1, 3, 7, 1, 7, 5]);
    }

    /// <summary>An upright cylinder with the origin in the middle of its bottom.</summary>
    public static Surface Cylinder(float radius, float height, int segments)
    {
        Vector3[] ring = Loops.Circle(default, Vector3.UnitX, Vector3.UnitY, radius, segments);
        Vector3[] positions = [.. ring, .. Loops.Shift(ring, Vector3.UnitZ * height), default, Vector3.UnitZ * height];
        List<int> indices = [];
        for (int i = 0; i < segments; i++)
        {
            int j = (i + 1) % segments;
            indices.AddRange([i, j, segments + j, i, segments + j, segments + i, 2 * segments, j, i, (2 * segments) + 1, segments + i, segments + j]);
        }

        return new(positions, [.. indices]);
    }

    /// <summary>The points moved; a mirroring turns the triangles over.</summary>
    public Surface Transform(Matrix4x4 by)
    {
        int[] indices = [.. Indices];
        for (int i = 0; i < indices.Length && by.GetDeterminant() < 0; i += 3)
        {
            (indices[i], indices[i + 1]) = (indices[i + 1], indices[i]);
        }

        return new([.. Positions.Select(p => Vector3.Transform(p, by))], indices);
    }

    /// <summary>Makes points that lie close together one point, and drops triangles that have no area left or stand twice.</summary>
    /// <param name="within">How close, in mm.</param>
    public Surface Weld(float within)
    {
        Dictionary<Vector3, int> exact = [];
        Dictionary<(long, long, long), int> cells = [];
        List<Vector3> kept = [];
        List<int> before = []; // the point kept before in the same cell, or -1
        int[] to = new int[Positions.Length];
        for (int i = 0; i < to.Length; i++)
        {
            Vector3 at = Positions[i];
            if (!exact.TryGetValue(at, out to[i]))
            {
                to[i] = Near(at);
                exact.Add(at, to[i]);
            }
        }

        HashSet<(int, int, int)> seen = [];
        List<int> indices = new(Indices.Length);
        for (int i = 0; i < Indices.Length; i += 3)
        {
            (int a, int b, int c) = (to[Indices[i]], to[Indices[i + 1]], to[Indices[i + 2]]);
            bool flat = a == b || b == c || c == a || Vector3.Cross(kept[b] - kept[a], kept[c] - kept[a]).Length() < within * within * 0.01f;
            if (!flat && seen.Add(Sorted(a, b, c)))
            {
                indices.AddRange([a, b, c]);
            }
        }

        return new([.. kept], [.. indices]);

        int Near(Vector3 at)
        {
            // Cells of twice the distance, shifted by half a cell: a point's neighbours are in the eight around it.
            (double x, double y, double z) = (at.X / (2.0 * within), at.Y / (2.0 * within), at.Z / (2.0 * within));
            for (int n = 0; n < 8; n++)
            {
                var cell = ((long)Math.Floor(x + ((n & 1) - 0.5)), (long)Math.Floor(y + (((n >> 1) & 1) - 0.5)), (long)Math.Floor(z + ((n >> 2) - 0.5)));
                for (int other = cells.GetValueOrDefault(cell, -1); other >= 0; other = before[other])
                {
                    if (Vector3.Distance(kept[other], at) <= within)
                    {
                        return other;
                    }
                }
            }

            var own = ((long)Math.Floor(x), (long)Math.Floor(y), (long)Math.Floor(z));
            before.Add(cells.GetValueOrDefault(own, -1));
            cells[own] = kept.Count;
            kept.Add(at);
            return kept.Count - 1;
        }
    }

    private static (int, int, int) Sorted(int a, int b, int c)
    {
        int low = Math.Min(a, Math.Min(b, c)), high = Math.Max(a, Math.Max(b, c));
        return (low, a + b + c - low - high, high);
    }
}
