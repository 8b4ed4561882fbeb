using DataRig.Core;

namespace DataRig.Engine;

/// <summary>
/// Fixes what the scene would draw by chance: the digital twin of a rig knows which part it put where and how far
/// its table turned. Whatever is left null is drawn.
/// </summary>
public sealed record ScenePins
{
    public PartId? Part { get; init; }

    /// <summary>The name of the physical object. Two frames of one item with the same rig seed show the same plastic.</summary>
    public ItemId? Item { get; init; }

    /// <summary>The name of one of the scene's materials.</summary>
    public string? Material { get; init; }

    /// <summary>The name of one of the part's resting poses; see <see cref="PartLibrary.Poses"/> of the scene's library.</summary>
    public string? Pose { get; init; }

    /// <summary>Where the part's centre of mass lies on the table before it turns.</summary>
    public (double X, double Y)? PlacementMm { get; init; }

    /// <summary>How the part is turned on the table before that turns.</summary>
    public double? YawDegrees { get; init; }

    /// <summary>How far the table has turned.</summary>
    public double? TableAzimuthDegrees { get; init; }

    /// <summary>From which camera, lights, table, backdrop, sensor gains and materials are drawn, at index 0, instead of from the frame's draws: one seed a rig session.</summary>
    public Seed? RigSeed { get; init; }
}
