using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>A picture as the light that made it: the sensor's tone curve and sRGB undone (Develop.frag.glsl), in units of white.</summary>
internal sealed class LightPicture
{
    /// <summary>An 8-bit value from which on the light may have been anything.</summary>
    private const byte Saturated = 251;

    private static readonly float[] Light = [.. Enumerable.Range(0, 256).Select(v => (float)Undeveloped(v / 255.0))];

    private LightPicture(int width, int height, float[] rgb) => (Width, Height, Rgb) = (width, height, rgb);

    public int Width { get; }

    public int Height { get; }

    /// <summary>[height, width, 3]; NaN where a channel was saturated.</summary>
    public float[] Rgb { get; }

    /// <param name="picture">As the camera gave it.</param>
    /// <param name="bin">Pixels each way that become one.</param>
    public static LightPicture From(Picture picture, int bin)
    {
        int width = picture.Width / bin, height = picture.Height / bin;
        float[] rgb = new float[width * height * 3];
        for (int y = 0; y < height * bin; y++)
        {
            for (int x = 0; x < width * bin; x++)
            {
                int from = ((y * picture.Width) + x) * 3, to = ((y / bin * width) + (x / bin)) * 3;
                for (int channel = 0; channel < 3; channel++)
                {
                    byte value = picture.Rgb[from + channel];
                    rgb[to + channel] += value >= Saturated ? float.NaN : Light[value] / (bin * bin);
                }
            }
        }

        return new LightPicture(width, height, rgb);
    }

    /// <summary>The light behind an 8-bit value of [0, 1]: sRGB (IEC 61966-2-1), then Reinhard's curve solved for its argument.</summary>
    public static double Undeveloped(double value)
    {
        const double White = 2.5 * 2.5, Slope = 0.35;
        double linear = value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        double half = (1 - (Slope * linear)) / 2 * White;
        return Math.Sqrt((half * half) + (White * linear)) - half;
    }
}
