using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>Gathers flat faces with holes and strips between loops into one mesh.</summary>
internal sealed class MeshBuilder
{
    private readonly Dictionary<(Vector3 Position, Vector3 Normal), int> _vertices = [];
    private readonly List<Vector3> _positions = [];
    private readonly List<Vector3> _normals = [];
    private readonly List<int> _indices = [];

    /// <summary>A flat face. Loops may run either way; long edges must have been split before.</summary>
    /// <param name="normal">Which way it faces.</param>
    /// <param name="loops">The outer border and holes.</param>
    /// <param name="hints">Points inside that must become vertices.</param>
    /// <param name="normalAt">The shading normal at a vertex; without it the face's.</param>
    /// <param name="spacing">How far apart vertices inside lie.</param>
    public void Face(Vector3 normal, IReadOnlyList<Vector3[]> loops, IEnumerable<Vector3>? hints = null, Func<Vector3, Vector3>? normalAt = null, float spacing = Loops.MaxEdge)
    {
        (Vector3 u, Vector3 v) = Basis(normal);
        Vector3 origin = loops[0][0];
        Vector2 Flatten(Vector3 p) => new(Vector3.Dot(p - origin, u), Vector3.Dot(p - origin, v));
        Vector3[] border = [.. loops.SelectMany(l => l)];
        (List<Vector2> points, var triangles) = Delaunay.Fill(
            [.. loops.Select(l => l.Select(Flatten).ToArray())], [.. (hints ?? []).Select(Flatten)], spacing);

        // The border's points keep their exact coordinates, so that the faces beside share them.
        Vector3 At(int i) => i < border.Length ? border[i] : Loops.Snap(origin + (u * points[i].X) + (v * points[i].Y));
        foreach ((int a, int b, int c) in triangles)
        {
            foreach (int corner in (ReadOnlySpan<int>)[a, b, c])
            {
                Vector3 position = At(corner);
                _indices.Add(Vertex(position, normalAt?.Invoke(position) ?? normal));
            }
        }
    }

    /// <summary>A wall between two loops of the same count; it faces outward where they run counter-clockwise as seen from the second.</summary>
    public void Strip(Vector3[] first, Vector3[] second, Vector3[] firstNormals, Vector3[] secondNormals)
    {
        for (int i = 0; i < first.Length; i++)
        {
            int j = (i + 1) % first.Length;
            int a = Vertex(first[i], firstNormals[i]), b = Vertex(first[j], firstNormals[j]);
            int c = Vertex(second[j], secondNormals[j]), d = Vertex(second[i], secondNormals[i]);
            _indices.AddRange([a, b, c, a, c, d]);
        }
    }

    /// <summary>A wall of flat pieces between two loops of the same count.</summary>
    public void FlatStrip(Vector3[] first, Vector3[] second)
    {
        for (int i = 0; i < first.Length; i++)
        {
            int j = (i + 1) % first.Length;
            Vector3 normal = Vector3.Normalize(Vector3.Cross(first[j] - first[i], second[j] - first[i]));
            int a = Vertex(first[i], normal), b = Vertex(first[j], normal), c = Vertex(second[j], normal), d = Vertex(second[i], normal);
            _indices.AddRange([a, b, c, a, c, d]);
        }
    }

    /// <summary>A round wall along an axis through rings at the given places along it.</summary>
    /// <param name="center">A point on the axis, where a place of 0 lies.</param>
    /// <param name="axis">A unit vector; places count along it and must grow.</param>
    /// <param name="ring">A loop around the center, counter-clockwise as seen from the axis' tip.</param>
    /// <param name="places">Where rings stand, in mm.</param>
    /// <param name="inward">Whether the wall faces the axis, as a bore does.</param>
    public void Tube(Vector3 center, Vector3 axis, Vector3[] ring, IReadOnlyList<float> places, bool inward)
    {
        Vector3[] normals = [.. ring.Select(p => Vector3.Normalize(p - center - (axis * Vector3.Dot(p - center, axis))) * (inward ? -1 : 1))];
        for (int i = 1; i < places.Count; i++)
        {
            (Vector3[] low, Vector3[] high) = (Loops.Shift(ring, axis * places[i - 1]), Loops.Shift(ring, axis * places[i]));
            if (inward)
            {
                Strip(high, low, normals, normals);
            }
            else
            {
                Strip(low, high, normals, normals);
            }
        }
    }

    public Mesh Build() => new([.. _positions], [.. _normals], [.. _indices]);

    /// <summary>Two unit vectors that make a right-handed frame with a normal; along the axes where they can be.</summary>
    public static (Vector3 U, Vector3 V) Basis(Vector3 normal)
    {
        Vector3 side = MathF.Abs(normal.X) > 0.9f ? Vector3.UnitY : Vector3.UnitX;
        Vector3 v = Vector3.Normalize(Vector3.Cross(normal, side));
        return (Vector3.Cross(v, normal), v);
    }

    private int Vertex(Vector3 position, Vector3 normal)
    {
        normal = Loops.Snap(normal);
        if (!_vertices.TryGetValue((position, normal), out int index))
        {
            index = _positions.Count;
            _vertices.Add((position, normal), index);
            _positions.Add(position);
            _normals.Add(Vector3.Normalize(normal));
        }

        return index;
    }
}
