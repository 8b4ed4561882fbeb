using System.Collections.Concurrent;
using DataRig.Core;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Fitting;

/// <summary>A picture as the light that made it: the sensor's tone curve undone, in units of white.</summary>
internal sealed class LightPicture
{
    /// <summary>An 8-bit value from which on the light may have been anything.</summary>
    private const byte Saturated = 251;

    private static readonly ConcurrentDictionary<float, float[]> Curves = [];

    private LightPicture(int width, int height, float[] rgb) => (Width, Height, Rgb) = (width, height, rgb);

    public int Width { get; }

    public int Height { get; }

    /// <summary>[height, width, 3]; NaN where a channel was saturated.</summary>
    public float[] Rgb { get; }

    /// <param name="picture">As the camera gave it.</param>
    /// <param name="bin">Pixels each way that become one.</param>
    /// <param name="contrast">Of the sensor that took it.</param>
    public static LightPicture From(Picture picture, int bin, float contrast)
    {
        float[] curve = Curves.GetOrAdd(contrast, c => [.. Enumerable.Range(0, 256).Select(v => (float)ToneCurve.Undeveloped(v / 255.0, c))]);
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
                    rgb[to + channel] += value >= Saturated ? float.NaN : curve[value] / (bin * bin);
                }
            }
        }

        return new LightPicture(width, height, rgb);
    }
}
