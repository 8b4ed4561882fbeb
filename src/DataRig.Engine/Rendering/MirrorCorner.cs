using System.Numerics;
using System.Runtime.InteropServices;
using DataRig.Engine.Parts;

namespace DataRig.Engine.Rendering;

/// <summary>A corner of a triangle of a side that mirrors light onto the table (Mirrored.vert.glsl).</summary>
/// <param name="Position">In the world.</param>
/// <param name="Normal">The triangle's, in the world.</param>
/// <param name="Specular">Light mirrored straight on.</param>
/// <param name="Solid">The share of the side that is there and not a hole.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MirrorCorner(Vector3 Position, Vector3 Normal, float Specular, float Solid)
{
    /// <summary>Only what stands on the table, upright but for some degrees, throws light before its foot; other light falls far off, thinly, or onto the part itself.</summary>
    private const float MostOffTable = 1, MostLean = 0.35f;

    /// <summary>Of every side in the scene that mirrors onto the table, three a triangle.</summary>
    public static List<MirrorCorner> Of(SampledScene scene)
    {
        List<MirrorCorner> corners = [];
        foreach (SampledBody body in scene.Bodies.Where(b => b.CastsShadow))
        {
            foreach (OutlineSide side in body.Model.Sides)
            {
                Vector3 normal = Vector3.TransformNormal(side.Normal, body.Transform);
                (Vector3 a, Vector3 b, Vector3 c) = (Vector3.Transform(side.A, body.Transform), Vector3.Transform(side.B, body.Transform), Vector3.Transform(side.C, body.Transform));
                if (MathF.Abs(normal.Z) < MostLean && MathF.Min(a.Z, MathF.Min(b.Z, c.Z)) < MostOffTable)
                {
                    corners.AddRange([new(a, normal, body.Specular, side.Solid), new(b, normal, body.Specular, side.Solid), new(c, normal, body.Specular, side.Solid)]);
                }
            }
        }

        return corners;
    }
}
