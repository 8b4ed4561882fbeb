using System.ComponentModel.DataAnnotations;

namespace DataRig.Engine;

/// <summary>How a prop's surface takes light.</summary>
public sealed record SurfaceOptions
{
    public ColorDistribution Color { get; init; } = ColorDistribution.FromHex("#808080");

    [Range(0.05, 1)]
    public Distribution Roughness { get; init; } = 0.5;

    /// <summary>Light mirrored straight on, in [0, 1]; plastics have 0.04 to 0.05.</summary>
    [Range(0, 1)]
    public Distribution Specular { get; init; } = 0.04;

    /// <summary>A picture file in the scene's folder, laid on from each of the six sides over and over; the colour tints it.</summary>
    public string? Texture { get; init; }

    /// <summary>How wide the picture lies.</summary>
    [Range(1, 5000)]
    public double TextureMm { get; init; } = 100;
}
