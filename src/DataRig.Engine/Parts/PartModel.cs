using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Parts;

/// <summary>Everything that drawing and placing a part takes. Made once, then only read.</summary>
internal sealed class PartModel
{
    public PartModel(BrickShape shape)
    {
        Part = shape.Part;
        Name = shape.Name;
        Mesh = BrickGenerator.Generate(shape);
        Outline = BrickGenerator.GenerateOutline(shape, studSegments: 8);
        Transfer = Parts.Transfer.Bake(Mesh);
        Center = Mesh.Mass().Center;
        Poses = RestingPoses.Find([.. BrickGenerator.GenerateOutline(shape, studSegments: 16).Positions.Distinct()], Center, down => PoseName(shape, down));
        Radius = Mesh.Positions.Max(p => Vector3.Distance(p, Center));
    }

    public PartId Part { get; }

    public string Name { get; }

    public Mesh Mesh { get; }

    /// <summary>The outline that casts the shadow; it holds the part but for a sliver of its studs.</summary>
    public Mesh Outline { get; }

    /// <summary>See <see cref="Parts.Transfer"/>.</summary>
    public float[] Transfer { get; }

    /// <summary>How it can lie, the likeliest first.</summary>
    public IReadOnlyList<RestingPose> Poses { get; }

    /// <summary>The centre of mass in the part's own frame.</summary>
    public Vector3 Center { get; }

    /// <summary>Of a ball around the centre of mass that holds it, in mm.</summary>
    public float Radius { get; }

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
