using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using DataRig.Core;

namespace DataRig.Data.Images;

/// <summary>
/// Depth maps as 16-bit grey PNG files (ISO/IEC 15948, colour type 0), which Skia cannot write: one step a value, most
/// significant byte first. Reads what it writes: 16-bit grey, not interlaced, any filters.
/// </summary>
internal static class DepthPng
{
    private const int Bytes = 2;
    private const byte Up = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public static byte[] Encode(DepthMap map)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, map.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), map.Height);
        header[8] = 16;
        using MemoryStream file = new();
        file.Write(Signature);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Compress(map));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <exception cref="WorkFailedException">It is no such file, or it is broken.</exception>
    public static DepthMap Decode(ReadOnlySpan<byte> file)
    {
        if (file.Length < 33 || !file.StartsWith(Signature) || !file[12..16].SequenceEqual("IHDR"u8))
        {
            throw new WorkFailedException("This is no depth map: expected a PNG file.");
        }

        long width = BinaryPrimitives.ReadUInt32BigEndian(file[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        if (!file.Slice(24, 5).SequenceEqual((ReadOnlySpan<byte>)[16, 0, 0, 0, 0]) || width < 1 || height < 1 || width * height > ImageCodec.MaxPixels)
        {
            throw new WorkFailedException("This PNG file is no depth map: expected 16-bit grey, not interlaced, of at most 100 megapixels.");
        }

        using MemoryStream compressed = new();
        for (int at = Signature.Length; ;)
        {
            uint length = at + 12 <= file.Length ? BinaryPrimitives.ReadUInt32BigEndian(file[at..]) : uint.MaxValue;
            if (length > file.Length - at - 12)
            {
                throw new WorkFailedException("The depth map is cut short: its file ends before its last chunk does.");
            }

            ReadOnlySpan<byte> name = file.Slice(at + 4, 4), content = file.Slice(at + 8, (int)length);
            if (Crc32.HashToUInt32(file.Slice(at + 4, (int)length + 4)) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
            {
                throw new WorkFailedException("The depth map is broken: the checksum of one of its chunks is wrong.");
            }

            if (name.SequenceEqual("IEND"u8))
            {
                break;
            }

            if (name.SequenceEqual("IDAT"u8))
            {
                compressed.Write(content);
            }

            at += (int)length + 12;
        }

        compressed.Position = 0;
        return Expand(compressed, (int)width, (int)height);
    }

    /// <summary>Rows as differences to the row above: a table's depth hardly changes along one.</summary>
    private static byte[] Compress(DepthMap map)
    {
        int stride = map.Width * Bytes;
        byte[] row = new byte[stride], above = new byte[stride], line = new byte[stride + 1];
        line[0] = Up;
        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < map.Height; y++)
            {
                for (int x = 0; x < map.Width; x++)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(x * Bytes), map.Steps[(y * map.Width) + x]);
                }

                for (int i = 0; i < stride; i++)
                {
                    line[i + 1] = (byte)(row[i] - above[i]);
                }

                zlib.Write(line);
                (row, above) = (above, row);
            }
        }

        return compressed.ToArray();
    }

    private static DepthMap Expand(Stream compressed, int width, int height)
    {
        int stride = width * Bytes;
        byte[] line = new byte[stride + 1], above = new byte[stride + 1];
        ushort[] steps = new ushort[width * height];
        try
        {
            using ZLibStream zlib = new(compressed, CompressionMode.Decompress);
            for (int y = 0; y < height; y++)
            {
                zlib.ReadExactly(line);
                Unfilter(line, above);
                for (int x = 0; x < width; x++)
                {
                    steps[(y * width) + x] = BinaryPrimitives.ReadUInt16BigEndian(line.AsSpan(1 + (x * Bytes)));
                }

                (line, above) = (above, line);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new WorkFailedException("The depth map is broken: its pixels cannot be unpacked.", e);
        }

        return new DepthMap(width, height, steps);
    }

    /// <summary>The five filters of the format; the first byte of a line says which.</summary>
    private static void Unfilter(Span<byte> line, ReadOnlySpan<byte> above)
    {
        for (int i = 1; i < line.Length; i++)
        {
            int left = i > Bytes ? line[i - Bytes] : 0, up = above[i], corner = i > Bytes ? above[i - Bytes] : 0;
            line[i] += (byte)(line[0] switch
            {
                0 => 0,
                1 => left,
                Up => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => throw new InvalidDataException("a filter that there is not"),
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - (2 * corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        Crc32 crc = new();
        crc.Append(name);
        crc.Append(content);
        file.Write(name);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}
