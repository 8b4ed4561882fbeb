using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>Makes a surface into a mesh that can be shaded: short edges, and a normal for each corner.</summary>
internal static class Shading
{
    /// <summary>Edges at which the surface turns by less than 40 degrees are drawn round.</summary>
    private const float RoundBelow = 0.766f;

    /// <summary>Cuts edges in halves until none is longer; light that is computed at vertices needs them close.</summary>
    /// <param name="surface">Welded.</param>
    /// <param name="longest">In mm.</param>
    /// <param name="triangles">No further cut is begun with this many.</param>
    public static Surface Split(Surface surface, float longest, int triangles)
    {
        List<Vector3> positions = [.. surface.Positions];
        int[] indices = surface.Indices;
        bool cut = true;
        while (cut && indices.Length / 3 < triangles)
        {
            cut = false;
            Dictionary<(int, int), int> middles = [];
            List<int> halves = new(indices.Length);
            for (int t = 0; t < indices.Length; t += 3)
            {
                (int a, int b, int c) = (indices[t], indices[t + 1], indices[t + 2]);
                (int ab, int bc, int ca) = (Middle(a, b), Middle(b, c), Middle(c, a));
                halves.AddRange((ab >= 0, bc >= 0, ca >= 0) switch
                {
                    (false, false, false) => [a, b, c],
                    (true, false, false) => [a, ab, c, ab, b, c],
                    (false, true, false) => [b, bc, a, bc, c, a],
                    (false, false, true) => [c, ca, b, ca, a, b],
                    (true, true, false) => [ab, b, bc, a, ab, bc, a, bc, c],
                    (false, true, true) => [bc, c, ca, b, bc, ca, b, ca, a],
                    (true, false, true) => [ca, a, ab, c, ca, ab, c, ab, b],
                    (true, true, true) => (int[])[a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca],
                });
            }

            indices = [.. halves];

            // The same for both triangles at an edge, so that no crack opens.
            int Middle(int a, int b)
            {
                if (Vector3.DistanceSquared(positions[a], positions[b]) <= longest * longest)
                {
                    return -1;
                }

                (int, int) key = (Math.Min(a, b), Math.Max(a, b));
                if (!middles.TryGetValue(key, out int middle))
                {
                    middle = positions.Count;
                    middles.Add(key, middle);
                    positions.Add((positions[a] + positions[b]) / 2);
                    cut = true;
                }

                return middle;
            }
        }

        return new([.. positions], indices);
    }

    /// <summary>A mesh with normals that are smooth but at sharp edges.</summary>
    /// <param name="surface">Welded.</param>
    /// <param name="twoSided">Every triangle a second time, facing the other way: for what has no inside.</param>
    public static Mesh ToMesh(Surface surface, bool twoSided)
    {
        int[] indices = surface.Indices;
        Vector3[] weighted = new Vector3[indices.Length / 3];
        List<int>[] around = new List<int>[surface.Positions.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            (around[indices[i]] ??= new(6)).Add(i / 3);
            if (i % 3 == 0)
            {
                (Vector3 a, Vector3 b, Vector3 c) = (surface.Positions[indices[i]], surface.Positions[indices[i + 1]], surface.Positions[indices[i + 2]]);
                weighted[i / 3] = Vector3.Cross(b - a, c - a);
            }
        }

        Vector3[] facing = [.. weighted.Select(Vector3.Normalize)];
        Dictionary<(int, Vector3), int> vertices = [];
        List<Vector3> positions = [], normals = [];
        List<int> corners = new(indices.Length * (twoSided ? 2 : 1));
        for (int i = 0; i < indices.Length; i++)
        {
            Vector3 sum = default;
            foreach (int t in around[indices[i]])
            {
                sum += Vector3.Dot(facing[t], facing[i / 3]) > RoundBelow ? weighted[t] : default;
            }

            corners.Add(Vertex(indices[i], Loops.Snap(Vector3.Normalize(sum))));
        }

        for (int i = 0; twoSided && i < indices.Length; i += 3)
        {
            foreach (int c in (ReadOnlySpan<int>)[i, i + 2, i + 1])
            {
                corners.Add(Vertex(indices[c], -Loops.Snap(normals[corners[c]])));
            }
        }

        return new([.. positions], [.. normals], [.. corners]);

        int Vertex(int point, Vector3 normal)
        {
            if (!vertices.TryGetValue((point, normal), out int vertex))
            {
                vertex = positions.Count;
                vertices.Add((point, normal), vertex);
                positions.Add(surface.Positions[point]);
                normals.Add(Vector3.Normalize(normal));
            }

            return vertex;
        }
    }
}
