using System.Text;
using CsCheck;
using DataRig.Rig.Cameras;

namespace DataRig.Rig.Tests.Cameras;

public sealed class MultipartParserTests
{
    private const int Most = 1024 * 1024;

    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    /// <summary>Declared boundary, what stands before each part, and what the parts' headers are: as real servers send them.</summary>
    public static TheoryData<string?, string, string> Servers => new()
    {
        { "boundarydonotcross", "--boundarydonotcross\r\n", "Content-Type: image/jpeg\r\nContent-Length: {n}\r\nX-Timestamp: 1.5\r\n\r\n" }, // mjpg-streamer, ustreamer
        { "--boundarydonotcross", "--boundarydonotcross\r\n", "Content-Type: image/jpeg\r\n\r\n" },
        { "--myboundary", "----myboundary\r\n", "Content-Type: image/jpeg\r\nContent-Length: {n}\r\n\r\n" },
        { "\"quoted boundary\"", "--quoted boundary\r\n", "Content-type: image/jpeg\r\n\r\n" },
        { "123456789000000000000987654321", "\r\n--123456789000000000000987654321\r\n", "Content-Type: image/jpeg\r\nContent-Length: {n}\r\nX-Timestamp: 1.000001\r\n\r\n" }, // ESP32-CAM
        { "ffmpeg", "--ffmpeg\r\n", "Content-type: image/jpeg\r\nContent-length: {n}\r\n\r\n" },
        { "frame", "--frame\n", "Content-Type: image/jpeg\n\n" }, // Flask and other bare line ends
        { "frame", "--frame\r\n", "\r\n" },
        { null, "--whatever\r\n", "Content-Type: image/jpeg\r\nContent-Length: {n}\r\n\r\n" },
        { "frame", "--frame\r\n", "Content-Type: image/jpeg\r\nContent-Length: 17\r\n\r\n" }, // lengths that are wrong
        { "frame", "--frame\r\n", "Content-Type: image/jpeg\r\nContent-Length: 500000\r\n\r\n" },
        { "frame", "--frame\r\n", "Content-Type: image/jpeg\r\nContent-Length: 99999999999999\r\n\r\n" },
        { "frame", "--frame\r\n", "Content-Type: image/jpeg\r\nContent-Length: many\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public void Every_servers_pictures_come_out_however_the_bytes_are_split(string? boundary, string delimiter, string headers)
    {
        byte[][] pictures = [.. Enumerable.Range(0, 4).Select(TestPictures.Numbered)];
        byte[] stream = [.. pictures.SelectMany(p => (byte[])[.. Text(delimiter + headers.Replace("{n}", $"{p.Length}")), .. p, .. Text("\r\n")]), .. Text(delimiter)];

        foreach (int pieces in new[] { 1, 7, 1000, int.MaxValue })
        {
            MultipartParser parser = new(boundary, Most);
            List<MultipartPart> parts = [.. stream.Chunk(Math.Min(pieces, stream.Length)).SelectMany(c => parser.Feed(c, Start))];

            Assert.Equal(pictures, parts.Select(p => Trimmed(p.Body)));
        }
    }

    [Fact]
    public void A_wrongly_declared_boundary_is_learnt_from_the_stream()
    {
        MultipartParser parser = new("nonsense", Most);
        List<MultipartPart> parts = [];
        for (int i = 0; i < 100; i++)
        {
            byte[] picture = TestPictures.Numbered(i);
            parts.AddRange(parser.Feed([.. Text($"--real\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n"), .. picture, .. Text("\r\n")], Start));
        }

        Assert.InRange(parts.Count, 20, 99);
        Assert.Equal(99, TestPictures.NumberOf(parts[^1].Body));
    }

    [Fact]
    public void A_lost_piece_costs_the_pictures_it_touches_and_no_more()
    {
        byte[][] pictures = [.. Enumerable.Range(0, 20).Select(TestPictures.Numbered)];
        byte[] stream = [.. pictures.SelectMany(p => (byte[])[.. Text($"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {p.Length}\r\n\r\n"), .. p, .. Text("\r\n")])];

        Gen.Select(Gen.Int[0, stream.Length - 1], Gen.Int[1, 3000]).Sample(
            (at, length) =>
            {
                MultipartParser parser = new("frame", Most);
                byte[] torn = [.. stream[..at], .. stream[Math.Min(stream.Length, at + length)..]];
                int whole = parser.Feed(torn, Start).Count(p => JpegFile.Problem(p.Body, out JpegFile jpeg) is null && pictures.Any(k => k.AsSpan().SequenceEqual(p.Body.AsSpan(0, jpeg.Length))));

                int most = pictures[0].Length;
                Assert.InRange(whole, 20 - 3 - (length / most), 20);
            },
            iter: 300);
    }

    [Fact]
    public void A_part_bears_the_moment_when_its_body_began_to_arrive()
    {
        byte[] picture = TestPictures.Numbered(1);
        MultipartParser parser = new("frame", Most);

        parser.Feed(Text("--frame\r\nContent-Type: image/jpeg\r\n"), Start.AddSeconds(1));
        parser.Feed([.. Text("\r\n"), .. picture[..10]], Start.AddSeconds(2));
        parser.Feed(picture[10..], Start.AddSeconds(3));
        MultipartPart part = Assert.Single(parser.Feed(Text("\r\n--frame\r\n"), Start.AddSeconds(4)));

        Assert.Equal(Start.AddSeconds(2), part.ArrivedAt);
        Assert.Equal("image/jpeg", part.Headers["content-type"]);
    }

    [Fact]
    public void An_endless_part_is_dropped_and_the_next_one_found()
    {
        MultipartParser parser = new("frame", 10_000);
        parser.Feed(Text("--frame\r\nContent-Type: image/jpeg\r\n\r\n"), Start);
        for (int i = 0; i < 100; i++)
        {
            Assert.Empty(parser.Feed(new byte[1000], Start));
        }

        byte[] picture = TestPictures.Numbered(5);
        MultipartPart part = Assert.Single(parser.Feed([.. Text($"\r\n--frame\r\nContent-Length: {picture.Length}\r\n\r\n"), .. picture], Start));

        Assert.Equal(picture, part.Body);
    }

    /// <summary>A short fuzz; set DATARIG_FUZZ to a count for a long one.</summary>
    [Fact]
    public void Any_bytes_will_do()
    {
        string[] words = ["--frame", "--", "\r\n", "\n", "\r\n\r\n", "Content-Length: ", "Content-Type: ", "12", "-1", "999999999999", ":", "\u00FF\u00D8", "\u00FF\u00D9", "frame--", "\0", "\""];
        Gen<byte[]> piece = Gen.OneOf(Gen.Int[0, words.Length - 1].Select(i => Text(words[i])), Gen.Byte.Array[0, 20]);
        Gen.Select(piece.Array[0, 40], Gen.Int[0, 2], Gen.Int[1, 64]).Sample(
            (pieces, boundary, chunk) =>
            {
                byte[] stream = [.. pieces.SelectMany(p => p)];
                MultipartParser parser = new(new[] { "frame", null, "--" }[boundary], 256);
                int bytes = stream.Chunk(chunk).Sum(c => parser.Feed(c, Start).Sum(p => p.Body.Length));
                Assert.InRange(bytes, 0, stream.Length);
            },
            iter: Fuzz.Count);
    }

    private static byte[] Trimmed(byte[] body) => JpegFile.Problem(body, out JpegFile jpeg) is null ? body[..jpeg.Length] : body;

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
