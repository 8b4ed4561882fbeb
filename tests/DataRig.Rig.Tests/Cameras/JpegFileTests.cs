using System.Runtime.CompilerServices;
using CsCheck;
using DataRig.Core;
using DataRig.Data;
using DataRig.Rig.Cameras;

namespace DataRig.Rig.Tests.Cameras;

public sealed class JpegFileTests
{
    public static TheoryData<string> Files => ["baseline", "grey", "restarts.jpg", "progressive.jpg"];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_whole_file_is_whole_and_of_its_size(string file)
    {
        byte[] jpeg = Read(file);

        Assert.Null(JpegFile.Problem(jpeg, out JpegFile found));

        ImageHeader header = ImageCodec.Identify(jpeg);
        Assert.Equal(new JpegFile(header.Width, header.Height, jpeg.Length), found);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_cut_anywhere_is_not(string file)
    {
        byte[] jpeg = Read(file);

        for (int length = 0; length < jpeg.Length; length++)
        {
            Assert.NotNull(JpegFile.Problem(jpeg.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData(2, 0.2)] // a byte or two may hold the codes of as many blocks as what they turn into
    [InlineData(64, 0.9)]
    [InlineData(512, 0.98)]
    public void A_file_that_lost_its_middle_is_found_out_though_the_decoder_takes_it(int lost, double least)
    {
        byte[] jpeg = ImageCodec.EncodeJpeg(TestPictures.Table(320, 240, 3)).Bytes;
        int decoded = 0, found = 0, gaps = 0;
        for (int from = StartOfPixels(jpeg); from < jpeg.Length - lost - 2; from += 29, gaps++)
        {
            byte[] gutted = [.. jpeg[..from], .. jpeg[(from + lost)..]];
            found += JpegFile.Problem(gutted, out _) is null ? 0 : 1;
            decoded += Decodes(gutted) ? 1 : 0;
        }

        Assert.True(decoded > gaps * 0.9, $"the decoder takes {decoded} of {gaps}");
        Assert.True(found >= gaps * least, $"{found} of {gaps} are found out");
    }

    [Fact]
    public void Padding_behind_the_end_is_no_part_of_the_picture()
    {
        byte[] jpeg = TestPictures.Jpeg();

        Assert.Null(JpegFile.Problem([.. jpeg, .. new byte[100]], out JpegFile found));

        Assert.Equal(jpeg.Length, found.Length);
    }

    [Theory]
    [InlineData(1, 96, 64)]
    [InlineData(3, 96, 64)]
    [InlineData(6, 64, 96)]
    [InlineData(8, 64, 96)]
    public void The_size_is_as_it_is_looked_at(byte orientation, int width, int height)
    {
        byte[] plain = TestPictures.Jpeg();
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        byte[] jpeg = [.. plain[..2], .. exif, .. plain[2..]];

        Assert.Null(JpegFile.Problem(jpeg, out JpegFile found));

        Assert.Equal((width, height), (found.Width, found.Height));
        Assert.Equal((width, height), (ImageCodec.Identify(jpeg).Width, ImageCodec.Identify(jpeg).Height));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("<html>", "begins 3C68746D")]
    public void What_is_no_jpeg_is_said_so(string text, string expected) =>
        Assert.Contains(expected, JpegFile.Problem(System.Text.Encoding.ASCII.GetBytes(text), out _));

    /// <summary>A short fuzz; set DATARIG_FUZZ to a count for a long one.</summary>
    [Fact]
    public void Any_bytes_will_do()
    {
        byte[][] seeds = [.. Files.Select(f => Read(f.Data))];
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Select(Gen.Int[0, 5000], Gen.Byte).Array[0, 12], Gen.Int[0, 400], Gen.Int[0, 5000]).Sample(
            (seed, flips, gap, at) =>
            {
                byte[] jpeg = [.. seeds[seed]];
                foreach ((int where, byte what) in flips)
                {
                    jpeg[where % jpeg.Length] = what;
                }

                at %= jpeg.Length;
                jpeg = [.. jpeg[..at], .. jpeg[Math.Min(jpeg.Length, at + gap)..]];
                string? problem = JpegFile.Problem(jpeg, out JpegFile found);
                Assert.True(problem is { Length: > 0 } || (found.Width > 0 && found.Height > 0 && found.Length <= jpeg.Length));
            },
            iter: Fuzz.Count);
        Gen.Byte.Array[0, 300].Sample(bytes => _ = JpegFile.Problem([0xFF, 0xD8, 0xFF, .. bytes], out _), iter: Fuzz.Count);
    }

    private static int StartOfPixels(byte[] jpeg) => jpeg.AsSpan().LastIndexOf<byte>([0xFF, 0xDA]) + 14;

    private static bool Decodes(byte[] jpeg)
    {
        try
        {
            ImageCodec.Decode(jpeg);
            return true;
        }
        catch (WorkFailedException)
        {
            return false;
        }
    }

    private static byte[] Read(string file) => file switch
    {
        "baseline" => TestPictures.Jpeg(),
        "grey" => ImageCodec.EncodeJpeg(new Picture(33, 17)).Bytes,
        _ => File.ReadAllBytes(Path.Combine(Here(), file)),
    };

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
