namespace DataRig.Engine.Rendering;

/// <summary>From light to the picture's values and back (Develop.frag.glsl). Light is in units of white, values in [0, 1].</summary>
internal static class ToneCurve
{
    /// <summary>
    /// Value = (1 + k) x / (x + k): within 0.02 of the gamma curve that Raspberry Pi's camera tuning gives its small sensors, with k = 0.256
    /// and light scaled so that both curves show a table of middle brightness alike.
    /// </summary>
    private const double Steep = 0.366;

    /// <param name="light">At least 0.</param>
    /// <param name="contrast">See <see cref="SensorOptions.Contrast"/>.</param>
    public static double Developed(double light, double contrast)
    {
        double curve = Math.Min(1, light * (1 + (light / 6.25)) / (1 + (0.35 * light)));
        double plain = curve <= 0.0031308 ? 12.92 * curve : (1.055 * Math.Pow(curve, 1 / 2.4)) - 0.055;
        return double.Lerp(plain, Math.Min(1, (1 + Steep) * light / (light + Steep)), contrast);
    }

    /// <summary>The light behind a value; where the curve has ended at white, the least.</summary>
    public static double Undeveloped(double value, double contrast)
    {
        (double low, double high) = (0, 2.5);
        for (int i = 0; i < 40; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Developed(middle, contrast) < value ? (middle, high) : (low, middle);
        }

        return high;
    }
}
