using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>
/// Makes bricks with the measures of real ones, in mm: x along the length, y across, z up, the origin in the
/// middle of the bottom. Slopes fall towards -y.
/// </summary>
public static partial class BrickGenerator
{
    public const float Pitch = 8.0f;
    public const float Gap = 0.2f;
    public const float Height = 9.6f;
    public const float StudRadius = 2.4f;
    public const float StudHeight = 1.7f;
    public const float Wall = 1.5f;
    public const float HoleRadius = 2.4f;
    public const float HoleHeight = 5.8f;

    private const float Roof = 1.0f;
    private const float SlopeWall = 1.2f;
    private const float SlopeLip = 1.7f;

    /// <summary>Between the underside and the recess of an inverted slope.</summary>
    private const float Divider = 1.5f;

    private const float HollowStudRadius = 1.55f;
    private const float HollowStudDepth = 1.9f;
    private const float TubeRadius = 3.25f;
    private const float TubeBore = 2.4f;
    private const float PostRadius = 1.6f;
    private const float CounterboreRadius = 3.1f;
    private const float CounterboreDepth = 0.9f;
    private const float AxleHalfWidth = 0.9f;

    /// <summary>Outside of the pipe that a hole runs in where it crosses the cavity; more would reach the roof.</summary>
    private const float SleeveRadius = 2.7f;

    private const float RibHalfWidth = 0.4f;
    private const float RibFoot = 2.2f;

    /// <summary>Of the small tongue in the underside of an inverted slope.</summary>
    private static readonly Vector2 TongueHalf = new(1.3f, 0.5f);

    private const float Bevel = 0.3f;
    private const float StudBevel = 0.2f;

    /// <summary>How deep walls of one piece reach into another, out of sight.</summary>
    private const float Sunk = 0.3f;

    private const int Segments = 20;

    /// <summary>The whole part: shell, studs, hollow underside with tubes or posts, holes.</summary>
    public static Mesh Generate(BrickShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        MeshBuilder mesh = new();
        ConvexSolid outside = Outside(shape);
        ConvexSolid shell = outside.Chamfer(Bevel);
        ConvexSolid cavity = Cavity(shape);
        ConvexSolid? recess = shape.Profile == BrickProfile.InvertedSlope ? Recess(shape) : null;
        Vector3[] opening = Loops.Split(cavity.Faces.Single(f => f.Normal.Z < -0.99f).Polygon);

        Shell(mesh, shape, shell, outside.Planes.Count, opening, recess is null ? null : Loops.Split(Top(recess).Polygon));
        foreach (Vector3 stud in Studs(shape).Where(s => !StandsIn(recess, s)))
        {
            Stud(mesh, stud, shape.HollowStuds);
        }

        if (recess is not null)
        {
            foreach (ConvexSolid.Face face in recess.Faces.Where(f => f.Normal.Z < 0.99f))
            {
                mesh.Face(-face.Normal, [Loops.Split(face.Polygon)], spacing: 3);
            }

            foreach (Vector3 stud in Studs(shape).Where(s => StandsIn(recess, s)))
            {
                OpenStud(mesh, recess, stud);
            }
        }

        (Vector3 Center, float Radius)[] pillars = [.. Pillars(shape)];
        foreach (ConvexSolid.Face face in cavity.Faces.Where(f => f.Normal.Z > -0.99f))
        {
            // Vertices around the pillars' tops: light there changes within a millimetre.
            bool flat = face.Normal.Z > 0.99f;
            IEnumerable<Vector3> hints = flat ? pillars.SelectMany(p => Ring(p.Center with { Z = Height - Roof }, p.Radius + 0.35f, 12)) : [];
            IEnumerable<Vector3[]> sleeves = MathF.Abs(face.Normal.Y) > 0.99f ? Holes(shape).Select(h => SideRing(h with { Y = face.Polygon[0].Y }, SleeveRadius)) : [];
            mesh.Face(-face.Normal, [Loops.Split(face.Polygon), .. sleeves], hints.Where(h => InsideFace(face, h)), spacing: 3);
        }

        foreach ((Vector3 center, float radius) in pillars)
        {
            Pillar(mesh, cavity, center, radius, Holes(shape).Any());
        }

        foreach (float x in shape.Ribs)
        {
            Rib(mesh, x, TubeRadius - 0.1f, Half(shape).Y - Wall);
            Rib(mesh, x, -Half(shape).Y + Wall, -TubeRadius + 0.1f);
        }

        if (shape.Profile == BrickProfile.InvertedSlope)
        {
            Block(mesh, new(-TongueHalf.X, (Pitch / 2) - TongueHalf.Y, RibFoot), new(TongueHalf.X, (Pitch / 2) + TongueHalf.Y, Height - Roof + Sunk));
        }

        foreach (Vector3 hole in Holes(shape))
        {
            float inner = Half(shape).Y - Wall;
            mesh.Tube(hole, Vector3.UnitY, SideRing(hole, SleeveRadius), [-inner, -inner / 3, inner / 3, inner], inward: false);
        }

        foreach (float x in shape.PinHoles)
        {
            PinHole(mesh, shape, x);
        }

        foreach (float x in shape.AxleHoles)
        {
            AxleHole(mesh, shape, x);
        }

        return mesh.Build();
    }

    /// <summary>The outline alone, with few triangles and no bevels: what the part rests on, and what casts its shadow.</summary>
    /// <param name="shape">Which part.</param>
    /// <param name="studSegments">Corners of a stud.</param>
    public static Mesh GenerateOutline(BrickShape shape, int studSegments)
    {
        ArgumentNullException.ThrowIfNull(shape);
        MeshBuilder mesh = new();
        foreach (ConvexSolid.Face face in Outside(shape).Faces)
        {
            mesh.Face(face.Normal, [face.Polygon], spacing: 1000);
        }

        foreach (Vector3 stud in Studs(shape))
        {
            Vector3[] ring = Ring(stud, StudRadius, studSegments);
            Vector3[] top = Loops.Shift(ring, Vector3.UnitZ * StudHeight);
            mesh.FlatStrip(ring, top);
            mesh.Face(Vector3.UnitZ, [top]);
        }

        return mesh.Build();
    }

    /// <summary>Where studs stand: the middles of their feet.</summary>
    internal static IEnumerable<Vector3> Studs(BrickShape shape)
    {
        for (int j = shape.Profile == BrickProfile.Slope ? 1 : 0; j < shape.Width; j++)
        {
            for (int i = 0; i < shape.Length; i++)
            {
                yield return new Vector3((i - ((shape.Length - 1) / 2f)) * Pitch, (j - ((shape.Width - 1) / 2f)) * Pitch, Height);
            }
        }
    }

    private static (float X, float Y) Half(BrickShape shape) => (((shape.Length * Pitch) - Gap) / 2, ((shape.Width * Pitch) - Gap) / 2);

    private static ConvexSolid Outside(BrickShape shape)
    {
        (float x, float y) = Half(shape);
        List<Plane> planes = [.. ConvexSolid.BoxPlanes(new(-x, -y, 0), new(x, y, Height))];
        if (shape.Profile == BrickProfile.Slope)
        {
            planes.Add(ConvexSolid.Through(new(0, -y, SlopeLip), new(0, -1, 1)));
        }
        else if (shape.Profile == BrickProfile.InvertedSlope)
        {
            planes.Add(ConvexSolid.Through(new(0, -y, Height - SlopeLip), new(0, -1, -1)));
        }

        return ConvexSolid.FromPlanes(planes);
    }

    private static ConvexSolid Cavity(BrickShape shape)
    {
        (float x, float y) = Half(shape);
        List<Plane> planes = [.. ConvexSolid.BoxPlanes(new(-x + Wall, -y + Wall, 0), new(x - Wall, y - Wall, Height - Roof))];
        if (shape.Profile != BrickProfile.Straight)
        {
            Plane slope = Outside(shape).Planes[^1];
            planes.Add(new Plane(slope.Normal, slope.D + SlopeWall));
        }

        if (shape.Profile == BrickProfile.InvertedSlope)
        {
            planes.Add(ConvexSolid.Through(new(0, Divider / 2, 0), -Vector3.UnitY)); // beyond it is the recess
        }

        return ConvexSolid.FromPlanes(planes);
    }

    /// <summary>What an inverted slope lacks from above: a well over its slope, in which two open studs stand.</summary>
    private static ConvexSolid Recess(BrickShape shape)
    {
        (float x, float y) = Half(shape);
        Plane slope = Outside(shape).Planes[^1];
        return ConvexSolid.FromPlanes([.. ConvexSolid.BoxPlanes(new(-x + Wall, -y + Wall, 0), new(x - Wall, -Divider / 2, Height)), new Plane(slope.Normal, slope.D + SlopeWall)]);
    }

    private static ConvexSolid.Face Top(ConvexSolid recess) => recess.Faces.Single(f => f.Normal.Z > 0.99f);

    private static bool StandsIn(ConvexSolid? recess, Vector3 stud) => recess is not null && InsideFace(Top(recess), stud);

    private static void Shell(MeshBuilder mesh, BrickShape shape, ConvexSolid shell, int mainPlanes, Vector3[] opening, Vector3[]? recess)
    {
        foreach (ConvexSolid.Face face in shell.Faces)
        {
            List<Vector3[]> loops = [Loops.Split(face.Polygon)];
            if (face.PlaneIndex >= mainPlanes)
            {
                mesh.Face(face.Normal, loops, normalAt: p => BevelNormal(shell, mainPlanes, p));
                continue;
            }

            if (face.Normal.Z > 0.99f)
            {
                loops.AddRange(Studs(shape).Where(s => recess is null || s.Y > 0).Select(s => Ring(s, StudRadius)));
                loops.AddRange(recess is null ? [] : [recess]);
            }
            else if (face.Normal.Z < -0.99f)
            {
                loops.Add(opening);
            }
            else if (MathF.Abs(face.Normal.Y) > 0.99f)
            {
                Vector3 side = new(0, Half(shape).Y * face.Normal.Y, HoleHeight);
                loops.AddRange(shape.PinHoles.Select(x => SideRing(side with { X = x }, CounterboreRadius)));
                loops.AddRange(shape.AxleHoles.Select(x => SideCross(side with { X = x })));
            }

            mesh.Face(face.Normal, loops);
        }
    }

    /// <summary>A bevel takes the normals of the faces it lies between, so that it shades as a rounded edge.</summary>
    private static Vector3 BevelNormal(ConvexSolid shell, int mainPlanes, Vector3 at)
    {
        Vector3 sum = default, bevels = default;
        for (int i = 0; i < shell.Planes.Count; i++)
        {
            if (shell.Touches(i, at))
            {
                sum += i < mainPlanes ? shell.Planes[i].Normal : default;
                bevels += shell.Planes[i].Normal;
            }
        }

        return Vector3.Normalize(sum == default ? bevels : sum);
    }

    private static void Stud(MeshBuilder mesh, Vector3 foot, bool hollow)
    {
        Vector3 up = Vector3.UnitZ;
        Vector3[] ring = Ring(foot, StudRadius);
        mesh.Tube(foot, up, ring, [0, StudHeight - StudBevel], inward: false);
        Vector3[] shoulder = Loops.Shift(ring, up * (StudHeight - StudBevel));
        Vector3[] rim = Ring(foot + (up * StudHeight), StudRadius - StudBevel);
        Vector3[] outward = [.. ring.Select(p => Vector3.Normalize(p - foot))];
        Vector3[] upward = [.. Enumerable.Repeat(up, ring.Length)];
        mesh.Strip(shoulder, rim, outward, upward);
        if (!hollow)
        {
            mesh.Face(up, [rim]);
            return;
        }

        Vector3 top = foot + (up * StudHeight);
        Vector3[] bore = Ring(top, HollowStudRadius);
        mesh.Face(up, [rim, bore]);
        mesh.Tube(top, up, bore, [-HollowStudDepth, 0], inward: true);
        mesh.Face(up, [Loops.Shift(bore, up * -HollowStudDepth)]);
    }

    /// <summary>A stud without a floor, that stands on the sloping one of the recess.</summary>
    private static void OpenStud(MeshBuilder mesh, ConvexSolid recess, Vector3 place)
    {
        const float Top = Height + StudHeight;
        float[] parts = [0, 0.35f, 0.7f, 1];
        Vector3[] Level(Vector3[] ring, float part) => [.. ring.Select(p => Loops.Snap(p with { Z = float.Lerp(Floor(p) - Sunk, Top, part) }))];
        float Floor(Vector3 p) => recess.Planes.Where(q => q.Normal.Z < -0.1f).Max(q => (-q.D - (q.Normal.X * p.X) - (q.Normal.Y * p.Y)) / q.Normal.Z);

        Vector3[] outer = Ring(place, StudRadius), bore = Ring(place, HollowStudRadius);
        Vector3[] outward = [.. outer.Select(p => Vector3.Normalize(p - place))], inward = [.. outward.Select(n => -n)];
        for (int i = 1; i < parts.Length; i++)
        {
            mesh.Strip(Level(outer, parts[i - 1]), Level(outer, parts[i]), outward, outward);
            mesh.Strip(Level(bore, parts[i]), Level(bore, parts[i - 1]), inward, inward);
        }

        mesh.Face(Vector3.UnitZ, [Level(outer, 1), Level(bore, 1)]);
        Vector3[] down = [.. Enumerable.Repeat(-Vector3.UnitZ, outer.Length)];
        mesh.Strip(Level(bore, 0), Level(outer, 0), down, down);
    }

    private static Vector3[] Ring(Vector3 center, float radius, int segments = Segments) =>
        Loops.Circle(center, Vector3.UnitX, Vector3.UnitY, radius, segments);

    /// <summary>A circle around an axis along y, counter-clockwise as seen from +y.</summary>
    private static Vector3[] SideRing(Vector3 center, float radius) => Loops.Circle(center, Vector3.UnitZ, Vector3.UnitX, radius, Segments);

    private static Vector3[] SideCross(Vector3 center) =>
        Loops.Cross(center, Vector3.UnitZ, Vector3.UnitX, HoleRadius, AxleHalfWidth);

    private static bool InsideFace(ConvexSolid.Face face, Vector3 point)
    {
        for (int i = 0; i < face.Polygon.Length; i++)
        {
            (Vector3 a, Vector3 b) = (face.Polygon[i], face.Polygon[(i + 1) % face.Polygon.Length]);
            if (Vector3.Dot(Vector3.Cross(face.Normal, Vector3.Normalize(b - a)), point - a) < 0.2f)
            {
                return false;
            }
        }

        return true;
    }
}
