using System.Buffers.Binary;

namespace DataRig.Data;

/// <summary>How strongly a JPEG file was compressed, read from its quantisation table.</summary>
public static class JpegQuality
{
    private const byte Prefix = 0xFF, DefineTables = 0xDB, StartOfScan = 0xDA, StartOfImage = 0xD8;

    /// <summary>The sample luminance table of ITU-T T.81, annex K.1, in the order that files have it (zig-zag).</summary>
    private static readonly int[] Luminance =
    [
        16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
        56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
    ];

    /// <returns>The quality from 1 to 100 at which the Independent JPEG Group's library scales its table nearest to the file's; null where it is no JPEG with one.</returns>
    public static int? Of(ReadOnlySpan<byte> file)
    {
        int[]? table = Table(file);
        return table is null ? null : Enumerable.Range(1, 100).MinBy(quality => table.Zip(Luminance, (found, sample) => Math.Abs(found - Scaled(sample, quality))).Sum());
    }

    private static int Scaled(int sample, int quality)
    {
        int percent = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        return Math.Clamp(((sample * percent) + 50) / 100, 1, 255);
    }

    /// <summary>The first table, numbered 0: by custom the luminance's.</summary>
    private static int[]? Table(ReadOnlySpan<byte> file)
    {
        if (file.Length < 2 || file[0] != Prefix || file[1] != StartOfImage)
        {
            return null;
        }

        for (int at = 2; at + 4 <= file.Length && file[at] == Prefix && file[at + 1] != StartOfScan;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length)
            {
                return null;
            }

            ReadOnlySpan<byte> body = file.Slice(at + 4, length - 2);
            if (file[at + 1] == DefineTables && body.Length > Luminance.Length && body[0] == 0)
            {
                return [.. body.Slice(1, Luminance.Length).ToArray().Select(b => (int)b)];
            }

            at += 2 + length;
        }

        return null;
    }
}
