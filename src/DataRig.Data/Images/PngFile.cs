using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using DataRig.Core;

namespace DataRig.Data.Images;

/// <summary>
/// PNG files of one channel, which Skia cannot write: depth in 16-bit grey, masks by a palette (ISO/IEC 15948). Reads such files
/// by whomever they are, not interlaced, with any filters.
/// </summary>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="BitDepth">Bits a pixel.</param>
/// <param name="IsPalette">Whether a pixel is an index of the palette (colour type 3); else a grey (0).</param>
/// <param name="Rows">The pixels as the file has them, row by row, each beginning with a byte of its own.</param>
internal sealed record PngFile(int Width, int Height, int BitDepth, bool IsPalette, byte[] Rows)
{
    private const byte Grey = 0, Indexed = 3, Up = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <param name="palette">Three bytes a colour; empty for grey.</param>
    public byte[] Encode(ReadOnlySpan<byte> palette)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = (byte)BitDepth;
        header[9] = IsPalette ? Indexed : Grey;
        using MemoryStream file = new();
        file.Write(Signature);
        Chunk(file, "IHDR"u8, header);
        if (IsPalette)
        {
            Chunk(file, "PLTE"u8, palette);
        }

        Chunk(file, "IDAT"u8, Compress());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <param name="file">The file.</param>
    /// <param name="what">What it is to be, for messages.</param>
    /// <param name="expected">Which pixels are expected, for messages.</param>
    /// <param name="fits">Whether it has them.</param>
    /// <exception cref="WorkFailedException">It is no such file, or it is broken.</exception>
    public static PngFile Decode(ReadOnlySpan<byte> file, string what, string expected, Func<int, bool, bool> fits)
    {
        if (file.Length < 33 || !file.StartsWith(Signature) || !file[12..16].SequenceEqual("IHDR"u8))
        {
            throw new WorkFailedException($"This is no {what}: expected a PNG file.");
        }

        long width = BinaryPrimitives.ReadUInt32BigEndian(file[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        (int depth, bool isPalette) = (file[24], file[25] == Indexed);
        bool plain = file[25] is Grey or Indexed && file.Slice(26, 3).SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0]);
        if (!plain || !fits(depth, isPalette) || width < 1 || height < 1 || width * height > ImageCodec.MaxPixels)
        {
            throw new WorkFailedException($"This PNG file is no {what}: expected {expected}, not interlaced, of at most 100 megapixels.");
        }

        using MemoryStream compressed = new();
        for (int at = Signature.Length; ;)
        {
            uint length = at + 12 <= file.Length ? BinaryPrimitives.ReadUInt32BigEndian(file[at..]) : uint.MaxValue;
            if (length > file.Length - at - 12)
            {
                throw new WorkFailedException($"The {what} is cut short: its file ends before its last chunk does.");
            }

            ReadOnlySpan<byte> name = file.Slice(at + 4, 4), content = file.Slice(at + 8, (int)length);
            if (Crc32.HashToUInt32(file.Slice(at + 4, (int)length + 4)) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
            {
                throw new WorkFailedException($"The {what} is broken: the checksum of one of its chunks is wrong.");
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
        return new PngFile((int)width, (int)height, depth, isPalette, Expand(compressed, (int)height, LineOf((int)width, depth), Math.Max(1, depth / 8), what));
    }

    /// <summary>The bytes of a row's pixels.</summary>
    public Span<byte> Row(int y) => Rows.AsSpan((y * Line) + 1, Line - 1);

    /// <summary>Room for the rows of a picture.</summary>
    public static byte[] Empty(int width, int height, int bitDepth) => new byte[LineOf(width, bitDepth) * height];

    private int Line => LineOf(Width, BitDepth);

    private static int LineOf(int width, int depth) => (((width * depth) + 7) / 8) + 1;

    /// <summary>Rows as differences to the row above: neither depth nor masks change much along one.</summary>
    private byte[] Compress()
    {
        int length = Line;
        byte[] line = new byte[length];
        line[0] = Up;
        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < Height; y++)
            {
                ReadOnlySpan<byte> row = Row(y), above = y == 0 ? default : Row(y - 1);
                for (int i = 0; i < row.Length; i++)
                {
                    line[i + 1] = (byte)(row[i] - (y == 0 ? 0 : above[i]));
                }

                zlib.Write(line);
            }
        }

        return compressed.ToArray();
    }

    private static byte[] Expand(Stream compressed, int height, int line, int pixel, string what)
    {
        byte[] rows = new byte[line * height];
        byte[] first = new byte[line];
        try
        {
            using ZLibStream zlib = new(compressed, CompressionMode.Decompress);
            for (int y = 0; y < height; y++)
            {
                Span<byte> row = rows.AsSpan(y * line, line);
                zlib.ReadExactly(row);
                Unfilter(row, y == 0 ? first : rows.AsSpan((y - 1) * line, line), pixel);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new WorkFailedException($"The {what} is broken: its pixels cannot be unpacked.", e);
        }

        return rows;
    }

    /// <summary>The five filters of the format; the first byte of a line says which.</summary>
    private static void Unfilter(Span<byte> line, ReadOnlySpan<byte> above, int pixel)
    {
        for (int i = 1; i < line.Length; i++)
        {
            int left = i > pixel ? line[i - pixel] : 0, up = above[i], corner = i > pixel ? above[i - pixel] : 0;
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
