using System.Buffers.Binary;
using System.IO.Compression;

namespace DataRig.Tests.Shared;

/// <summary>PNG files that say of themselves what is not so.</summary>
internal static class Png
{
    /// <summary>A whole PNG file whose header says this size; it has the pixels of one by one.</summary>
    public static byte[] Claiming(int width, int height)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2); // eight bits of red, green and blue
        using MemoryStream pixels = new();
        using (ZLibStream zlib = new(pixels, CompressionLevel.Fastest))
        {
            zlib.Write([0, 128, 128, 128]);
        }

        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, pixels.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. kind, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        uint crc = ~0u;
        foreach (byte value in chunk.AsSpan(4, content.Length + 4))
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), ~crc);
        return chunk;
    }
}
