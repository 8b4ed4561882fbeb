using DataRig.Core;

namespace DataRig.Data.Images;

/// <summary>Pictures whose pixels are small numbers, as PNG files with the palette that Pascal VOC gives its masks.</summary>
internal static class IndexPng
{
    private const int Bits = 8, Colours = 256;

    /// <summary>VOC's colours: the bits of a number, three at a time, are the highest bits of red, green and blue (VOC2012 development kit, VOClabelcolormap.m).</summary>
    private static readonly byte[] Palette = [.. Enumerable.Range(0, Colours).SelectMany(number => Enumerable.Range(0, 3).Select(channel => (byte)Enumerable.Range(0, 3).Sum(bit => ((number >> ((3 * bit) + channel)) & 1) << (7 - bit))))];

    /// <param name="numbers">Row by row.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> numbers)
    {
        PngFile png = new(width, height, Bits, true, PngFile.Empty(width, height, Bits));
        for (int y = 0; y < height; y++)
        {
            numbers.Slice(y * width, width).CopyTo(png.Row(y));
        }

        return png.Encode(Palette);
    }

    /// <summary>Row by row, with the picture's size.</summary>
    /// <exception cref="WorkFailedException">It is no such file, or it is broken.</exception>
    public static (int Width, int Height, byte[] Numbers) Decode(ReadOnlySpan<byte> file)
    {
        PngFile png = PngFile.Decode(file, "mask", "numbers of a palette or 8-bit grey", (bits, isPalette) => isPalette ? bits is 1 or 2 or 4 or 8 : bits == 8);
        byte[] numbers = new byte[png.Width * png.Height];
        for (int i = 0; i < numbers.Length; i++)
        {
            int bit = i % png.Width * png.BitDepth;
            numbers[i] = (byte)((png.Row(i / png.Width)[bit / 8] >> (8 - png.BitDepth - (bit % 8))) & ((1 << png.BitDepth) - 1));
        }

        return (png.Width, png.Height, numbers);
    }
}
