using DataRig.Core;

namespace DataRig.Data.Tests;

/// <summary>Pictures with something in them, made from a seed.</summary>
internal static class TestPictures
{
    /// <summary>A gradient with a coloured disc and some noise; different for each seed.</summary>
    public static Picture Make(ulong seed, int width = 64, int height = 48)
    {
        Draws draws = new Seed(seed).At(0);
        ulong noise = draws.Bits("noise");
        double cx = draws.Uniform("x", 0.3, 0.7) * width, cy = draws.Uniform("y", 0.3, 0.7) * height, radius = 0.25 * Math.Min(width, height);
        Picture picture = new(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool inside = Math.Pow(x - cx, 2) + Math.Pow(y - cy, 2) < radius * radius;
                int grain = (int)(Draws.SplitMix(ref noise) & 7);
                picture[x, y] = inside ? ((byte)200, (byte)(40 + grain), (byte)30) : ((byte)(x * 2 & 255), (byte)((y * 3 & 127) + grain), (byte)90);
            }
        }

        return picture;
    }

    public static EncodedImage Jpeg(ulong seed, int width = 64, int height = 48) => ImageCodec.EncodeJpeg(Make(seed, width, height), 90);

    public static double MeanDifference(Picture a, Picture b) => a.Rgb.Zip(b.Rgb, (x, y) => Math.Abs(x - y)).Average();
}
