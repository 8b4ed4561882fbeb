using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Auditing;

/// <summary>What a look at one frame shows.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="FoundShare">The box of what stands out from the table as a share of the picture, from 0 to 1; null where nothing does.</param>
/// <param name="LabelledPixels">How many pixels the part's mask has, or its box where there is no mask, the largest where there are several; null where the frame has no such label.</param>
/// <param name="Tint">The table's colour at the middle of the picture.</param>
internal sealed record Sight(FrameRecord Frame, double? FoundShare, double? LabelledPixels, Tint Tint)
{
    /// <summary>The label as a share of the picture, else what was found.</summary>
    public double? Share => LabelledPixels is { } pixels ? pixels / Pixels : FoundShare;

    private double Pixels => (double)Frame.Width * Frame.Height;

    public static Sight Of(FrameRecord frame, Picture picture, PartLocation location, IReadOnlyList<Annotation> annotations)
    {
        double[] labelled = [.. annotations.Where(a => a.Part == frame.Part).Select(a => a.Mask is { } mask ? mask.Area : a.Box.Area)];
        return new Sight(
            frame,
            location.Found ? location.Box.Area / ((double)picture.Width * picture.Height) : null,
            labelled.Length == 0 ? null : labelled.Max(),
            Tint.Of(location.Table.At(0.5, 0.5)));
    }
}

/// <summary>A colour without its brightness: the natural logarithms of red over green and of blue over green. 0.1 more is a tenth redder, or bluer.</summary>
internal readonly record struct Tint(double Red, double Blue)
{
    /// <summary>The larger of the two, without its sign.</summary>
    public double Size => Math.Max(Math.Abs(Red), Math.Abs(Blue));

    public static Tint Of((double R, double G, double B) color) =>
        new(Math.Log(Math.Max(1, color.R) / Math.Max(1, color.G)), Math.Log(Math.Max(1, color.B) / Math.Max(1, color.G)));

    public static Tint operator -(Tint a, Tint b) => new(a.Red - b.Red, a.Blue - b.Blue);

    public static Tint Mean(IReadOnlyCollection<Tint> tints) => new(tints.Average(t => t.Red), tints.Average(t => t.Blue));

    /// <summary>The middle one of each.</summary>
    public static Tint Median(IReadOnlyCollection<Tint> tints) => new(Middle(tints.Select(t => t.Red)), Middle(tints.Select(t => t.Blue)));

    private static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
