using System.Text;
using CsCheck;
using DataRig.Rig.Grbl;

namespace DataRig.Rig.Tests.Grbl;

public sealed class GrblParserTests
{
    [Theory]
    [InlineData("ok", "Ok", 0)]
    [InlineData("ok\r", "Ok", 0)]
    [InlineData("ok?", "Text", 0)]
    [InlineData("error:9", "Error", 9)]
    [InlineData("error:x", "Text", 0)]
    [InlineData("error:99999999999", "Text", 0)]
    [InlineData("ALARM:1", "Alarm", 1)]
    [InlineData("Grbl 1.1h ['$' for help]", "Started", 0)]
    [InlineData("<Idle|MPos:0.000,0.000,0.000|FS:0,0>", "Status", 0)]
    [InlineData("[MSG:Caution: Unlocked]", "Text", 0)]
    [InlineData("$100=250.000", "Text", 0)]
    public void Every_line_has_its_kind(string line, string kind, int code) =>
        Assert.Equal((kind, code), (GrblReply.Parse(line).Kind.ToString(), GrblReply.Parse(line).Code));

    [Fact]
    public void A_status_tells_state_places_and_pins()
    {
        GrblStatus status = GrblStatus.Parse("<Hold:0|MPos:-1.250,0.000,12.500|Bf:15,128|FS:0,0|Pn:XP|WCO:1.000,0.000,0.000>")!;

        Assert.Equal(("Hold", "XP"), (status.State, status.Pins));
        Assert.Equal([-1.25, 0, 12.5], status.Places!);
        Assert.Null(GrblStatus.Parse("<Idle|WPos:0.000,0.000,0.000|FS:0,0>")!.Places);
    }

    [Theory]
    [InlineData("<Idle|MPos:1.250,0.000|FS:0,0>")]
    [InlineData("<Idle|MPos:1.25,0.000,0.000|FS:0,0>")]
    [InlineData("<Idle|MPos:1.2x0,0.000,0.000|FS:0,0>")]
    [InlineData("<Idlf|MPos:1.250,0.000,0.000|FS:0,0>")]
    [InlineData("<Idle|MPos:1.250,0.000,0.000|FS:0,0")]
    [InlineData("<Idle|FS:0,0>")]
    [InlineData("<>")]
    public void A_status_that_is_not_whole_is_none(string line) => Assert.Null(GrblStatus.Parse(line));

    [Fact]
    public void Settings_version_and_parser_state_are_read()
    {
        Assert.Equal((100, 250.0), GrblReport.Setting("$100=250.000"));
        Assert.Null(GrblReport.Setting("$100=25a.000"));
        Assert.Equal("Grbl 1.1h", GrblReport.Firmware("[VER:1.1h.20190825:]"));
        Assert.Equal((54, 0, 0.0), GrblReport.ParserState("[GC:G0 G54 G17 G21 G90 G94 M5 M9 T0 F0 S0]"));
        Assert.Equal((59, 17, 250.0), GrblReport.ParserState("[GC:G1 G59 G17 G21 G90 G94 M3 M9 T17 F500 S250]"));
        Assert.Null(GrblReport.ParserState("[GC:G1 G59 G17 G21 G90 G94 M3 M9 T17 F500]"));
    }

    [Fact]
    public void Every_number_of_grbls_has_words_of_its_own()
    {
        Assert.Equal(10, Enumerable.Range(1, 10).Select(GrblWords.Alarm).Where(w => !w.Contains("does not know")).Distinct().Count());
        Assert.All([5, 8, 9, 15, 22], code => Assert.DoesNotContain("does not know", GrblWords.Error(code)));
        Assert.Contains("77", GrblWords.Error(77));
    }

    [Fact]
    public void No_line_whatever_makes_a_parser_throw()
    {
        string[] seeds = ["<Idle|MPos:1.250,0.000,0.000|Bf:15,128|FS:0,0|Pn:X>", "[GC:G1 G59 G17 G21 G90 G94 M3 M9 T17 F500 S250]", "$100=250.000", "[VER:1.1h.20190825:]", "error:9", "ALARM:1", "ok"];
        Gen.Select(Gen.Int[0, seeds.Length - 1].Select(i => seeds[i]), Gen.Byte.Array[0, 40], Gen.Int[0, 60]).Sample((seed, noise, at) =>
        {
            int cut = Math.Min(at, seed.Length);
            string line = seed[..cut] + Encoding.Latin1.GetString(noise) + seed[cut..];
            GrblReply.Parse(line);
            GrblStatus.Parse(line);
            GrblReport.Setting(line);
            GrblReport.ParserState(line);
            GrblReport.Firmware(line);
        }, iter: 20_000);
    }
}
