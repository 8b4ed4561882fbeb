using System.Buffers.Binary;
using DataRig.Core;

namespace DataRig.Data.Images;

/// <summary>Depth maps as 16-bit grey PNG files: one step a value, most significant byte first.</summary>
internal static class DepthPng
{
    private const int Bits = 16;

    public static byte[] Encode(DepthMap map)
    {
        PngFile png = new(map.Width, map.Height, Bits, false, PngFile.Empty(map.Width, map.Height, Bits));
        for (int i = 0; i < map.Steps.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(png.Row(i / map.Width)[(i % map.Width * 2)..], map.Steps[i]);
        }

        return png.Encode([]);
    }

    /// <exception cref="WorkFailedException">It is no such file, or it is broken.</exception>
    public static DepthMap Decode(ReadOnlySpan<byte> file)
    {
        PngFile png = PngFile.Decode(file, "depth map", "16-bit grey", (bits, isPalette) => bits == Bits && !isPalette);
        ushort[] steps = new ushort[png.Width * png.Height];
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = BinaryPrimitives.ReadUInt16BigEndian(png.Row(i / png.Width)[(i % png.Width * 2)..]);
        }

        return new DepthMap(png.Width, png.Height, steps);
    }
}
