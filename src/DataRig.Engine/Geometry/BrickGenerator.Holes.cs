using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>The holes that run through along y.</summary>
public static partial class BrickGenerator
{
    private static void PinHole(MeshBuilder mesh, BrickShape shape, float x)
    {
        float side = Half(shape).Y;
        Vector3 center = new(x, 0, HoleHeight);
        Vector3[] wide = SideRing(center, CounterboreRadius), narrow = SideRing(center, HoleRadius);
        float floor = side - CounterboreDepth;
        Vector3 axis = Vector3.UnitY;
        mesh.Tube(center, axis, wide, [floor, side], inward: true);
        mesh.Tube(center, axis, wide, [-side, -floor], inward: true);
        mesh.Tube(center, axis, narrow, [-floor, -floor / 3, floor / 3, floor], inward: true);
        mesh.Face(axis, [Loops.Shift(wide, axis * floor), Loops.Shift(narrow, axis * floor)]);
        mesh.Face(-axis, [Loops.Shift(wide, axis * -floor), Loops.Shift(narrow, axis * -floor)]);
    }

    private static void AxleHole(MeshBuilder mesh, BrickShape shape, float x)
    {
        float side = Half(shape).Y;
        Vector3 center = new(x, 0, HoleHeight);
        Vector3[] cross = SideCross(center);
        float[] places = [-side, -side / 2, 0, side / 2, side];
        for (int i = 1; i < places.Length; i++)
        {
            mesh.FlatStrip(Loops.Shift(cross, Vector3.UnitY * places[i]), Loops.Shift(cross, Vector3.UnitY * places[i - 1]));
        }
    }

    /// <summary>The middles of the holes that run through along y.</summary>
    private static IEnumerable<Vector3> Holes(BrickShape shape) => shape.PinHoles.Concat(shape.AxleHoles).Select(x => new Vector3(x, 0, HoleHeight));
}
