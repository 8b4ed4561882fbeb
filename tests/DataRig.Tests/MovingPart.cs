using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tests;

/// <summary>Pictures of a sharp dark part that stands elsewhere in each, with grain of its own: any gate lets them pass.</summary>
internal static class MovingPart
{
    public const int Width = 96, Height = 64;

    /// <summary>The JPEG file of one of them.</summary>
    public static byte[] Jpeg(int number)
    {
        Picture picture = new(Width, Height);
        ulong state = new Seed(2).At(number).Bits("grain");
        for (int i = 0; i < Width * Height; i++)
        {
            (int x, int y) = (i % Width, i / Width);
            bool part = Math.Abs(x - 20 - (9 * (number % 6))) < 8 && Math.Abs(y - 32) < 12;
            byte level = (byte)((part ? 60 : 150) + (int)(Draws.SplitMix(ref state) >> 61));
            picture[x, y] = (level, level, level);
        }

        return ImageCodec.EncodeJpeg(picture).Bytes;
    }
}
