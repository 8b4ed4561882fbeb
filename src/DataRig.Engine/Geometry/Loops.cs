using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>Closed rows of points that faces and strips are made from.</summary>
internal static class Loops
{
    /// <summary>No edge of a face is longer, in mm: light that is computed at vertices needs them this close.</summary>
    public const float MaxEdge = 4f;

    /// <summary>Points on a circle, counter-clockwise as seen from the side that u x v points to.</summary>
    public static Vector3[] Circle(Vector3 center, Vector3 u, Vector3 v, float radius, int segments)
    {
        Vector3[] points = new Vector3[segments];
        for (int i = 0; i < segments; i++)
        {
            (float sin, float cos) = MathF.SinCos((i + 0.5f) * MathF.Tau / segments);
            points[i] = Snap(center + (u * (radius * cos)) + (v * (radius * sin)));
        }

        return points;
    }

    /// <summary>A cross with arms along u and v, counter-clockwise as seen from the side that u x v points to.</summary>
    public static Vector3[] Cross(Vector3 center, Vector3 u, Vector3 v, float halfLength, float halfWidth)
    {
        (float l, float w) = (halfLength, halfWidth);
        (float X, float Y)[] corners = [(l, -w), (l, w), (w, w), (w, l), (-w, l), (-w, w), (-l, w), (-l, -w), (-w, -w), (-w, -l), (w, -l), (w, -w)];
        return [.. corners.Select(c => Snap(center + (u * c.X) + (v * c.Y)))];
    }

    /// <summary>Cuts long edges. Both faces at an edge get the very same points, whichever way round they go.</summary>
    public static Vector3[] Split(IReadOnlyList<Vector3> loop, float maxEdge = MaxEdge)
    {
        List<Vector3> points = [];
        for (int i = 0; i < loop.Count; i++)
        {
            (Vector3 a, Vector3 b) = (loop[i], loop[(i + 1) % loop.Count]);
            bool forward = (a.X, a.Y, a.Z).CompareTo((b.X, b.Y, b.Z)) < 0;
            (Vector3 first, Vector3 last) = forward ? (a, b) : (b, a);
            int pieces = Math.Max(1, (int)MathF.Ceiling((Vector3.Distance(a, b) / maxEdge) - 0.01f));
            points.Add(a);
            for (int p = 1; p < pieces; p++)
            {
                int from = forward ? p : pieces - p;
                points.Add(Snap(Vector3.Lerp(first, last, (float)from / pieces)));
            }
        }

        return [.. points];
    }

    /// <summary>Moves every point by the same way.</summary>
    public static Vector3[] Shift(IReadOnlyList<Vector3> loop, Vector3 by) => [.. loop.Select(p => Snap(p + by))];

    /// <summary>To a grid of a micrometre, so that points that two faces reach by different sums are the same point.</summary>
    public static Vector3 Snap(Vector3 point) =>
        new(MathF.Round(point.X * 1000) / 1000, MathF.Round(point.Y * 1000) / 1000, MathF.Round(point.Z * 1000) / 1000);
}
