using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using CsCheck;
using DataRig.Core;
using SkiaSharp;

namespace DataRig.Data.Tests;

public sealed class DepthPngTests
{
    private static readonly Gen<DepthMap> Maps = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 30]).SelectMany((width, height) =>
        Gen.UShort.Array[width * height].Select(steps => new DepthMap(width, height, steps)));

    [Fact]
    public void EveryStepComesBack() => Maps.Sample(map =>
    {
        EncodedImage file = ImageCodec.EncodeDepth(map);
        DepthMap read = ImageCodec.DecodeDepth(file.Bytes);
        Assert.Equal((map.Width, map.Height, file.Width, file.Height), (read.Width, read.Height, map.Width, map.Height));
        Assert.Equal(map.Steps, read.Steps);
        Assert.Equal(file.Bytes, ImageCodec.EncodeDepth(map).Bytes);
    });

    [Fact]
    public void AnotherDecoderReadsIt()
    {
        DepthMap map = new(5, 3, [.. Enumerable.Range(0, 15).Select(i => (ushort)(i * 4369))]);
        using SKBitmap read = SKBitmap.Decode(ImageCodec.EncodeDepth(map).Bytes);
        Assert.Equal((5, 3), (read.Width, read.Height));
        Assert.All(Enumerable.Range(0, 15), i => Assert.Equal(i * 17, read.GetPixel(i % 5, i / 5).Green, 1.0)); // Skia keeps the upper byte
    }

    /// <summary>What other tools write: each of the format's filters, by hand.</summary>
    [Theory]
    [InlineData(0, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(1, new byte[] { 1, 2, 2, 2, 5, 6, 2, 2 })]
    [InlineData(2, new byte[] { 1, 2, 3, 4, 4, 4, 4, 4 })]
    [InlineData(3, new byte[] { 1, 2, 3, 3, 5, 5, 3, 3 })]
    [InlineData(4, new byte[] { 1, 2, 2, 2, 4, 4, 2, 2 })]
    public void EveryFilterIsUndone(byte filter, byte[] rows)
    {
        DepthMap read = ImageCodec.DecodeDepth(File(2, 2, 16, 0, [filter, .. rows[..4], filter, .. rows[4..]]));
        Assert.Equal([0x0102, 0x0304, 0x0506, 0x0708], read.Steps);
    }

    [Fact]
    public void WhatIsNoDepthMapIsSaidInWords()
    {
        byte[] whole = ImageCodec.EncodeDepth(new DepthMap(8, 8, new ushort[64])).Bytes;
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<WorkFailedException>(() => ImageCodec.DecodeDepth(whole.AsSpan(0, length)));
        }

        for (int i = 8; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 0x40;
            Assert.Throws<WorkFailedException>(() => ImageCodec.DecodeDepth(changed));
        }

        Assert.Contains("16-bit grey", Assert.Throws<WorkFailedException>(() => ImageCodec.DecodeDepth(ImageCodec.EncodePng(TestPictures.Make(1)).Bytes)).Message);
        Assert.Contains("16-bit grey", Assert.Throws<WorkFailedException>(() => ImageCodec.DecodeDepth(File(2_000_000_000, 2_000_000_000, 16, 0, []))).Message);
        Assert.Contains("unpacked", Assert.Throws<WorkFailedException>(() => ImageCodec.DecodeDepth(File(2, 2, 16, 0, [0, 1, 2, 3, 4, 9, 0, 0, 0, 0]))).Message);
        Assert.Contains("unpacked", Assert.Throws<WorkFailedException>(() => ImageCodec.DecodeDepth(File(2, 2, 16, 0, [0, 1, 2, 3, 4]))).Message);
    }

    [Fact]
    public void DistancesBeyondTheRangeAreNone() =>
        Assert.Equal([0, 0, 1, 1234, 65535, 0, 0, 0], ((double[])[-3, 0.04, 0.06, 123.4, 6553.5, 6553.6, double.NaN, double.PositiveInfinity]).Select(DepthMap.Step));

    private static byte[] File(int width, int height, byte bits, byte color, byte[] rows)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, color);
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        byte[] chunk = [0, 0, 0, 0, .. name, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }
}
