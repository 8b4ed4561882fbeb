using System.ComponentModel.DataAnnotations;

namespace DataRig.Rig;

/// <summary>The bounds that a session's pictures must keep to.</summary>
public sealed record ShotGateOptions
{
    /// <summary>How many first frames under each light are what the later ones are compared with.</summary>
    [Range(1, 50)]
    public int FirstFrames { get; init; } = 3;

    /// <summary>How far a picture may be brighter or darker than the first frames, in stops (1 is twice the light), before it is marked.</summary>
    [Range(0.01, 10.0)]
    public double MaxDriftStops { get; init; } = 0.25;

    /// <summary>How far red or blue may move against green, in stops, before a picture is marked.</summary>
    [Range(0.01, 10.0)]
    public double MaxColorDriftStops { get; init; } = 0.15;

    /// <summary>The share of pixels that may be burnt out (a channel at its top), beyond that of the first frames, before a picture is marked.</summary>
    [Range(0.0, 1.0)]
    public double MaxClippedShare { get; init; } = 0.05;

    /// <summary>Below this share of the first frames' sharpness a picture is marked; 0 never does.</summary>
    [Range(0.0, 1.0)]
    public double SoftBelow { get; init; } = 0.5;

    /// <summary>Below this share of the first frames' sharpness a picture is refused and taken again; 0 never does.</summary>
    [Range(0.0, 1.0)]
    public double BlurredBelow { get; init; } = 0.3;
}
