using System.Numerics;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Parts;

/// <summary>
/// How much light from each direction reaches a vertex past the part itself, times the cosine, as nine
/// coefficients of spherical harmonics (precomputed radiance transfer: Sloan, Kautz and Snyder, 2002).
/// Made once a part, it gives soft self-shadows and ambient occlusion under any light for nine products a
/// light and vertex, where shadow maps would cost a pass a light and taps a pixel.
/// </summary>
internal static class Transfer
{
    public const int Coefficients = 9;

    private const int Rays = 96;
    private const float Offset = 0.02f;

    /// <returns>Nine coefficients a vertex; an unshadowed vertex facing a light of radiance 1 from all around adds up to 1.</returns>
    public static float[] Bake(Mesh mesh)
    {
        RayCaster caster = new(mesh);
        float[] transfer = new float[mesh.Positions.Length * Coefficients];
        Parallel.For(0, mesh.Positions.Length, vertex =>
            BakeVertex(caster, mesh.Positions[vertex], mesh.Normals[vertex], transfer.AsSpan(vertex * Coefficients, Coefficients)));
        return transfer;
    }

    private static void BakeVertex(RayCaster caster, Vector3 position, Vector3 normal, Span<float> transfer)
    {
        (Vector3 u, Vector3 v) = MeshBuilder.Basis(normal);
        Span<float> basis = stackalloc float[Coefficients];
        for (int i = 0; i < Rays; i++)
        {
            // Directions spread like sunflower seeds on a disk lie on the hemisphere above it by their cosine.
            float radius = MathF.Sqrt((i + 0.5f) / Rays);
            (float sin, float cos) = MathF.SinCos(i * 2.39996323f);
            Vector3 direction = (u * (radius * cos)) + (v * (radius * sin)) + (normal * MathF.Sqrt(1 - (radius * radius)));
            if (caster.Hits(position + (normal * Offset), direction))
            {
                continue;
            }

            Basis(direction, basis);
            for (int c = 0; c < Coefficients; c++)
            {
                transfer[c] += basis[c] / Rays;
            }
        }
    }

    /// <summary>The nine real spherical harmonics at a direction, in the order that the shader has.</summary>
    private static void Basis(Vector3 d, Span<float> basis)
    {
        basis[0] = 0.282095f;
        basis[1] = 0.488603f * d.X;
        basis[2] = 0.488603f * d.Y;
        basis[3] = 0.488603f * d.Z;
        basis[4] = 1.092548f * d.X * d.Y;
        basis[5] = 1.092548f * d.Y * d.Z;
        basis[6] = 1.092548f * d.X * d.Z;
        basis[7] = 0.315392f * ((3 * d.Z * d.Z) - 1);
        basis[8] = 0.546274f * ((d.X * d.X) - (d.Y * d.Y));
    }
}
