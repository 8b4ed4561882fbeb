using DataRig.Core;

namespace DataRig.Engine.Geometry;

/// <summary>The outline of a brick seen from its end.</summary>
public enum BrickProfile
{
    Straight,

    /// <summary>The front row of studs gives way to a 45 degree slope.</summary>
    Slope,

    /// <summary>The slope is cut from below: the studs stand out over a narrower foot.</summary>
    InvertedSlope,
}

/// <summary>What makes one kind of brick; measures that all share are in <see cref="BrickGenerator"/>.</summary>
public sealed record BrickShape
{
    public required PartId Part { get; init; }

    /// <summary>What it is, in words.</summary>
    public required string Name { get; init; }

    /// <summary>Studs along x.</summary>
    public required int Length { get; init; }

    /// <summary>Studs along y.</summary>
    public required int Width { get; init; }

    public BrickProfile Profile { get; init; }

    public bool HollowStuds { get; init; }

    /// <summary>Where round holes run through along y, in mm along x.</summary>
    public IReadOnlyList<float> PinHoles { get; init; } = [];

    /// <summary>Where cross-shaped holes run through along y, in mm along x.</summary>
    public IReadOnlyList<float> AxleHoles { get; init; } = [];

    /// <summary>Where thin walls stiffen the underside between tube and side walls, in mm along x.</summary>
    public IReadOnlyList<float> Ribs { get; init; } = [];

    /// <summary>Studs on top.</summary>
    public int StudCount => Profile == BrickProfile.Slope ? Length * (Width - 1) : Length * Width;

    /// <summary>The parts that the engine can make, by name.</summary>
    public static IReadOnlyList<BrickShape> Known { get; } =
    [
        new() { Part = new("2456"), Name = "brick 2x6", Length = 6, Width = 2, Ribs = [-8, 8] },
        new() { Part = new("3001"), Name = "brick 2x4", Length = 4, Width = 2, Ribs = [0] },
        new() { Part = new("3002"), Name = "brick 2x3", Length = 3, Width = 2, Ribs = [-4, 4] },
        new() { Part = new("3003"), Name = "brick 2x2", Length = 2, Width = 2 },
        new() { Part = new("3004"), Name = "brick 1x2", Length = 2, Width = 1 },
        new() { Part = new("3010"), Name = "brick 1x4", Length = 4, Width = 1 },
        new() { Part = new("3039"), Name = "slope 45 2x2", Length = 2, Width = 2, Profile = BrickProfile.Slope },
        new() { Part = new("32064"), Name = "brick 1x2 with axle hole", Length = 2, Width = 1, HollowStuds = true, AxleHoles = [0] },
        new() { Part = new("3660"), Name = "slope 45 2x2 inverted", Length = 2, Width = 2, Profile = BrickProfile.InvertedSlope },
        new() { Part = new("3701"), Name = "brick 1x4 with three pin holes", Length = 4, Width = 1, HollowStuds = true, PinHoles = [-8, 0, 8] },
    ];
}
