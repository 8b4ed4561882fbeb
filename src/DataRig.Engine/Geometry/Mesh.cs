using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>
/// Triangles in millimetres, z up, counter-clockwise seen from outside. Vertices are shared where position
/// and normal agree. A mesh may be several closed surfaces that reach into each other.
/// </summary>
public sealed class Mesh
{
    /// <exception cref="ArgumentException">Positions and normals differ in number, or the indices are no triangles.</exception>
    public Mesh(Vector3[] positions, Vector3[] normals, int[] indices)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(normals);
        ArgumentNullException.ThrowIfNull(indices);
        if (positions.Length != normals.Length)
        {
            throw new ArgumentException($"{positions.Length} positions do not go with {normals.Length} normals", nameof(normals));
        }

        if (indices.Length % 3 != 0)
        {
            throw new ArgumentException($"{indices.Length} indices do not make triangles", nameof(indices));
        }

        Positions = positions;
        Normals = normals;
        Indices = indices;
    }

    public Vector3[] Positions { get; }

    /// <summary>Unit vectors, one a vertex.</summary>
    public Vector3[] Normals { get; }

    /// <summary>Three a triangle.</summary>
    public int[] Indices { get; }

    public int TriangleCount => Indices.Length / 3;

    /// <summary>The smallest and largest coordinates.</summary>
    public (Vector3 Low, Vector3 High) Bounds()
    {
        Vector3 low = new(float.MaxValue), high = new(float.MinValue);
        foreach (Vector3 position in Positions)
        {
            low = Vector3.Min(low, position);
            high = Vector3.Max(high, position);
        }

        return (low, high);
    }

    /// <summary>Cubic millimetres enclosed (where surfaces overlap, counted twice) and the centre of mass.</summary>
    public (double Volume, Vector3 Center) Mass()
    {
        double volume = 0;
        Vector3 moment = default;
        for (int i = 0; i < Indices.Length; i += 3)
        {
            (Vector3 a, Vector3 b, Vector3 c) = (Positions[Indices[i]], Positions[Indices[i + 1]], Positions[Indices[i + 2]]);
            float part = Vector3.Dot(a, Vector3.Cross(b, c)) / 6;
            volume += part;
            moment += (a + b + c) * (part / 4);
        }

        return (volume, moment / (float)volume);
    }
}
