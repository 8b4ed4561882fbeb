using System.Numerics;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Rendering;

/// <summary>A mesh where it stands in the world: what labels are made from, and what they are checked against.</summary>
/// <param name="Mesh">Its triangles.</param>
/// <param name="Corners">Points whose hull it is.</param>
/// <param name="Drawn">The same on the device.</param>
/// <param name="Transform">From the mesh's own frame to the world's.</param>
internal readonly record struct Solid(Mesh Mesh, IReadOnlyList<Vector3> Corners, PartMesh Drawn, Matrix4x4 Transform)
{
    /// <summary>The smallest box around the projected corners, in pixels, beyond the picture's edges too; infinite where one is not before the eye.</summary>
    public (Vector2 Low, Vector2 High) Outline(View view)
    {
        Matrix4x4 toClip = Transform * view.ViewProjection;
        Vector2 low = new(float.PositiveInfinity), high = new(float.NegativeInfinity);
        foreach (Vector3 corner in Corners)
        {
            Vector4 clip = Vector4.Transform(corner, toClip);
            if (clip.W <= View.Near)
            {
                return (new(float.NegativeInfinity), new(float.PositiveInfinity));
            }

            Vector2 at = new Vector2(clip.X, clip.Y) / clip.W;
            (low, high) = (Vector2.Min(low, at), Vector2.Max(high, at));
        }

        Vector2 half = new(view.Width / 2f, view.Height / 2f);
        return ((low + Vector2.One) * half, (high + Vector2.One) * half);
    }
}
