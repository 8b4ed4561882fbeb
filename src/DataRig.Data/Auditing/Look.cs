using DataRig.Core;

namespace DataRig.Data.Auditing;

/// <summary>How a picture looks at a glance: enough to tell whether another one is the same, encoded anew, made smaller or lit a little differently.</summary>
internal sealed class Look
{
    private const int Side = 16;

    /// <summary>
    /// Two pictures whose colours differ by more than this many levels of 255 in one of 256 fields are not the same: the structure
    /// of a red and a blue brick in one place is alike, their colours are not.
    /// </summary>
    private const double SameColour = 24;

    private readonly PerceptualHash _structure;
    private readonly float[] _colours;

    private Look(PerceptualHash structure, float[] colours)
    {
        _structure = structure;
        _colours = colours;
    }

    public PerceptualHash Structure => _structure;

    public static Look Of(Picture picture)
    {
        byte[] small = ImageCodec.Resize(picture, Side, Side).Rgb;
        // Brightness is evened out: a lamp that grew warm makes no other picture.
        double mean = Math.Max(1, small.Average(v => (double)v));
        return new Look(PerceptualHash.Of(picture), [.. small.Select(v => (float)(v * 128 / mean))]);
    }

    /// <summary>Whether the colours are the same all over, once the structure is.</summary>
    public bool SameColours(Look other)
    {
        for (int i = 0; i < _colours.Length; i++)
        {
            if (Math.Abs(_colours[i] - other._colours[i]) > SameColour)
            {
                return false;
            }
        }

        return true;
    }
}
