using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>The points on the inner side of some planes.</summary>
internal sealed class ConvexSolid
{
    private ConvexSolid(IReadOnlyList<Plane> planes, IReadOnlyList<Face> faces)
    {
        Planes = planes;
        Faces = faces;
    }

    /// <summary>A flat side: a counter-clockwise polygon seen from outside.</summary>
    /// <param name="Normal">Outward.</param>
    /// <param name="Polygon">Its corners.</param>
    /// <param name="PlaneIndex">Which plane it lies on.</param>
    public sealed record Face(Vector3 Normal, Vector3[] Polygon, int PlaneIndex);

    /// <summary>Normal outward, D negative of the distance: a point is inside where Dot(plane, point) is at most 0.</summary>
    public IReadOnlyList<Plane> Planes { get; }

    public IReadOnlyList<Face> Faces { get; }

    public static Plane Through(Vector3 point, Vector3 normal)
    {
        Vector3 unit = Vector3.Normalize(normal);
        return new Plane(unit, -Vector3.Dot(unit, point));
    }

    public static Plane[] BoxPlanes(Vector3 low, Vector3 high) =>
    [
        Through(high, Vector3.UnitX), Through(low, -Vector3.UnitX),
        Through(high, Vector3.UnitY), Through(low, -Vector3.UnitY),
        Through(high, Vector3.UnitZ), Through(low, -Vector3.UnitZ),
    ];

    public static ConvexSolid FromPlanes(IReadOnlyList<Plane> planes)
    {
        List<Face> faces = [];
        for (int i = 0; i < planes.Count; i++)
        {
            (Vector3 u, Vector3 v) = MeshBuilder.Basis(planes[i].Normal);
            Vector3 middle = planes[i].Normal * -planes[i].D;
            List<Vector3> polygon = [middle - (u * 200) - (v * 200), middle + (u * 200) - (v * 200), middle + (u * 200) + (v * 200), middle - (u * 200) + (v * 200)];
            for (int j = 0; j < planes.Count && polygon.Count > 0; j++)
            {
                polygon = j == i ? polygon : Clip(polygon, planes[j]);
            }

            Vector3[] corners = [.. Tidy(polygon)];
            if (corners.Length >= 3)
            {
                faces.Add(new Face(planes[i].Normal, corners, i));
            }
        }

        return new ConvexSolid(planes, faces);
    }

    /// <summary>The same solid with every edge cut off so that each face loses this width in mm.</summary>
    public ConvexSolid Chamfer(float width)
    {
        List<Plane> planes = [.. Planes];
        foreach (Face first in Faces)
        {
            foreach (Face second in Faces.Where(f => f.PlaneIndex > first.PlaneIndex))
            {
                Vector3[] shared = [.. first.Polygon.Where(p => second.Polygon.Any(q => Vector3.Distance(p, q) < 1e-2f))];
                if (shared.Length == 2)
                {
                    Vector3 into = -Vector3.Normalize(second.Normal - (first.Normal * Vector3.Dot(first.Normal, second.Normal)));
                    planes.Add(Through(shared[0] + (into * width), first.Normal + second.Normal));
                }
            }
        }

        return FromPlanes(planes);
    }

    /// <summary>Whether a point lies on a plane of the solid.</summary>
    public bool Touches(int plane, Vector3 point) => MathF.Abs(Plane.DotCoordinate(Planes[plane], point)) < 2e-3f;

    private static List<Vector3> Clip(List<Vector3> polygon, Plane plane)
    {
        List<Vector3> kept = [];
        for (int i = 0; i < polygon.Count; i++)
        {
            (Vector3 a, Vector3 b) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            (float da, float db) = (Plane.DotCoordinate(plane, a), Plane.DotCoordinate(plane, b));
            if (da <= 0)
            {
                kept.Add(a);
            }

            if (da <= 0 != db <= 0)
            {
                kept.Add(Vector3.Lerp(a, b, da / (da - db)));
            }
        }

        return kept;
    }

    /// <summary>Without the rounding of the clipping, and without points that fall together.</summary>
    private static IEnumerable<Vector3> Tidy(List<Vector3> polygon)
    {
        Vector3[] rounded = [.. polygon.Select(Loops.Snap)];
        for (int i = 0; i < rounded.Length; i++)
        {
            if (Vector3.Distance(rounded[i], rounded[(i + 1) % rounded.Length]) > 1e-2f)
            {
                yield return rounded[i];
            }
        }
    }
}
