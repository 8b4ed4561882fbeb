using System.ComponentModel.DataAnnotations;
using DataRig.Core.Configuration;

namespace DataRig.Learning;

/// <summary>Which part of a picture a model sees.</summary>
public enum CropMode
{
    /// <summary>A window of fixed size around the part, which is found against the table: parts that differ by length alone stay different.</summary>
    Part,

    /// <summary>The same window around the part's labelled box in training; pictures without labels, and all that prove a model, have theirs around the part that is found.</summary>
    Box,

    /// <summary>The same rectangle of every picture.</summary>
    Rectangle,

    /// <summary>The whole picture.</summary>
    None,
}

/// <summary>A rectangle as shares of a picture's width and height, from its top left corner.</summary>
public sealed record CropRectangle : IValidatedOptions
{
    [Range(0, 1)]
    public required double X { get; init; }

    [Range(0, 1)]
    public required double Y { get; init; }

    [Range(0.01, 1)]
    public required double Width { get; init; }

    [Range(0.01, 1)]
    public required double Height { get; init; }

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (X + Width > 1 + 1e-9 || Y + Height > 1 + 1e-9)
        {
            yield return ("", FormattableString.Invariant($"the rectangle reaches to {X + Width} across and {Y + Height} down, the picture ends at 1"));
        }
    }
}

/// <summary>How a picture becomes a model's input. A model keeps these with it, so that training, validation and prediction agree.</summary>
public sealed record PreprocessingOptions : IValidatedOptions
{
    public CropMode Crop { get; init; } = CropMode.Part;

    /// <summary>
    /// The window's side over the picture's width: wide enough to tell the longest parts from the others, although their
    /// ends may be cut, and narrow enough that holes and studs keep their pixels.
    /// </summary>
    [Range(0.1, 1)]
    public double CropFraction { get; init; } = 0.6;

    /// <summary>What <see cref="CropMode.Rectangle"/> cuts out; null for the other modes.</summary>
    public CropRectangle? Rectangle { get; init; }

    /// <summary>Side of the network's input in pixels; the window is resized to it with antialias.</summary>
    [Range(32, 512)]
    public int InputPixels { get; init; } = 64;

    /// <summary>
    /// The window is cut into so many rows of so many patches, each of <see cref="InputPixels"/>: small details keep their pixels. The
    /// network looks at each patch alone and decides by what it saw in any of them.
    /// </summary>
    [Range(1, 8)]
    public int Patches { get; init; } = 1;

    /// <summary>Whether the table's own tint and shading are divided out, so that the light is no cue.</summary>
    public bool BalanceTable { get; init; } = true;

    /// <summary>Whether the network sees no colour at all.</summary>
    public bool Grey { get; init; }

    /// <summary>Side of the prepared picture in pixels, all patches together.</summary>
    internal int Side => InputPixels * Patches;

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if ((Crop == CropMode.Rectangle) != (Rectangle is not null))
        {
            yield return ("rectangle", "the crop \"rectangle\" and a \"rectangle\": {\"x\": 0.2, \"y\": 0.2, \"width\": 0.6, \"height\": 0.6} belong together; one of them is missing");
        }

        if (Side > 1024)
        {
            yield return ("patches", $"{Patches} times {Patches} patches of {InputPixels} pixels make {Side} pixels across; at most 1024");
        }
    }
}
