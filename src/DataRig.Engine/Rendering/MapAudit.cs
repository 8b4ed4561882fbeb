using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Rendering;

/// <summary>Checks a frame's depths and normals, where it has them, against what rays meet.</summary>
internal sealed class MapAudit(View view, Tracer tracer, RenderedFrame frame)
{
    /// <summary>A step of the map, and what is lost in rounding to it.</summary>
    private const double RoundingMm = 0.11;

    /// <param name="x">A pixel.</param>
    /// <param name="y">A pixel.</param>
    /// <param name="hit">What the ray through its middle meets.</param>
    public IEnumerable<LabelMismatch> Check(int x, int y, Tracer.Hit hit)
    {
        if (frame.Depth is { } depth && !(Math.Abs(depth[x, y] - Distance(hit, x, y)) < RoundingMm))
        {
            double[] near = [.. tracer.Around(x, y).Select(h => Distance(h, x, y))];
            if (depth[x, y] < near.Min() - RoundingMm || depth[x, y] > near.Max() + RoundingMm)
            {
                yield return new(LabelCheck.Depth, FormattableString.Invariant($"pixel ({x}, {y}) is {Distance(hit, x, y):F1} mm off and labelled as {depth[x, y]:F1}"));
            }
        }

        if (frame.Normals is { } normals && !Faces(normals[x, y], hit, x, y) && !tracer.Around(x, y).Any(h => Faces(normals[x, y], h, x, y)))
        {
            yield return new(LabelCheck.Normals, $"pixel ({x}, {y}) is labelled as {normals[x, y]}, and what it shows faces another way");
        }
    }

    private double Distance(Tracer.Hit hit, int x, int y)
    {
        double distance = hit.Solid == Tracer.Nothing ? GeometryPass.Table(frame.Scene.Table, view, x, y) : hit.Depth;
        return DepthMap.Step(distance) * DepthMap.StepMm;
    }

    /// <summary>Within 60 degrees of the triangle's own side: shading normals round edges off.</summary>
    private bool Faces((byte X, byte Y, byte Z) coded, Tracer.Hit hit, int x, int y)
    {
        bool table = hit.Solid == Tracer.Nothing && GeometryPass.Table(frame.Scene.Table, view, x, y) > 0;
        if (hit.Solid == Tracer.Nothing && !table)
        {
            return coded == (0, 0, 0);
        }

        Vector3 normal = new Vector3(coded.X - 128, coded.Y - 128, coded.Z - 128) / 127;
        Vector3 facing = table ? Vector3.TransformNormal(Vector3.UnitZ, view.ToCamera) : hit.Normal;
        return MathF.Abs(normal.Length() - 1) < 0.03f && Vector3.Dot(normal, facing) > (table ? 0.99f : 0.5f);
    }
}
