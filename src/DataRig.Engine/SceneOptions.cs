using System.ComponentModel.DataAnnotations;

namespace DataRig.Engine;

/// <summary>The picture's size in pixels.</summary>
public sealed record ImageOptions
{
    [Range(16, 2048)]
    public int Width { get; init; } = 224;

    [Range(16, 2048)]
    public int Height { get; init; } = 224;
}

/// <summary>A pinhole camera that looks at a point near the table's middle.</summary>
public sealed record CameraOptions
{
    /// <summary>Above the table's plane, seen from the point looked at.</summary>
    [Range(5, 89)]
    public Distribution ElevationDegrees { get; init; } = 38;

    /// <summary>Around the table, counter-clockwise from the front (-y).</summary>
    [Range(-360, 360)]
    public Distribution AzimuthDegrees { get; init; } = 0;

    [Range(20, 5000)]
    public Distribution DistanceMm { get; init; } = 75;

    [Range(5, 120)]
    public Distribution VerticalFieldOfViewDegrees { get; init; } = 48.8;

    [Range(-180, 180)]
    public Distribution RollDegrees { get; init; } = 0;

    [Range(-500, 500)]
    public Distribution LookAtXMm { get; init; } = 0;

    [Range(-500, 500)]
    public Distribution LookAtYMm { get; init; } = 0;

    [Range(-100, 500)]
    public Distribution LookAtZMm { get; init; } = 0;

    /// <summary>How wide the lens is open: 0 shows everything sharp; a Raspberry Pi's camera module 3 has 2.6, a 50 mm lens at f/8 6.</summary>
    [Range(0, 50)]
    public Distribution ApertureMm { get; init; } = 0;

    /// <summary>How far beyond the point looked at the lens is focused; less than 0 before it.</summary>
    [Range(-1000, 1000)]
    public Distribution FocusOffsetMm { get; init; } = 0;
}

/// <summary>A matte round table; its upper side is z = 0, its axis x = y = 0.</summary>
public sealed record TableOptions
{
    [Range(10, 2000)]
    public Distribution RadiusMm { get; init; } = 100;

    public ColorDistribution Color { get; init; } = ColorDistribution.FromHex("#ececec");

    /// <summary>How far the disk's middle is off its axis; it turns with the table.</summary>
    [Range(0, 20)]
    public Distribution EccentricityMm { get; init; } = 1;

    /// <summary>How blotchy the surface is, as a share of its brightness.</summary>
    [Range(0, 0.5)]
    public Distribution Mottle { get; init; } = 0.01;
}

/// <summary>What stands beyond and below the table's edge.</summary>
public sealed record BackdropOptions
{
    public ColorDistribution Color { get; init; } = ColorDistribution.FromHex("#101014");

    /// <summary>How much darker and lighter things lie about there, 0 for none.</summary>
    [Range(0, 4)]
    public Distribution Clutter { get; init; } = 1;
}

/// <summary>A round lamp; the further off and larger, the softer its shadows.</summary>
public sealed record LightOptions
{
    public required string Name { get; init; }

    /// <summary>Around the table, counter-clockwise from the front (-y): 90 is right of the camera, 180 opposite.</summary>
    [Range(-360, 360)]
    public Distribution AzimuthDegrees { get; init; } = 0;

    [Range(5, 90)]
    public Distribution ElevationDegrees { get; init; } = 50;

    /// <summary>From the table's middle.</summary>
    [Range(50, 5000)]
    public Distribution DistanceMm { get; init; } = 300;

    [Range(0, 1000)]
    public Distribution RadiusMm { get; init; } = 40;

    public ColorDistribution Color { get; init; } = ColorDistribution.FromHex("#ffffff");

    /// <summary>Light on a surface in the table's middle that faces it, where 1 makes white at exposure 1.</summary>
    [Range(0, 20)]
    public Distribution Intensity { get; init; } = 0.5;
}

/// <summary>Light from all around above the table.</summary>
public sealed record AmbientOptions
{
    public ColorDistribution Color { get; init; } = ColorDistribution.FromHex("#ffffff");

    [Range(0, 20)]
    public Distribution Intensity { get; init; } = 0.2;
}

/// <summary>A plastic that parts are made of; an item is a part in a material.</summary>
public sealed record MaterialOptions
{
    public required string Name { get; init; }

    public required ColorDistribution Color { get; init; }

    [Range(0.05, 1)]
    public Distribution Roughness { get; init; } = Distribution.Uniform(0.25, 0.45);

    /// <summary>Light mirrored straight on, in [0, 1]; plastics have 0.04 to 0.05.</summary>
    [Range(0, 1)]
    public Distribution Specular { get; init; } = 0.045;

    /// <summary>How often it is drawn against the others.</summary>
    [Range(0.001, 1000)]
    public double Weight { get; init; } = 1;

    /// <summary>The common colours of real bricks; white more often, since it is what most people have most of and what a light table hides.</summary>
    public static IReadOnlyList<MaterialOptions> Bricks { get; } =
    [
        Of("white", "#f0f0ec") with { Weight = 6 }, Of("light-grey", "#9a9fa3"), Of("dark-grey", "#63656a"), Of("black", "#1c1d20"),
        Of("red", "#b80f0a"), Of("dark-red", "#54101a"), Of("orange", "#e8731a"), Of("brown", "#5a2f1a"),
        Of("tan", "#d6c08c"), Of("yellow", "#ecc121"), Of("lime", "#a3c32a"), Of("green", "#1f7a3c"),
        Of("light-blue", "#5c9dd1"), Of("blue", "#0b4da8"), Of("purple", "#5a2a86"), Of("pink", "#e39ac0"),
    ];

    private static MaterialOptions Of(string name, string hex) => new() { Name = name, Color = ColorDistribution.FromHex(hex) };
}

/// <summary>Where parts lie on the table, and how.</summary>
public sealed record PlacementOptions
{
    /// <summary>Of the part's centre of mass, on the table before it turns.</summary>
    [Range(-500, 500)]
    public Distribution XMm { get; init; } = Distribution.Normal(0, 1.5);

    [Range(-500, 500)]
    public Distribution YMm { get; init; } = Distribution.Normal(0, 1.5);

    [Range(-360, 360)]
    public Distribution YawDegrees { get; init; } = Distribution.Uniform(0, 360);

    /// <summary>How far the table has turned, counter-clockwise from above.</summary>
    [Range(-360, 360)]
    public Distribution TableAzimuthDegrees { get; init; } = Distribution.Uniform(0, 360);

    /// <summary>How far the table goes on turning while a picture is exposed, for one that is not quite still.</summary>
    [Range(-10, 10)]
    public Distribution TurnWhileExposedDegrees { get; init; } = 0;

    /// <summary>
    /// Spreads each part's frames evenly over the view sphere and its size in the picture, where the turn, the camera's elevation
    /// and its distance are drawn from ranges, instead of drawing each by chance.
    /// </summary>
    public bool Even { get; init; }

    /// <summary>0: each resting pose of a part as often as the next; 1: as often as a part that is dropped comes to lie so.</summary>
    [Range(0, 1)]
    public double PoseSharpness { get; init; } = 0.5;

    /// <summary>In how many of its resting poses a part lies, the likeliest first; all unless given.</summary>
    [Range(1, 100)]
    public int Poses { get; init; } = 100;

    /// <summary>How many more parts lie about, apart from the one that the frame is of.</summary>
    [Range(0, 8)]
    public Distribution Distractors { get; init; } = 0;

    /// <summary>How far the middles of those are from the table's axis.</summary>
    [Range(0, 500)]
    public Distribution DistractorDistanceMm { get; init; } = Distribution.Uniform(22, 50);
}

/// <summary>What the camera makes of the light.</summary>
public sealed record SensorOptions
{
    [Range(0.01, 100)]
    public Distribution Exposure { get; init; } = 1;

    /// <summary>Gain of the red channel against green.</summary>
    [Range(0.2, 5)]
    public Distribution RedGain { get; init; } = 1;

    /// <summary>Gain of the blue channel against green.</summary>
    [Range(0.2, 5)]
    public Distribution BlueGain { get; init; } = 1;

    /// <summary>How much darker the corners are than the middle, in [0, 1].</summary>
    [Range(0, 1)]
    public Distribution Vignette { get; init; } = 0.15;

    /// <summary>Standard deviation of the lens' blur.</summary>
    [Range(0, 0.7)]
    public Distribution BlurPixels { get; init; } = 0.45;

    /// <summary>0: none; 1: edges are made as much steeper as they are steep.</summary>
    [Range(0, 3)]
    public Distribution Sharpening { get; init; } = 0.3;

    /// <summary>0: tones as sRGB has them; 1: the steep curve of small cameras such as the Raspberry Pi's, which leaves dark places dark.</summary>
    [Range(0, 1)]
    public Distribution Contrast { get; init; } = 0;

    /// <summary>Standard deviation of the noise of light itself at white, as a share of white; it grows with the root of the light.</summary>
    [Range(0, 0.5)]
    public Distribution ShotNoise { get; init; } = 0.009;

    /// <summary>Standard deviation of the noise that is there in the dark, as a share of white.</summary>
    [Range(0, 0.2)]
    public Distribution ReadNoise { get; init; } = 0.002;

    [Range(1, 100)]
    public Distribution JpegQuality { get; init; } = 90;
}
