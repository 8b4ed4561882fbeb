using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>Asks whether and where a ray meets a mesh, through a tree of boxes split at their middles.</summary>
internal sealed class RayCaster
{
    private const int LeafSize = 4;

    private readonly List<Node> _nodes = [];
    private readonly Vector3[] _corners;

    public RayCaster(Mesh mesh)
    {
        (Vector3[] Corners, Vector3 Middle)[] triangles = new (Vector3[], Vector3)[mesh.TriangleCount];
        for (int t = 0; t < triangles.Length; t++)
        {
            Vector3[] corners = [mesh.Positions[mesh.Indices[3 * t]], mesh.Positions[mesh.Indices[(3 * t) + 1]], mesh.Positions[mesh.Indices[(3 * t) + 2]]];
            triangles[t] = (corners, (corners[0] + corners[1] + corners[2]) / 3);
        }

        Split(triangles, 0, triangles.Length);
        _corners = [.. triangles.SelectMany(t => t.Corners)];
    }

    /// <summary>Whether anything lies on the ray between the two distances, from either side.</summary>
    public bool Hits(Vector3 origin, Vector3 direction, float nearest = 1e-3f, float farthest = float.MaxValue)
    {
        Vector3 inverse = Vector3.One / direction;
        Span<int> stack = stackalloc int[64];
        int depth = 1;
        stack[0] = 0;
        while (depth > 0)
        {
            Node node = _nodes[stack[--depth]];
            if (!Crosses(node, origin, inverse, farthest))
            {
                continue;
            }

            if (node.Count == 0)
            {
                stack[depth++] = node.First;
                stack[depth++] = node.Second;
                continue;
            }

            for (int t = node.First; t < node.First + node.Count; t++)
            {
                if (Meets(origin, direction, _corners[3 * t], _corners[(3 * t) + 1], _corners[(3 * t) + 2], nearest, farthest, out _))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// Where a ray first meets a side that faces it, as a multiple of the direction, and which way that side faces (not a
    /// unit vector); infinite where it meets none. What is turned away from the ray does not count, as in drawing.
    /// </summary>
    public (float Distance, Vector3 Normal) First(Vector3 origin, Vector3 direction)
    {
        Vector3 inverse = Vector3.One / direction;
        (float nearest, Vector3 normal) = (float.PositiveInfinity, default);
        Span<int> stack = stackalloc int[64];
        int depth = 1;
        stack[0] = 0;
        while (depth > 0)
        {
            Node node = _nodes[stack[--depth]];
            if (!Crosses(node, origin, inverse, nearest))
            {
                continue;
            }

            if (node.Count == 0)
            {
                stack[depth++] = node.First;
                stack[depth++] = node.Second;
                continue;
            }

            for (int t = node.First; t < node.First + node.Count; t++)
            {
                (Vector3 a, Vector3 b, Vector3 c) = (_corners[3 * t], _corners[(3 * t) + 1], _corners[(3 * t) + 2]);
                Vector3 outward = Vector3.Cross(b - a, c - a);
                if (Vector3.Dot(outward, direction) < 0 && Meets(origin, direction, a, b, c, 0, nearest, out float at))
                {
                    (nearest, normal) = (at, outward);
                }
            }
        }

        return (nearest, normal);
    }

    private int Split((Vector3[] Corners, Vector3 Middle)[] triangles, int first, int count)
    {
        Vector3 low = new(float.MaxValue), high = new(float.MinValue);
        for (int i = first; i < first + count; i++)
        {
            foreach (Vector3 corner in triangles[i].Corners)
            {
                (low, high) = (Vector3.Min(low, corner), Vector3.Max(high, corner));
            }
        }

        int index = _nodes.Count;
        _nodes.Add(new Node(low, high, first, 0, count));
        if (count > LeafSize)
        {
            Vector3 size = high - low;
            int axis = size.X >= size.Y && size.X >= size.Z ? 0 : size.Y >= size.Z ? 1 : 2;
            Array.Sort(triangles, first, count, Comparer<(Vector3[], Vector3 Middle)>.Create((a, b) => a.Middle[axis].CompareTo(b.Middle[axis])));
            int left = Split(triangles, first, count / 2);
            int right = Split(triangles, first + (count / 2), count - (count / 2));
            _nodes[index] = new Node(low, high, left, right, 0);
        }

        return index;
    }

    private static bool Crosses(in Node node, Vector3 origin, Vector3 inverse, float farthest)
    {
        Vector3 a = (node.Low - origin) * inverse, b = (node.High - origin) * inverse;
        Vector3 near = Vector3.Min(a, b), far = Vector3.Max(a, b);
        float enter = MathF.Max(MathF.Max(near.X, near.Y), MathF.Max(near.Z, 0));
        float leave = MathF.Min(MathF.Min(far.X, far.Y), MathF.Min(far.Z, farthest));
        return !(enter > leave * 1.000001f);
    }

    /// <summary>Möller and Trumbore, 1997, without culling.</summary>
    private static bool Meets(Vector3 origin, Vector3 direction, Vector3 a, Vector3 b, Vector3 c, float nearest, float farthest, out float t)
    {
        Vector3 ab = b - a, ac = c - a;
        Vector3 p = Vector3.Cross(direction, ac);
        float determinant = Vector3.Dot(ab, p);
        t = 0;
        if (MathF.Abs(determinant) < 1e-9f)
        {
            return false;
        }

        float scale = 1 / determinant;
        Vector3 from = origin - a;
        float u = Vector3.Dot(from, p) * scale;
        Vector3 q = Vector3.Cross(from, ab);
        float v = Vector3.Dot(direction, q) * scale;
        t = Vector3.Dot(ac, q) * scale;
        return u >= 0 && v >= 0 && u + v <= 1 && t > nearest && t < farthest;
    }

    /// <summary>A leaf holds Count triangles from First on; an inner node has none, and First and Second are its halves.</summary>
    private readonly record struct Node(Vector3 Low, Vector3 High, int First, int Second, int Count);
}
