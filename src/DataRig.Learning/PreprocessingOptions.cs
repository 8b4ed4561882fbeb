using System.ComponentModel.DataAnnotations;

namespace DataRig.Learning;

/// <summary>Which part of a picture a model sees.</summary>
public enum CropMode
{
    /// <summary>A window of fixed size around the part: parts that differ by length alone stay different.</summary>
    Part,

    /// <summary>The whole picture.</summary>
    None,
}

/// <summary>How a picture becomes a model's input. A model keeps these with it, so that training, validation and prediction agree.</summary>
public sealed record PreprocessingOptions
{
    public CropMode Crop { get; init; } = CropMode.Part;

    /// <summary>
    /// The window's side over the picture's width: wide enough to tell the longest parts from the others, although their
    /// ends may be cut, and narrow enough that holes and studs keep their pixels.
    /// </summary>
    [Range(0.1, 1)]
    public double CropFraction { get; init; } = 0.6;

    /// <summary>Side of the network's input in pixels; the window is resized to it with antialias.</summary>
    [Range(32, 512)]
    public int InputPixels { get; init; } = 64;

    /// <summary>Whether the table's own tint and shading are divided out, so that the light is no cue.</summary>
    public bool BalanceTable { get; init; } = true;
}
