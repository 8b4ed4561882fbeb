using DataRig.Core;

namespace DataRig.Data.Auditing;

/// <summary>How much the levels of a picture differ.</summary>
internal static class Contrast
{
    /// <summary>Below this a picture is one colour and noise. The least of 4,126 photographs of a rig is 31.</summary>
    public const double Least = 4;

    /// <summary>The standard deviation of all levels, of 255.</summary>
    public static double Of(Picture picture)
    {
        long sum = 0, squares = 0;
        foreach (byte level in picture.Rgb)
        {
            sum += level;
            squares += level * level;
        }

        double mean = (double)sum / picture.Rgb.Length;
        return Math.Sqrt(Math.Max(0, ((double)squares / picture.Rgb.Length) - (mean * mean)));
    }
}
