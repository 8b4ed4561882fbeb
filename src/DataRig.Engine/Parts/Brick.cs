using System.Collections.Concurrent;
using System.Numerics;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Parts;

/// <summary>Models of the bricks that the engine makes itself.</summary>
internal static class Brick
{
    private static readonly ConcurrentDictionary<BrickShape, Lazy<PartModel>> Models = new();

    /// <summary>Made on first use, then shared by all scenes and threads.</summary>
    public static PartModel Model(BrickShape shape) => Models.GetOrAdd(shape, s => new Lazy<PartModel>(() => Make(s))).Value;

    private static PartModel Make(BrickShape shape)
    {
        Mesh mesh = BrickGenerator.Generate(shape);
        Vector3 center = mesh.Mass().Center;
        return new PartModel(
            shape.Name, mesh, BrickGenerator.GenerateOutline(shape, studSegments: 8), ConvexHull.Corners(mesh.Positions), center,
            () => RestingPoses.Find([.. BrickGenerator.GenerateOutline(shape, studSegments: 16).Positions.Distinct()], center, down => PoseName(shape, down)));
    }

    private static string PoseName(BrickShape shape, Vector3 down)
    {
        const float Close = 0.99f;
        bool square = shape.Length == shape.Width;
        bool sloped = shape.Profile != BrickProfile.Straight;
        Vector3 slope = Vector3.Normalize(new Vector3(0, -1, shape.Profile == BrickProfile.Slope ? 1 : -1));
        return down switch
        {
            { Z: < -Close } => "studs-up",
            { Z: > Close } => "upside-down",
            { X: > Close } => sloped ? "on-right-side" : square ? "on-side" : "on-end",
            { X: < -Close } => sloped ? "on-left-side" : square ? "on-side" : "on-end",
            { Y: > Close } when sloped => "on-back",
            { Y: < -Close } when sloped => "on-front",
            { Y: > Close or < -Close } => square ? "on-side" : "on-long-side",
            _ when sloped && Vector3.Dot(down, slope) > Close => "on-slope",
            { Z: > 0 } => "tilted-on-studs",
            _ => "tilted",
        };
    }
}
