using System.ComponentModel.DataAnnotations;
using DataRig.Core.Configuration;

namespace DataRig.Learning;

/// <summary>
/// How training pictures are varied. Every strength at 0 (or false) leaves the picture as it is. Bricks to be
/// recognized come in colours never seen, so colour must carry no information: it is varied most. In a configuration
/// <c>"none"</c> and <c>"default"</c> stand for all of them at once.
/// </summary>
public sealed record AugmentationOptions : IConfigurationShorthand<AugmentationOptions>
{
    /// <summary>No variation at all.</summary>
    public static AugmentationOptions None { get; } = new()
    {
        Mirror = false, RotationDegrees = 0, Zoom = 0, Shift = 0, ColorMixing = 0, Grey = 0, Curve = 0, Tone = 0, Brightness = 0, Noise = 0, Blur = 0, CutOut = 0,
    };

    /// <summary>Whether half of the pictures are mirrored. Wrong for parts that come left- and right-handed: name those in <see cref="Handed"/>.</summary>
    public bool Mirror { get; init; } = true;

    /// <summary>The share of pictures that are turned upside down by a reflection.</summary>
    [Range(0, 1)]
    public double Upend { get; init; }

    /// <summary>Parts that differ from their mirror image: their pictures are never reflected. Null for none.</summary>
    public IReadOnlyList<string>? Handed { get; init; }

    /// <summary>Turned by up to this much either way.</summary>
    [Range(0, 180)]
    public double RotationDegrees { get; init; } = 10;

    /// <summary>Scaled by up to this share either way; keep it small where parts differ by size alone.</summary>
    [Range(0, 0.5)]
    public double Zoom { get; init; } = 0.05;

    /// <summary>Shifted by up to this share of the picture's side in each direction.</summary>
    [Range(0, 0.5)]
    public double Shift { get; init; } = 0.05;

    /// <summary>Up to this share of the picture's side is cut off, and the rest enlarged to the whole.</summary>
    [Range(0, 0.5)]
    public double Crop { get; init; }

    /// <summary>Slanted by up to this much either way.</summary>
    [Range(0, 45)]
    public double ShearDegrees { get; init; }

    /// <summary>Seen from aside: opposite edges become longer and shorter by up to this share.</summary>
    [Range(0, 0.5)]
    public double Perspective { get; init; }

    /// <summary>The share of pictures whose channels are mixed at random, which changes every hue and leaves the table neutral.</summary>
    [Range(0, 1)]
    public double ColorMixing { get; init; } = 0.8;

    /// <summary>The share of pictures that lose their colour.</summary>
    [Range(0, 1)]
    public double Grey { get; init; } = 0.3;

    /// <summary>
    /// The share of pictures whose tones are replaced along a random curve, so that being light or dark tells nothing: what is
    /// left are edges and their places. It slows learning down: give it more epochs.
    /// </summary>
    [Range(0, 1)]
    public double Curve { get; init; }

    /// <summary>How much a part is made lighter or darker against the table, as the natural logarithm of the largest gamma.</summary>
    [Range(0, 2)]
    public double Tone { get; init; } = 0.7;

    /// <summary>Brighter or darker by up to this share.</summary>
    [Range(0, 1)]
    public double Brightness { get; init; } = 0.15;

    /// <summary>Contrast about middle grey, more or less by up to this share.</summary>
    [Range(0, 1)]
    public double Contrast { get; init; }

    /// <summary>Stronger or paler colours by up to this share.</summary>
    [Range(0, 1)]
    public double Saturation { get; init; }

    /// <summary>Every hue turned by up to this much either way.</summary>
    [Range(0, 180)]
    public double HueDegrees { get; init; }

    /// <summary>The largest standard deviation of added noise, where 1 is the whole range from black to white.</summary>
    [Range(0, 0.5)]
    public double Noise { get; init; } = 0.03;

    /// <summary>The share of pictures that are blurred a little.</summary>
    [Range(0, 1)]
    public double Blur { get; init; } = 0.2;

    /// <summary>The share of pictures that are compressed as JPEG, at a quality between 20 and 90.</summary>
    [Range(0, 1)]
    public double Jpeg { get; init; }

    /// <summary>The largest side of a square painted over, as a share of the picture's side; small enough that the part shows.</summary>
    [Range(0, 0.4)]
    public double CutOut { get; init; } = 0.15;

    /// <summary>
    /// Pictures are laid over each other in pairs, and their parts are both right in the same proportion, which is drawn once a batch
    /// from a beta distribution with this number twice (Zhang et al., 2018); 0 mixes nothing, 0.2 is usual.
    /// </summary>
    [Range(0, 10)]
    public double MixUp { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(string text, out AugmentationOptions? value, out string expected)
    {
        expected = "an object, \"none\" or \"default\"";
        value = text switch { "none" => None, "default" => new AugmentationOptions(), _ => null };
        return value is not null;
    }
}
