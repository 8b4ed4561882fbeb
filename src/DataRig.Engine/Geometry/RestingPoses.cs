using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>
/// Finds how a part can lie on a table: on a face of its convex hull whose polygon holds the centre of mass as
/// projected onto it. A pose's weight is the solid angle of that polygon seen from the centre of mass (the share
/// of directions in which a part let go without a push falls onto it).
/// </summary>
internal static class RestingPoses
{
    /// <summary>A part has no more poses than these, the likeliest: a ball has as many as its mesh has triangles.</summary>
    private const int MaxPoses = 24;

    /// <param name="points">Points whose hull is the part's.</param>
    /// <param name="center">Its centre of mass.</param>
    /// <param name="nameOf">Names a pose by the direction, in the part's frame, that points down in it.</param>
    /// <param name="margin">With a centre of mass nearer to the polygon's edge than this, in mm, it would tip at a touch.</param>
    public static IReadOnlyList<RestingPose> Find(IReadOnlyList<Vector3> points, Vector3 center, Func<Vector3, string> nameOf, float margin = 0.4f)
    {
        List<RestingPose> held = [];
        foreach (Vector3 down in Directions(points))
        {
            float reach = points.Max(p => Vector3.Dot(p, down));
            Quaternion rotation = Turn(down);
            Vector3 middle = Vector3.Transform(center, rotation);
            List<Vector2> foot = ConvexHull.Outline(points.Where(p => Vector3.Dot(p, down) > reach - 0.02f)
                .Select(p => Vector3.Transform(p, rotation)).Select(p => new Vector2(p.X - middle.X, p.Y - middle.Y)));
            if (!Holds(foot, margin))
            {
                continue;
            }

            held.Add(new(nameOf(down), SolidAngle(foot, middle.Z + reach) / (4 * Math.PI), rotation, reach, new(middle.X, middle.Y)));
        }

        List<(RestingPose Pose, List<Vector3> Shape)> found = [];
        foreach (RestingPose pose in held.Count > 8 * MaxPoses ? held.OrderByDescending(p => p.Weight).Take(8 * MaxPoses) : held)
        {
            List<Vector3> shape = [.. points.Select(p => Vector3.Transform(p, pose.Transform))];
            int same = found.FindIndex(f => Equivalent(f.Shape, shape));
            if (same >= 0)
            {
                // One of them stands for all: the first by its name, then the first found.
                RestingPose known = found[same].Pose;
                bool plainer = string.CompareOrdinal(pose.Name, known.Name) < 0;
                found[same] = ((plainer ? pose : known) with { Weight = known.Weight + pose.Weight }, plainer ? shape : found[same].Shape);
            }
            else
            {
                found.Add((pose, shape));
            }
        }

        found = found.Count > MaxPoses ? [.. found.OrderByDescending(f => f.Pose.Weight).Take(MaxPoses)] : found;
        double total = found.Sum(f => f.Pose.Weight);
        RestingPose[] poses = [.. found.Select(f => f.Pose with { Weight = f.Pose.Weight / total })];
        return [.. poses.Select((p, i) => p with { Name = Unique(poses, i) }).OrderByDescending(p => p.Weight)];
    }

    /// <summary>The outward normals of the hull's faces, each once.</summary>
    private static List<Vector3> Directions(IReadOnlyList<Vector3> points)
    {
        List<Vector3> directions = [];
        foreach ((int a, int b, int c) in ConvexHull.Triangles(points))
        {
            Vector3 normal = Vector3.Cross(points[b] - points[a], points[c] - points[a]);
            if (normal.Length() > 1e-2f && !directions.Exists(d => Vector3.Dot(d, Vector3.Normalize(normal)) > 0.9999f))
            {
                directions.Add(Vector3.Normalize(normal));
            }
        }

        return directions;
    }

    /// <summary>The turn that brings a direction to point down and leaves the part's x along the table's where it can.</summary>
    private static Quaternion Turn(Vector3 down)
    {
        Vector3 z = -down;
        Vector3 along = MathF.Abs(z.X) > 0.99f ? Vector3.UnitY : Vector3.UnitX;
        Vector3 y = Vector3.Normalize(Vector3.Cross(z, along));
        Vector3 x = Vector3.Cross(y, z);
        Matrix4x4 toPart = new(x.X, x.Y, x.Z, 0, y.X, y.Y, y.Z, 0, z.X, z.Y, z.Z, 0, 0, 0, 0, 1);
        return Quaternion.CreateFromRotationMatrix(Matrix4x4.Transpose(toPart));
    }

    private static bool Holds(List<Vector2> foot, float margin)
    {
        for (int i = 0; i < foot.Count; i++)
        {
            (Vector2 a, Vector2 b) = (foot[i], foot[(i + 1) % foot.Count]);
            if (((a.X * (b.Y - a.Y)) - (a.Y * (b.X - a.X))) / Vector2.Distance(a, b) < margin)
            {
                return false;
            }
        }

        return foot.Count >= 3;
    }

    /// <summary>Of a polygon in a plane at some distance from the eye, whose foot on the plane is the origin (Van Oosterom and Strackee, 1983).</summary>
    private static double SolidAngle(List<Vector2> polygon, float distance)
    {
        double sum = 0;
        for (int i = 1; i + 1 < polygon.Count; i++)
        {
            (Vector3 a, Vector3 b, Vector3 c) = (new(polygon[0], distance), new(polygon[i], distance), new(polygon[i + 1], distance));
            (float la, float lb, float lc) = (a.Length(), b.Length(), c.Length());
            double below = (la * lb * lc) + (Vector3.Dot(a, b) * lc) + (Vector3.Dot(a, c) * lb) + (Vector3.Dot(b, c) * la);
            sum += 2 * Math.Atan2(Math.Abs(Vector3.Dot(a, Vector3.Cross(b, c))), below);
        }

        return sum;
    }

    /// <summary>Whether a quarter turn or several bring one shape onto the other.</summary>
    private static bool Equivalent(List<Vector3> first, List<Vector3> second)
    {
        Func<Vector3, Vector3>[] turns = [p => p, p => new(-p.Y, p.X, p.Z), p => new(-p.X, -p.Y, p.Z), p => new(p.Y, -p.X, p.Z)];
        return turns.Any(turn => second.All(p => first.Exists(q => Vector3.Distance(q, turn(p)) < 0.05f)));
    }

    private static string Unique(RestingPose[] poses, int index)
    {
        int before = poses.Take(index).Count(p => p.Name == poses[index].Name);
        return before == 0 ? poses[index].Name : $"{poses[index].Name}-{before + 1}";
    }
}
