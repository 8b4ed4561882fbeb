using System.Text;
using CsCheck;
using DataRig.Rig.Marlin;

namespace DataRig.Rig.Tests.Marlin;

public sealed class MarlinParserTests
{
    [Theory]
    [InlineData(0, "M110 N0", "N0 M110 N0*125\n")]
    [InlineData(1, "M115", "N1 M115*39\n")]
    [InlineData(5, "G28", "N5 G28*22\n")]
    public void A_line_carries_its_number_and_checksum(int number, string command, string line) =>
        Assert.Equal(line, Encoding.ASCII.GetString(MarlinLine.Encode(number, command)));

    [Fact]
    public void A_line_that_the_board_would_cut_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => MarlinLine.Encode(1, new string('G', 95)));

    [Theory]
    [InlineData("ok", "Ok")]
    [InlineData("ok N12 P15 B3", "Ok")]
    [InlineData("ok T:21.3 /0.0", "Ok")]
    [InlineData("okay", "Text")]
    [InlineData("wait", "Alive")]
    [InlineData("echo:busy: processing", "Alive")]
    [InlineData("busy: paused for user", "Alive")]
    [InlineData("start", "Started")]
    [InlineData("echo: External Reset", "Started")]
    [InlineData(" Brown out Reset", "Started")]
    [InlineData("PowerUp", "Started")]
    [InlineData("Error:Printer halted. kill() called!", "Halted")]
    [InlineData("Error:Printer stopped due to errors. Fix the error and use M999 to restart.", "Halted")]
    [InlineData("Error:checksum mismatch, Last Line: 3", "Text")]
    [InlineData("//action:cancel", "Text")]
    [InlineData("echo:Unknown command: \"M999\"", "Text")]
    public void Every_line_has_its_kind(string line, string kind) => Assert.Equal(kind, MarlinReply.Parse(line).Kind.ToString());

    [Theory]
    [InlineData("Resend: 12", 12)]
    [InlineData("Resend:12", 12)]
    [InlineData("rs 12", 12)]
    [InlineData("rs N12", 12)]
    public void A_request_to_send_again_names_its_line(string line, int number) =>
        Assert.Equal((MarlinReplyKind.Resend, number), (MarlinReply.Parse(line).Kind, MarlinReply.Parse(line).Line));

    [Theory]
    [InlineData("X:10.00 Y:0.00 Z:0.00 E:0.00 Count X:800 Y:0 Z:0", 'X', 800)]
    [InlineData("X:10.00 Y:-1.00 Z:0.00 E:0.00 Count X: 800 Y: -80 Z: 0", 'Y', -80)]
    [InlineData("X:10.00Y:0.00Z:0.00E:0.00 Count X: 800Y:0Z:0", 'X', 800)] // as older ones write it
    [InlineData("X:10.00 Y:0.00 Z:0.00 E:0.00 Count X:900 Y:0 Z:0", 'X', null)] // says two places
    [InlineData("X:10.00 Y:0.00 Z:0.00 E:0.00 Count X:80", 'X', null)]
    [InlineData("X:10.00 Y:0.00", 'X', null)]
    [InlineData("X:2469135.75 Y:0.00 Z:0.00 E:0.00 Count X:197530864 Y:0 Z:0", 'X', 197_530_864)] // as exact as a float tells it, so far away
    [InlineData("X:2469137.75 Y:0.00 Z:0.00 E:0.00 Count X:197530864 Y:0 Z:0", 'X', null)]
    [InlineData("X:12345679.00 Y:0.00 Z:0.00 E:0.00 Count X:987654320 Y:0 Z:0", 'X', 987_654_320)]
    [InlineData("X:10.00 Y:0.00 Count X:8x0", 'X', null)]
    public void A_position_counts_only_when_the_report_agrees_with_itself(string line, char letter, int? count) =>
        Assert.Equal(count, (int?)MarlinReport.Count(line, letter, 80));

    [Theory]
    [InlineData("echo: M92 X80.00 Y80.00 Z400.00 E93.00", 'Z', 400.0)]
    [InlineData("echo:  M92 X8.89", 'X', 8.89)]
    [InlineData("  M92 X80.00 Y80.00", 'Z', null)]
    [InlineData("M203 X300.00", 'X', null)]
    public void A_scale_is_read_from_either_report(string line, char letter, double? scale) => Assert.Equal(scale, MarlinReport.Scale(line, letter));

    [Fact]
    public void Firmware_names_itself()
    {
        Assert.Equal("Marlin 2.1.2.5 (Nov 23 2026)", MarlinReport.Firmware("FIRMWARE_NAME:Marlin 2.1.2.5 (Nov 23 2026) SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0"));
        Assert.Equal("Marlin 1.1.9", MarlinReport.Firmware("FIRMWARE_NAME:Marlin 1.1.9"));
        Assert.Null(MarlinReport.Firmware("Cap:EEPROM:1"));
    }

    [Fact]
    public void No_line_whatever_makes_a_parser_throw()
    {
        string[] seeds = ["X:10.00 Y:0.00 Z:0.00 E:0.00 Count X:800 Y:0 Z:0", "Resend: 12", "ok N12 P15 B3", "echo: M92 X80.00 Y80.00", "FIRMWARE_NAME:Marlin SOURCE_CODE_URL:x", "Error:kill() called"];
        Gen.Select(Gen.Int[0, seeds.Length - 1].Select(i => seeds[i]), Gen.Byte.Array[0, 40], Gen.Int[0, 60]).Sample((seed, noise, at) =>
        {
            int cut = Math.Min(at, seed.Length);
            string line = seed[..cut] + Encoding.Latin1.GetString(noise) + seed[cut..];
            MarlinReply.Parse(line);
            MarlinReport.Count(line, 'X', 80);
            MarlinReport.Scale(line, 'X');
            MarlinReport.Firmware(line);
            MarlinReport.Switch(line, 'X');
        }, iter: 20_000);
    }
}
