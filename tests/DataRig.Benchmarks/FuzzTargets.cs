using System.Globalization;
using System.Text;
using DataRig.Core;
using DataRig.Data;
using DataRig.Rig.Cameras;
using DataRig.Rig.Grbl;
using DataRig.Rig.Marlin;
using DataRig.Rig.RigLink;

namespace DataRig.Benchmarks;

/// <summary>A parser, inputs like those it meets, and what must hold whatever comes.</summary>
/// <param name="Name">What it parses.</param>
/// <param name="Samples">Real inputs to spoil.</param>
/// <param name="LongestNoise">Bytes of pure noise at most.</param>
/// <param name="Parse">Gives what was wrong with the parser's answer, or null; throwing is wrong too.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Samples, int LongestNoise, Func<byte[], string?> Parse)
{
    /// <summary>Every parser that hears a line or a camera, or reads a file that somebody else made.</summary>
    public static IReadOnlyList<FuzzTarget> All() =>
    [
        new("riglink", RigLinkSamples(), 300, RigLink),
        new("marlin", [.. MarlinSamples.Select(Encoding.Latin1.GetBytes)], 120, Marlin),
        new("grbl", [.. GrblSamples.Select(Encoding.Latin1.GetBytes)], 120, Grbl),
        new("mjpeg", MultipartSamples(), 1000, Multipart),
        new("jpeg", Jpegs(), 1000, Jpeg),
        .. FuzzMeshes.All(),
    ];

    private const int MostPartBytes = 2048;

    private static readonly string[] MarlinSamples =
    [
        "X:10.00 Y:0.00 Z:0.00 E:0.00 Count X:800 Y:0 Z:0", "X:10.00Y:-1.00Z:0.00E:0.00 Count X: 800Y: -80Z: 0", "Resend: 12", "rs N12", "ok", "ok N12 P15 B3",
        "echo:busy: processing", "echo: M92 X80.00 Y80.00 Z400.00 E93.00", "x_min: TRIGGERED", "x_max: open", "start", "Error:Printer halted. kill() called!",
        "FIRMWARE_NAME:Marlin 2.1.2.5 (Nov 23 2026) SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 MACHINE_TYPE:3D Printer",
    ];

    private static readonly string[] GrblSamples =
    [
        "<Idle|MPos:1.250,0.000,0.000|Bf:15,128|FS:0,0|Pn:X>", "<Hold:0|WPos:-1.250,0.000,12.500|FS:0,0|WCO:1.000,0.000,0.000>", "[GC:G1 G59 G17 G21 G90 G94 M3 M9 T17 F500 S250]",
        "[GC:G0 G54 G17 G21 G90 G94 M5 M9 T0 F0 S0]", "$100=250.000", "[VER:1.1h.20190825:]", "error:9", "ALARM:1", "ok", "Grbl 1.1h ['$' for help]", "[MSG:Caution: Unlocked]",
    ];

    private static byte[][] RigLinkSamples()
    {
        byte[] greeting = [.. "RLNK"u8, 1, 2, 3, 4, 0, 1, 1, 0, 0, 1, 1, 15, 0, 3, 48, 0x40, 0x9C, 0, 0];
        byte[] status = [1, 0, 0, 7, 1, 0x10, 0x27, 0, 0, 0, 0, 0, 0, 2, 0];
        byte[][] frames =
        [
            new Message(Protocol.GreetingVersion, MessageKind.Answer, 0, 3, Opcode.Hello, greeting).ToFrame(),
            new Message(Protocol.Version, MessageKind.Answer, 8, 3, Opcode.Move, status).ToFrame(),
            new Message(Protocol.Version, MessageKind.Event, 8, 3, Opcode.Move, status).ToFrame(),
            new Message(Protocol.Version, MessageKind.Refusal, 9, 3, Opcode.Home, new byte[] { 4, 0, 1 }).ToFrame(),
        ];
        return [.. frames, [.. frames.SelectMany(f => f)], greeting, status];
    }

    private static byte[][] Jpegs()
    {
        byte[] photograph = ImageCodec.EncodeJpeg(Pictures.Table(48, 32, 1)).Bytes, grey = ImageCodec.EncodeJpeg(new Picture(33, 17)).Bytes;
        byte[] exif = [.. photograph[..2], 0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, .. photograph[2..]];
        return [photograph, grey, exif, .. new[] { "restarts.jpg", "progressive.jpg" }.Select(name => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, name)))];
    }

    private static byte[][] MultipartSamples()
    {
        byte[] picture = ImageCodec.EncodeJpeg(new Picture(16, 16)).Bytes;
        return
        [
            Stream("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {n}\r\nX-Timestamp: 1.5\r\n\r\n", "\r\n--frame--"),
            Stream("--frame\r\nContent-Type: image/jpeg\r\n\r\n", "\r\n--frame\r\n"),
            Stream("--frame\nContent-Length: 17\n\n", "\n--frame\n"),
            Stream("----other\r\nContent-Type: image/jpeg\r\nContent-Length: 99999999999\r\n\r\n", "\r\n----other\r\n"),
        ];

        byte[] Stream(string head, string tail)
        {
            byte[] before = Encoding.Latin1.GetBytes(head.Replace("{n}", picture.Length.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            return [.. before, .. picture, .. "\r\n"u8, .. before, .. picture, .. Encoding.Latin1.GetBytes(tail)];
        }
    }

    private static string? RigLink(byte[] bytes)
    {
        RigLinkBoard.Feed(bytes);

        // Noise does not get through the checksum; what a board of another kind says may.
        int body = Math.Min(bytes.Length, Protocol.LongestMessage - Protocol.HeaderBytes);
        byte[] frame = new Message(bytes.Length & 0x0F, (MessageKind)(bytes.FirstOrDefault() & 0x0F), 1, 2, (Opcode)bytes.LastOrDefault(), bytes.AsMemory(0, body)).ToFrame();
        RigLinkBoard.Feed(frame);
        _ = Greeting.From(bytes)?.BoardName;
        _ = BoardStatus.From(bytes);
        _ = Refused.From(bytes);
        return null;
    }

    private static string? Marlin(byte[] bytes)
    {
        string line = Encoding.Latin1.GetString(bytes);
        MarlinReply reply = MarlinReply.Parse(line);
        _ = MarlinReport.Count(line, 'X', 80);
        _ = MarlinReport.Switch(line, 'X');
        _ = MarlinReport.Firmware(line);
        return reply.Line < 0 ? "a line below zero" : MarlinReport.Scale(line, 'X') is <= 0 ? "a scale of nothing" : null;
    }

    private static string? Grbl(byte[] bytes)
    {
        string line = Encoding.Latin1.GetString(bytes);
        GrblReply reply = GrblReply.Parse(line);
        _ = GrblWords.Alarm(reply.Code) + GrblWords.Error(reply.Code);
        _ = GrblReport.Setting(line);
        _ = GrblReport.Firmware(line);
        return GrblStatus.Parse(line)?.Places is { } places && (places.Count < 3 || places.Any(p => !double.IsFinite(p))) ? "places that are none"
            : GrblReport.ParserState(line) is { WorkSystem: < 54 or > 59 } ? "a work system that grbl does not have"
            : null;
    }

    private static string? Multipart(byte[] bytes)
    {
        // The buffer that a parser begins with is as large as a stream needs; here one is made for each input.
        MultipartParser parser = new((bytes.Length % 3) switch { 0 => null, 1 => "frame", _ => "--" }, MostPartBytes);
        int chunk = 1 + (bytes.Length % 97), found = 0;
        for (int at = 0; at < bytes.Length; at += chunk)
        {
            found += parser.Feed(bytes.AsSpan(at, Math.Min(chunk, bytes.Length - at)), DateTimeOffset.UnixEpoch).Sum(p => p.Body.Length);
        }

        return found > bytes.Length ? "more came out than went in" : null;
    }

    private static string? Jpeg(byte[] bytes) => JpegFile.Problem(bytes, out JpegFile jpeg) switch
    {
        null when jpeg.Width <= 0 || jpeg.Height <= 0 || jpeg.Length > bytes.Length || jpeg.Length < 4 => "a whole picture of no size",
        "" => "a problem without words",
        _ => null,
    };
}
