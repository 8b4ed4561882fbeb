using System.Numerics;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Parts;

/// <summary>A triangle of a part's outline, in the part's own frame.</summary>
/// <param name="Normal">Which way it faces.</param>
/// <param name="Solid">The share of it where the part's surface lies close below: an outline closes hollows that the part has.</param>
internal readonly record struct OutlineSide(Vector3 A, Vector3 B, Vector3 C, Vector3 Normal, float Solid)
{
    private const float Close = 0.4f;
    private const int Rays = 24;

    /// <summary>Smaller ones, in mm², throw nothing that is seen.</summary>
    private const float LeastArea = 1;

    /// <summary>The triangles of an outline that a mesh really has.</summary>
    public static IReadOnlyList<OutlineSide> Of(Mesh outline, Mesh mesh)
    {
        RayCaster caster = new(mesh);
        List<OutlineSide> sides = [];
        for (int t = 0; t < outline.Indices.Length; t += 3)
        {
            (Vector3 a, Vector3 b, Vector3 c) = (outline.Positions[outline.Indices[t]], outline.Positions[outline.Indices[t + 1]], outline.Positions[outline.Indices[t + 2]]);
            Vector3 across = Vector3.Cross(b - a, c - a);
            if (across.Length() / 2 < LeastArea)
            {
                continue;
            }

            Vector3 normal = Vector3.Normalize(across);
            int met = 0;
            for (int i = 0; i < Rays; i++)
            {
                // Spread evenly over the triangle: a lattice on the square (Roberts, 2018), folded along its diagonal.
                (float u, float v) = ((0.7548777f * i) % 1, (0.5698403f * i) % 1);
                (u, v) = u + v > 1 ? (1 - u, 1 - v) : (u, v);
                met += caster.Hits(a + ((b - a) * u) + ((c - a) * v) + (normal * Close), -normal, farthest: 2 * Close) ? 1 : 0;
            }

            if (met > 0)
            {
                sides.Add(new(a, b, c, normal, (float)met / Rays));
            }
        }

        return sides;
    }
}
