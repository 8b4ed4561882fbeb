using DataRig.Core;

namespace DataRig.Engine;

/// <summary>A number of a scene as a fit found it.</summary>
/// <param name="Key">Its place in the scene file, such as <c>camera.elevationDegrees</c> or <c>lights.warm.intensity</c>.</param>
/// <param name="Value">In the scene's units.</param>
/// <param name="Deviation">How far off it may be, or how far it varies from photograph to photograph; 0 where it is one number.</param>
/// <param name="MostDeviation">A normal distribution, which is cut off at three deviations, leaves what a scene may have beyond this.</param>
public sealed record FittedNumber(string Key, double Value, double Deviation, double MostDeviation)
{
    /// <summary>The deviation made so many times as wide, as far as a scene may have it.</summary>
    public double Widened(double times) => Math.Min(Deviation * times, MostDeviation);
}

/// <summary>A colour of a scene as a fit found it: <c>#rrggbb</c>.</summary>
/// <param name="Key">Its place in the scene file, such as <c>backdrop.color</c>.</param>
/// <param name="Color">sRGB.</param>
public sealed record FittedColor(string Key, string Color);

/// <summary>A photograph that a fit has seen, and how the part was found to lie in it.</summary>
/// <param name="Name">See <see cref="TwinObservation.Name"/>.</param>
/// <param name="Part">The part.</param>
/// <param name="Item">The item.</param>
/// <param name="Pose">The resting pose.</param>
/// <param name="YawDegrees">Around the table's axis.</param>
/// <param name="XMm">Of the centre of mass.</param>
/// <param name="YMm">Of the centre of mass.</param>
/// <param name="Overlap">Of the silhouettes, intersection over union.</param>
public sealed record FittedPhotograph(string Name, PartId Part, ItemId Item, string Pose, double YawDegrees, double XMm, double YMm, double Overlap);

/// <summary>The colour of an item's plastic.</summary>
/// <param name="Part">The part.</param>
/// <param name="Item">The item.</param>
/// <param name="Color">sRGB, <c>#rrggbb</c>.</param>
public sealed record FittedItem(PartId Part, ItemId Item, string Color);

/// <summary>What a fit found.</summary>
public sealed record TwinFit
{
    /// <summary>Of the photographs, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Of the photographs, in pixels.</summary>
    public required int Height { get; init; }

    public required IReadOnlyList<FittedNumber> Numbers { get; init; }

    public required IReadOnlyList<FittedColor> Colors { get; init; }

    public required IReadOnlyList<FittedPhotograph> Photographs { get; init; }

    public required IReadOnlyList<FittedItem> Items { get; init; }

    /// <summary>How well silhouettes cover each other, the median over the photographs, in [0, 1].</summary>
    public required double Overlap { get; init; }

    /// <summary>How far the table's light is off, the mean over its pixels, as a share of the light.</summary>
    public required double LightMisfit { get; init; }
}
