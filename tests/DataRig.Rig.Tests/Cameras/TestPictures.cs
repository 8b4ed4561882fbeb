using DataRig.Core;
using DataRig.Data;

namespace DataRig.Rig.Tests.Cameras;

/// <summary>Small pictures of a busy table, each different from the next.</summary>
internal static class TestPictures
{
    private const int Fine = 3;

    public static Picture Table(int width, int height, int seed, double exposure = 1, double partAngle = 0, bool empty = false)
    {
        Picture picture = new(width, height);
        Draws noise = new Seed(7).At(seed);
        ulong state = noise.Bits("noise");
        (double sin, double cos) = Math.SinCos(partAngle);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double linear = 0;
                for (int i = 0; i < Fine * Fine; i++) // edges as a lens draws them, not as a raster does
                {
                    double u = (x + ((i % Fine + 0.5) / Fine) - (width / 2.0)) / width, v = (y + ((i / Fine + 0.5) / Fine) - (height / 2.0)) / width;
                    double a = (u * cos) + (v * sin), b = (v * cos) - (u * sin);
                    bool part = !empty && Math.Abs(a) < 0.2 && Math.Abs(b) < 0.1, stud = part && (int)Math.Floor(a * 20) % 2 == 0;
                    linear += (part ? (stud ? 0.45 : 0.2) : 0.25 + (0.1 * u)) * exposure / (Fine * Fine);
                }

                double grain = ((Draws.SplitMix(ref state) >> 40) / (double)(1 << 24)) - 0.5;
                byte level = (byte)Math.Clamp((255 * Math.Pow(Math.Max(linear, 0), 1 / 2.2)) + (4 * grain), 0, 255);
                picture[x, y] = (level, (byte)(level * 0.95), (byte)(level * 0.9));
            }
        }

        return picture;
    }

    /// <summary>One picture with a number in a comment of its file: quick to make, and each different from the next.</summary>
    public static byte[] Numbered(int number) =>
        [.. One[..2], 0xFF, 0xFE, 0x00, 0x06, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number, .. One[2..]];

    /// <summary>The number of a picture that <see cref="Numbered"/> made.</summary>
    public static int NumberOf(byte[] jpeg) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(jpeg.AsSpan(6));

    private static byte[] One { get; } = Jpeg();

    public static byte[] Jpeg(int seed = 0, int width = 96, int height = 64) => ImageCodec.EncodeJpeg(Table(width, height, seed)).Bytes;
}
