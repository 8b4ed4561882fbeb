using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>What stands in the hollow underside: tubes, posts and ribs.</summary>
public static partial class BrickGenerator
{
    /// <summary>Tubes between four studs, posts between two, standing in the cavity: the middles of their feet.</summary>
    private static IEnumerable<(Vector3 Center, float Radius)> Pillars(BrickShape shape)
    {
        if (shape.Profile == BrickProfile.InvertedSlope)
        {
            yield break; // a small tongue takes the place of a tube
        }

        for (int i = 1; i < shape.Length; i++)
        {
            float x = (i - (shape.Length / 2f)) * Pitch;
            yield return shape.Width > 1 ? (new(x, 0, 0), TubeRadius)
                : (new(x, 0, 0), PostRadius);
        }
    }

    /// <summary>A tube or post from the bottom up into the roof, which may slope; under a hole it ends in the sleeve.</summary>
    private static void Pillar(MeshBuilder mesh, ConvexSolid cavity, Vector3 foot, float radius, bool underSleeve)
    {
        Vector3[] Level(Vector3[] ring, float part, float deeper) => [.. ring.Select(p => Loops.Snap(p with { Z = (Ceiling(p) * part) + deeper }))];
        float Ceiling(Vector3 p) => underSleeve
            ? HoleHeight - SleeveRadius - 0.1f
            : cavity.Planes.Where(q => q.Normal.Z > 0.1f).Min(q => (-q.D - (q.Normal.X * p.X) - (q.Normal.Y * p.Y)) / q.Normal.Z);
        (float Part, float Deeper)[] levels = [(0, 0), (0.35f, 0), (0.7f, 0), (0.99f, 0), (1, Sunk)];

        void Wall(Vector3[] ring, bool inward)
        {
            Vector3[] normals = [.. ring.Select(p => Vector3.Normalize(p - foot) * (inward ? -1 : 1))];
            for (int i = 1; i < levels.Length; i++)
            {
                (Vector3[] low, Vector3[] high) = (Level(ring, levels[i - 1].Part, levels[i - 1].Deeper), Level(ring, levels[i].Part, levels[i].Deeper));
                (Vector3[] first, Vector3[] second) = inward ? (high, low) : (low, high);
                mesh.Strip(first, second, normals, normals);
            }
        }

        void Caps(params Vector3[][] rings)
        {
            mesh.Face(-Vector3.UnitZ, [.. rings.Select(r => Level(r, 0, 0))]);
            Cap(mesh, [.. rings.Select(r => Level(r, 1, Sunk))]);
        }

        Vector3[] outer = Ring(foot, radius, radius > 2 ? Segments : 12);
        Wall(outer, inward: false);
        if (radius < TubeRadius)
        {
            Caps(outer);
            return;
        }

        Vector3[] bore = Ring(foot, TubeBore);
        Wall(bore, inward: true);
        Caps(outer, bore);
    }

    /// <summary>The hidden top of a pillar, which need not be flat.</summary>
    private static void Cap(MeshBuilder mesh, Vector3[][] rings)
    {
        Vector3[] up = [.. Enumerable.Repeat(Vector3.UnitZ, rings[0].Length)];
        if (rings.Length == 2)
        {
            mesh.Strip(rings[0], rings[1], up, up);
        }
        else
        {
            mesh.Face(Vector3.UnitZ, rings);
        }
    }

    /// <summary>A thin wall across the underside, from one y to another, that starts above the rim.</summary>
    private static void Rib(MeshBuilder mesh, float x, float fromY, float toY) =>
        Block(mesh, new(x - RibHalfWidth, fromY, RibFoot), new(x + RibHalfWidth, toY, Height - Roof + Sunk));

    private static void Block(MeshBuilder mesh, Vector3 low, Vector3 high)
    {
        foreach (ConvexSolid.Face face in ConvexSolid.FromPlanes(ConvexSolid.BoxPlanes(low, high)).Faces)
        {
            mesh.Face(face.Normal, [Loops.Split(face.Polygon, 2)]);
        }
    }
}
