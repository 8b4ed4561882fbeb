using CsCheck;
using DataRig.Core;
using SkiaSharp;

namespace DataRig.Data.Tests;

public sealed class ImageCodecTests
{
    [Fact]
    public void PngKeepsEveryPixel()
    {
        Picture picture = TestPictures.Make(1, 37, 23);
        EncodedImage file = ImageCodec.EncodePng(picture);
        Assert.Equal(picture.Rgb, ImageCodec.Decode(file.Bytes).Rgb);
        Assert.Equal(new ImageHeader(ImageFormat.Png, 37, 23), ImageCodec.Identify(file.Bytes));
        Assert.Equal((37, 23), (file.Width, file.Height));
    }

    [Fact]
    public void JpegKeepsThePictureAndItsBytesRepeat()
    {
        Picture picture = TestPictures.Make(2, 120, 90);
        EncodedImage file = ImageCodec.EncodeJpeg(picture, 92);
        Assert.Equal(file.Bytes, ImageCodec.EncodeJpeg(picture, 92).Bytes);
        Assert.Equal(new ImageHeader(ImageFormat.Jpeg, 120, 90), ImageCodec.Identify(file.Bytes));
        Assert.InRange(TestPictures.MeanDifference(picture, ImageCodec.Decode(file.Bytes)), 0.01, 8);
        Assert.True(ImageCodec.EncodeJpeg(picture, 30).Bytes.Length < file.Bytes.Length);
    }

    [Fact]
    public void WebPIsRead()
    {
        Picture picture = TestPictures.Make(3);
        byte[] file = SkiaEncode(picture, SKEncodedImageFormat.Webp, 100);
        Assert.Equal(ImageFormat.WebP, ImageCodec.Identify(file).Format);
        Assert.InRange(TestPictures.MeanDifference(picture, ImageCodec.Decode(file)), 0, 8);
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    public void AFileCutAnywhereIsRefused(string format)
    {
        Picture picture = TestPictures.Make(4);
        byte[] file = format switch
        {
            "jpeg" => ImageCodec.EncodeJpeg(picture).Bytes,
            "png" => ImageCodec.EncodePng(picture).Bytes,
            _ => SkiaEncode(picture, SKEncodedImageFormat.Webp, 80),
        };
        for (int length = 0; length < file.Length; length += length < file.Length - 40 ? 7 : 1)
        {
            // PNG's last chunk is "IEND" and a checksum that says nothing of the pixels.
            if (format == "png" && length >= file.Length - 4)
            {
                continue;
            }

            WorkFailedException failure = Assert.Throws<WorkFailedException>(() => ImageCodec.Decode(file.AsSpan(0, length)));
            Assert.EndsWith(".", failure.Message);
        }
    }

    [Fact]
    public void WhatIsNoPictureIsRefusedInWords()
    {
        Assert.Contains("expected JPEG, PNG or WebP", Assert.Throws<WorkFailedException>(() => ImageCodec.Decode("file,part,item"u8)).Message);
        Assert.Contains("empty", Assert.Throws<WorkFailedException>(() => ImageCodec.Identify([])).Message);
        byte[] gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];
        Assert.Throws<WorkFailedException>(() => ImageCodec.Decode(gif));
    }

    [Fact]
    public void BrokenPixelsAreRefused()
    {
        byte[] png = ImageCodec.EncodePng(TestPictures.Make(5)).Bytes;
        png.AsSpan((png.Length / 2) - 20, 40).Clear();
        Assert.Throws<WorkFailedException>(() => ImageCodec.Decode(png));
    }

    [Fact]
    public void AbsurdSizesAreRefusedBeforeTheyTakeMemory()
    {
        byte[] png = ImageCodec.EncodePng(TestPictures.Make(6)).Bytes;
        WriteBigEndian(png, 16, 20_000);
        WriteBigEndian(png, 20, 20_000);
        uint checksum = Crc32(png.AsSpan(12, 17));
        WriteBigEndian(png, 29, (int)checksum);
        Assert.Contains("20000x20000", Assert.Throws<WorkFailedException>(() => ImageCodec.Identify(png)).Message);
    }

    [Fact]
    public void TransparencyLiesOnWhite()
    {
        using SKBitmap bitmap = new(new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, new SKColor(200, 0, 0, 0));
        bitmap.SetPixel(1, 0, new SKColor(0, 0, 0, 128));
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Picture picture = ImageCodec.Decode(png.AsSpan());
        Assert.Equal((255, 255, 255), picture[0, 0]);
        Assert.InRange(picture[1, 0].R, 126, 128);
    }

    /// <summary>Left half red, right half blue, the top row white; a camera turned it before writing it.</summary>
    [Theory]
    [InlineData(1, 48, 32)]
    [InlineData(2, 48, 32)]
    [InlineData(3, 48, 32)]
    [InlineData(4, 48, 32)]
    [InlineData(5, 32, 48)]
    [InlineData(6, 32, 48)]
    [InlineData(7, 32, 48)]
    [InlineData(8, 32, 48)]
    public void ExifOrientationIsApplied(int orientation, int storedWidth, int storedHeight)
    {
        // Where the pixel that is looked at in (x, y) was stored: EXIF 2.32, table 6, written the other way round.
        Picture stored = new(storedWidth, storedHeight);
        for (int y = 0; y < 32; y++)
        {
            for (int x = 0; x < 48; x++)
            {
                (int sx, int sy) = orientation switch
                {
                    1 => (x, y),
                    2 => (47 - x, y),
                    3 => (47 - x, 31 - y),
                    4 => (x, 31 - y),
                    5 => (y, x),
                    6 => (y, 47 - x),
                    7 => (31 - y, 47 - x),
                    _ => (31 - y, x),
                };
                stored[sx, sy] = y < 16 && x < 16 ? ((byte)255, (byte)255, (byte)255) : x < 24 ? ((byte)255, (byte)0, (byte)0) : ((byte)0, (byte)0, (byte)255);
            }
        }

        byte[] jpeg = WithOrientation(ImageCodec.EncodeJpeg(stored, 100).Bytes, (byte)orientation);
        Assert.Equal(new ImageHeader(ImageFormat.Jpeg, 48, 32), ImageCodec.Identify(jpeg));
        Picture upright = ImageCodec.Decode(jpeg);
        Assert.True(upright[6, 6] is { R: > 200, G: > 200, B: > 200 }, $"top left {upright[6, 6]}");
        Assert.True(upright[6, 26] is { R: > 200, B: < 60 }, $"bottom left {upright[6, 26]}");
        Assert.True(upright[40, 6] is { R: < 60, B: > 200 }, $"top right {upright[40, 6]}");
        Assert.True(upright[40, 26] is { R: < 60, B: > 200 }, $"bottom right {upright[40, 26]}");
    }

    [Fact]
    public void ShrinkingByAWholeFactorKeepsTheMeanAndCountsEveryPixel()
    {
        Picture picture = new(64, 64);
        for (int i = 0; i < 64; i++)
        {
            picture[i, 21] = (255, 255, 255); // a line one pixel thin must not vanish
        }

        Picture small = ImageCodec.Resize(picture, 8, 8);
        Assert.True(small[4, 2].R > 20, $"the line became {small[4, 2].R}");
        Assert.Equal(picture.Rgb.Average(b => b), small.Rgb.Average(b => b), 0.5);
    }

    /// <summary>Values from Pillow 9.4, <c>resize(..., Image.BILINEAR)</c>; ties may round the other way.</summary>
    [Fact]
    public void ResizingIsPillowsBilinear()
    {
        Picture ramp = new(6, 1);
        byte[] values = [0, 10, 200, 30, 255, 7];
        for (int x = 0; x < 6; x++)
        {
            ramp[x, 0] = (values[x], values[x], values[x]);
        }

        Assert.All(PillowShrunk, (value, x) => Assert.InRange(ImageCodec.Resize(ramp, 4, 1)[x, 0].R, value - 1, value + 1));
        Assert.All(PillowGrown, (value, x) => Assert.InRange(ImageCodec.Resize(ramp, 9, 1)[x, 0].R, value - 1, value + 1));
    }

    private static readonly byte[] PillowShrunk = [4, 118, 124, 100];

    private static readonly byte[] PillowGrown = [0, 5, 42, 168, 115, 68, 217, 131, 7];

    [Fact]
    public void ResizingIsTheFilterWrittenOutInFull() => Gen.Select(Gen.Int[1, 70], Gen.Int[1, 40], Gen.Int[1, 70], Gen.Int[1, 40], Gen.ULong).Sample((width, height, newWidth, newHeight, seed) =>
    {
        Picture picture = TestPictures.Make(seed, width, height);
        Picture resized = ImageCodec.Resize(picture, newWidth, newHeight);
        for (int y = 0; y < newHeight; y++)
        {
            for (int x = 0; x < newWidth; x++)
            {
                double sum = 0, weights = 0;
                for (int sy = 0; sy < height; sy++)
                {
                    for (int sx = 0; sx < width; sx++)
                    {
                        double weight = Triangle(sx, x, (double)width / newWidth) * Triangle(sy, y, (double)height / newHeight);
                        sum += weight * picture[sx, sy].G;
                        weights += weight;
                    }
                }

                Assert.InRange(resized[x, y].G, (sum / weights) - 0.51, (sum / weights) + 0.51);
            }
        }

        static double Triangle(int source, int target, double scale) =>
            Math.Max(0, 1 - (Math.Abs(source + 0.5 - ((target + 0.5) * scale)) / Math.Max(1, scale)));
    }, iter: 40);

    [Fact]
    public void CropTakesTheRectangleAndNothingBeyond()
    {
        Picture picture = TestPictures.Make(7);
        Picture part = ImageCodec.Crop(picture, 5, 9, 20, 11);
        for (int y = 0; y < 11; y++)
        {
            for (int x = 0; x < 20; x++)
            {
                Assert.Equal(picture[x + 5, y + 9], part[x, y]);
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => ImageCodec.Crop(picture, 60, 0, 5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageCodec.Crop(picture, -1, 0, 5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageCodec.Crop(picture, 0, 0, 0, 5));
    }

    private static byte[] SkiaEncode(Picture picture, SKEncodedImageFormat format, int quality)
    {
        using SKBitmap bitmap = SKBitmap.Decode(ImageCodec.EncodePng(picture).Bytes);
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>Puts an EXIF block with nothing but the orientation behind the JPEG's first marker.</summary>
    private static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] tiff = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(tiff.Length + 2), .. tiff, .. jpeg[2..]];
    }

    private static void WriteBigEndian(byte[] file, int at, int value) =>
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at), value);

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = ~0u;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }
        }

        return ~crc;
    }
}
