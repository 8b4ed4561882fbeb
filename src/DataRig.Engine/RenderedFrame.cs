using DataRig.Core;

namespace DataRig.Engine;

/// <summary>A picture that the engine drew, with labels that are true by construction.</summary>
public sealed record RenderedFrame
{
    /// <summary>What the sensor made of it, before the camera's JPEG.</summary>
    public required Picture Picture { get; init; }

    /// <summary>What quality the camera's JPEG has, 1 to 100.</summary>
    public required int JpegQuality { get; init; }

    /// <summary>The numbers it was drawn from.</summary>
    public required SampledScene Scene { get; init; }

    /// <summary>The parts seen, the one that the frame is of first; a part of which no pixel is seen has none.</summary>
    public required IReadOnlyList<Annotation> Annotations { get; init; }

    /// <summary>How the camera projects.</summary>
    public required Intrinsics Intrinsics { get; init; }

    /// <summary>How far off each pixel's surface is, the table's included; null unless asked for.</summary>
    public DepthMap? Depth { get; init; }

    /// <summary>Which way each pixel's surface faces, as <see cref="MapKind.Normals"/> says; null unless asked for.</summary>
    public Picture? Normals { get; init; }

    /// <summary>Whether the labels agree with the geometry that they were drawn from.</summary>
    public LabelVerdict Verdict { get; init; } = new([], true);

    public PartId Part => Scene.Subject.Part;

    public ItemId Item => Scene.Subject.Item;

    /// <summary>How the part lies, such as <c>studs-up</c>.</summary>
    public string Pose => Scene.Subject.Pose;

    /// <summary>How far the table had turned, in [0, 360).</summary>
    public double AzimuthDegrees => Scene.TableAzimuthDegrees;

    /// <summary>The camera's height above the table's plane, seen from the point that it looks at.</summary>
    public double ElevationDegrees => Scene.Camera.ElevationDegrees;
}
