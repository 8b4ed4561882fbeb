using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Parts;

namespace DataRig.Engine;

/// <summary>A scene with every number drawn: one frame, ready to be rendered. Colours are linear RGB.</summary>
public sealed record SampledScene
{
    /// <summary>What draws of noise are made from.</summary>
    public required Draws Draws { get; init; }

    public required SampledCamera Camera { get; init; }

    public required SampledTable Table { get; init; }

    public required SampledBackdrop Backdrop { get; init; }

    public required IReadOnlyList<SampledLight> Lights { get; init; }

    public required Vector3 Ambient { get; init; }

    /// <summary>The part that the frame is of, then those that lie about.</summary>
    public required IReadOnlyList<SampledEntity> Entities { get; init; }

    /// <summary>What else stands about: drawn like the parts, but without a label.</summary>
    public IReadOnlyList<SampledBody> Props { get; init; } = [];

    public required SampledSensor Sensor { get; init; }

    /// <summary>How far the table has turned, in [0, 360).</summary>
    public required double TableAzimuthDegrees { get; init; }

    /// <summary>How far it goes on turning while the picture is exposed; the labels are those of the middle of that.</summary>
    public double TurnWhileExposedDegrees { get; init; }

    /// <summary>Every number drawn, by its parameter's name: the frame explains itself.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>The part that the frame is of.</summary>
    public SampledEntity Subject => Entities[0];

    /// <summary>All that is drawn and casts shadows: the parts, then the props.</summary>
    internal IEnumerable<SampledBody> Bodies => Entities.Concat(Props);

    /// <summary>Where something reaches below the table, the table as a body that hides it; else null, for it is drawn by arithmetic.</summary>
    internal SampledBody? Hiding => Props.Any(p => p.ReachesBelow(0))
        ? new(Table.Color, 1, 0, Matrix4x4.CreateScale(Table.Radius, Table.Radius, 1) * Matrix4x4.CreateTranslation(Table.Middle.X, Table.Middle.Y, -0.02f)) { Model = PartModel.Disk }
        : null;
}

/// <param name="Eye">In mm.</param>
/// <param name="LookAt">In mm.</param>
/// <param name="ElevationDegrees">Of the eye above the table's plane, seen from the point looked at.</param>
/// <param name="VerticalFieldOfViewDegrees">From the picture's top edge to its bottom edge.</param>
/// <param name="RollDegrees">Around the line of sight, clockwise for the picture.</param>
public sealed record SampledCamera(Vector3 Eye, Vector3 LookAt, double ElevationDegrees, double VerticalFieldOfViewDegrees, double RollDegrees)
{
    /// <summary>See <see cref="CameraOptions.ApertureMm"/>.</summary>
    public double ApertureMm { get; init; }

    /// <summary>See <see cref="CameraOptions.FocusOffsetMm"/>.</summary>
    public double FocusOffsetMm { get; init; }
}

/// <param name="Middle">Of the disk, off the axis, as the table has turned.</param>
/// <param name="Radius">In mm.</param>
/// <param name="Color">Albedo.</param>
/// <param name="Mottle">See <see cref="TableOptions.Mottle"/>.</param>
public sealed record SampledTable(Vector2 Middle, float Radius, Vector3 Color, float Mottle);

/// <param name="Color">Radiance.</param>
/// <param name="Clutter">See <see cref="BackdropOptions.Clutter"/>.</param>
/// <param name="Place">Shifts the clutter, so that frames differ.</param>
public sealed record SampledBackdrop(Vector3 Color, float Clutter, Vector2 Place);

/// <param name="Position">In mm.</param>
/// <param name="Radius">In mm.</param>
/// <param name="Radiance">Colour times intensity; as the irradiance over pi of a surface in the table's middle that faces it.</param>
public sealed record SampledLight(Vector3 Position, float Radius, Vector3 Radiance);

/// <summary>Something with a surface.</summary>
/// <param name="Color">Albedo.</param>
/// <param name="Roughness">In [0, 1].</param>
/// <param name="Specular">Reflectance straight on.</param>
/// <param name="Transform">From its own frame to the world's, as the table has turned.</param>
public record SampledBody(Vector3 Color, float Roughness, float Specular, Matrix4x4 Transform)
{
    public bool CastsShadow { get; init; } = true;

    /// <summary>What is laid on it, if anything, and how wide in mm.</summary>
    internal (Picture Picture, float WidthMm)? Texture { get; init; }

    /// <summary>Its mesh and how that takes light.</summary>
    internal PartModel Model { get; init; } = null!;

    /// <summary>Whether a corner of it lies below a height in the world, in mm.</summary>
    internal bool ReachesBelow(float height) => Model.Corners.Any(c => Vector3.Transform(c, Transform).Z < height - 0.01f);
}

/// <summary>A part on the table.</summary>
/// <param name="Part">The part.</param>
/// <param name="Item">The physical object.</param>
/// <param name="Material">The material's name.</param>
/// <param name="Pose">The resting pose's name.</param>
public sealed record SampledEntity(PartId Part, ItemId Item, string Material, string Pose, Vector3 Color, float Roughness, float Specular, Matrix4x4 Transform)
    : SampledBody(Color, Roughness, Specular, Transform);

/// <summary>See <see cref="SensorOptions"/>.</summary>
/// <param name="Gains">Exposure times the channels' gains.</param>
public sealed record SampledSensor(Vector3 Gains, float Vignette, float BlurPixels, float Sharpening, float ShotNoise, float ReadNoise, int JpegQuality)
{
    public float Contrast { get; init; }
}
