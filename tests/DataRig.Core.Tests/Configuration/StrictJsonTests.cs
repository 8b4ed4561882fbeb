using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using DataRig.Core.Configuration;

namespace DataRig.Core.Tests.Configuration;

public sealed class StrictJsonTests
{
    [Fact]
    public void WhatIsNotSaidKeepsItsDefault()
    {
        Rig rig = Read("""{ "name": "bench" }""");
        Assert.Equal(new Rig { Name = "bench" }, rig);
    }

    [Fact]
    public void EveryKindOfValueIsRead()
    {
        Rig rig = Read("""
            // a rig
            {
              "name": "bench \u00e9", "stops": 72, "gearRatio": 4.5e0, "enabled": true, "seed": 18446744073709551615,
              "mode": "halfStep", "at": [1, -2.5, 3], "note": null, "quality": 90,
              "angles": [0, 90.5,], /* a trailing comma is fine */
              "colours": { "red": 0.5, "blue": 1 },
              "camera": { "driver": "file", "path": "a.jpg" },
              "lights": [{ "watts": 3 }, { "watts": 4 }],
              "exposure": "1/60",
            }
            """);
        Assert.Equal(("bench é", 72, 4.5, true, ulong.MaxValue), (rig.Name, rig.Stops, rig.GearRatio, rig.Enabled, rig.Seed));
        Assert.Equal((Mode.HalfStep, new Vector3(1, -2.5f, 3), null, 90), (rig.Mode, rig.At, rig.Note, rig.Quality));
        Assert.Equal([0, 90.5], rig.Angles);
        Assert.Equal([("blue", 1), ("red", 0.5)], rig.Colours.Select(c => (c.Key, c.Value)).Order());
        Assert.Equal(new FileCamera { Path = "a.jpg" }, rig.Camera);
        Assert.Equal([3, 4], rig.Lights.Select(l => l.Watts));
        Assert.Equal(new Shutter(1 / 60.0), rig.Exposure);
        Assert.Equal(new Shutter(0.5), Read("""{ "name": "x", "exposure": 0.5 }""").Exposure);
    }

    [Theory]
    [InlineData("""{ "name": "x", "gearRatoi": 2 }""", "rig.json:1:16: gearRatoi: unknown key; did you mean \"gearRatio\"?")]
    [InlineData("""{ "name": "x", "GearRatio": 2 }""", "rig.json:1:16: GearRatio: unknown key; did you mean \"gearRatio\"?")]
    [InlineData("""{ "name": "x", "qqqqqqqqqqqqqqqq": 2 }""", "rig.json:1:16: qqqqqqqqqqqqqqqq: unknown key; the keys here are angles, at, camera, colours, enabled, exposure, gearRatio,")]
    [InlineData("""{ "name": "x", "camera": { "driver": "file", "path": "p", "pth": 1 } }""", "rig.json:1:59: camera.pth: unknown key; did you mean \"path\"?")]
    public void AnUnknownKeyIsAnErrorWithASuggestion(string json, string expected) => Assert.StartsWith(expected, Refused(json));

    [Theory]
    [InlineData("name", "7", "a string, found 7")]
    [InlineData("name", "null", "a value, found null")]
    [InlineData("stops", "\"many\"", "a whole number, found \"many\"")]
    [InlineData("stops", "1.5", "a whole number, found 1.5")]
    [InlineData("stops", "1e-40", "a whole number, found 1e-40")]
    [InlineData("stops", "99999999999", "a whole number that fits, found 99999999999")]
    [InlineData("stops", "1e40", "a whole number that fits, found 1e40")]
    [InlineData("seed", "-1", "a whole number of at least 0 that fits, found -1")]
    [InlineData("gearRatio", "true", "a number, found true")]
    [InlineData("gearRatio", "1e999", "a number, found 1e999")]
    [InlineData("enabled", "\"true\"", "true or false, found \"true\"")]
    [InlineData("enabled", "1", "true or false, found 1")]
    [InlineData("mode", "\"HalfStep\"", "one of \"fullStep\", \"halfStep\", found \"HalfStep\"")]
    [InlineData("mode", "1", "one of \"fullStep\", \"halfStep\", found 1")]
    [InlineData("at", "[1, 2]", "three numbers [x, y, z], found an array of 2")]
    [InlineData("at", "[1, 2, \"3\"]", "three numbers [x, y, z], found an array of 3")]
    [InlineData("at", "[1, 2, 1e99]", "three numbers [x, y, z], found an array of 3")]
    [InlineData("angles", "5", "an array [...], found 5")]
    [InlineData("colours", "[]", "an object, found an array of 0")]
    [InlineData("camera", "\"file\"", "an object, found \"file\"")]
    [InlineData("exposure", "\"fast\"", "seconds such as 0.01 or \"1/60\", found \"fast\"")]
    [InlineData("exposure", "null", "a value, found null")]
    public void AWrongTypeSaysWhatWasExpectedAndFound(string key, string value, string expected) =>
        Assert.Contains($": {key}: expected {expected}", Refused(key == "name" ? $$"""{ "name": {{value}} }""" : $$"""{ "name": "x", "{{key}}": {{value}} }"""));

    [Theory]
    [InlineData("""{ "name": "x", "angles": [0, "ninety"] }""", "rig.json:1:30: angles[1]: expected a number, found \"ninety\"")]
    [InlineData("""{ "name": "x", "angles": [0, null] }""", "rig.json:1:30: angles[1]: expected a number, found null")]
    [InlineData("""{ "name": "x", "lights": [null] }""", "rig.json:1:27: lights[0]: expected an object, found null")]
    [InlineData("""{ "name": "x", "tags": ["a", null] }""", "rig.json:1:30: tags[1]: expected a string, found null")]
    [InlineData("""{ "name": "x", "colours": { "red": "r" } }""", "rig.json:1:36: colours.red: expected a number, found \"r\"")]
    [InlineData("""{ "name": "x", "colours": { "red": 1, "red": 0 } }""", "rig.json:1:39: colours.red: this key stands here a second time")]
    [InlineData("null", "rig.json:1:1: expected an object, found null")]
    [InlineData("[]", "rig.json:1:1: expected an object, found an array of 0")]
    public void ElementsAreCheckedLikeValues(string json, string expected) => Assert.StartsWith(expected, Refused(json));

    [Theory]
    [InlineData("""{ "name": "x", "quality": 0 }""", "rig.json:1:27: quality: expected a number from 1 to 100, found 0")]
    [InlineData("""{ "name": "x", "quality": 101 }""", "rig.json:1:27: quality: expected a number from 1 to 100, found 101")]
    [InlineData("""{ "name": "x", "angles": [0, 360.5, 5] }""", "rig.json:1:30: angles[1]: expected a number from 0 to 360, found 360.5")]
    [InlineData("""{ "name": "x", "unit": "inch" }""", "rig.json:1:24: unit: expected one of \"mm\", \"cm\", found \"inch\"")]
    public void AValueOutOfItsRangeIsAnError(string json, string expected) => Assert.Equal(expected, Refused(json));

    [Fact]
    public void BoundsAreInclusive()
    {
        Assert.Equal(100, Read("""{ "name": "x", "quality": 100 }""").Quality);
        Assert.Equal([0, 360], Read("""{ "name": "x", "angles": [0, 360] }""").Angles);
        Assert.Null(Read("""{ "name": "x", "unit": null }""").Unit);
    }

    [Theory]
    [InlineData("""{ "name": "x", "stops": 1, "stops": 2 }""", "rig.json:1:28: stops: this key stands here a second time; keep one of them")]
    [InlineData("""{ "stops": 1 }""", "rig.json:1:1: the key \"name\" is missing")]
    [InlineData("""{ "name": "x", "camera": { "driver": "file" } }""", "rig.json:1:26: camera: the key \"path\" is missing")]
    [InlineData("""{ "name": "x", "camera": { "path": "p" } }""", "rig.json:1:26: camera: the key \"driver\" is missing; it is one of \"file\", \"web\"")]
    [InlineData("""{ "name": "x", "camera": { "driver": "tape" } }""", "rig.json:1:38: camera.driver: expected one of \"file\", \"web\", found \"tape\"")]
    [InlineData("""{ "name": "x", "camera": { "driver": 5 } }""", "rig.json:1:38: camera.driver: expected one of \"file\", \"web\", found 5")]
    public void RepeatedAndMissingKeysAreErrors(string json, string expected) => Assert.Equal(expected, Refused(json));

    [Fact]
    public void ChoicesGiveTheirOwnRecord()
    {
        Assert.Equal(new WebCamera { Index = 2 }, Read("""{ "name": "x", "camera": { "index": 2, "driver": "web" } }""").Camera);
        Assert.Null(Read("""{ "name": "x", "camera": null }""").Camera);
    }

    [Fact]
    public void EveryProblemIsReportedAtOnceWithLineAndColumn()
    {
        ConfigurationException failure = Assert.Throws<ConfigurationException>(() => StrictJson.Read<Rig>("{\r\n  \"stops\": \"x\",\n  // é\n  \"note\": \"é\", \"gear\": 1,\n\t\"quality\": 500,\n  \"lights\": [{ \"watts\": -1 }, { \"amps\": 2 }]\n}\n", "some/rig.json"));
        Assert.Equal("some/rig.json", failure.File);
        Assert.Equal(
            [(1, 1, ""), (2, 12, "stops"), (4, 16, "gear"), (5, 13, "quality"), (6, 25, "lights[0].watts"), (6, 31, "lights[1]"), (6, 33, "lights[1].amps")],
            failure.Problems.Select(p => (p.Line, p.Column, p.Path)));
        Assert.Equal(7, failure.Message.Split(Environment.NewLine).Length);
        Assert.Contains("some/rig.json:2:12: stops: expected a whole number, found \"x\"", failure.Message);
    }

    [Fact]
    public void OptionsCheckKeysAgainstEachOther()
    {
        Assert.Equal("rig.json:1:60: range.from: must not lie above \"to\"", Refused("""{ "name": "x", "range": { "to": 3, /* a comment */ "from": 5 } }"""));
        Assert.Equal(4, Read("""{ "name": "x", "range": { "to": 4 } }""").Range.To);
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("   ", 1, 4)]
    [InlineData("// nothing", 1, 11)]
    [InlineData("{ \"name\": }", 1, 11)]
    [InlineData("{\n  \"name\": \"x\"\n", 3, 1)]
    [InlineData("{ \"name\": \"x\" } true", 1, 17)]
    [InlineData("{ \"é\": \"é\", oops }", 1, 13)]
    [InlineData("{ \"name\": \"\\ud800\" }", 1, 11)]
    [InlineData("{ \"\\udc00\": 1 }", 1, 3)]
    [InlineData("stops: 5", 1, 1)]
    public void WhatIsNotJsonIsSaidWithItsPlace(string text, int line, int column)
    {
        ConfigurationProblem problem = Assert.Single(Assert.Throws<ConfigurationException>(() => StrictJson.Read<Rig>(text, "rig.json")).Problems);
        Assert.StartsWith("this is not JSON: ", problem.Message);
        Assert.DoesNotContain("LineNumber", problem.Message);
        Assert.Equal((line, column), (problem.Line, problem.Column));
    }

    [Fact]
    public void FilesAreReadWithAndWithoutAByteOrderMark()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, [0xEF, 0xBB, 0xBF, .. "{ \"name\": \"x\", \"stop\": 1 }"u8]);
            ConfigurationProblem problem = Assert.Single(Assert.Throws<ConfigurationException>(() => StrictJson.ReadFile<Rig>(file)).Problems);
            Assert.Equal((1, 16, "stop"), (problem.Line, problem.Column, problem.Path));
            File.WriteAllBytes(file, [0xEF, 0xBB, 0xBF, .. "{ \"name\": \"x\" }"u8]);
            Assert.Equal("x", StrictJson.ReadFile<Rig>(file).Name);
            File.WriteAllBytes(file, [.. "{ \"name\": \""u8, 0xFF, .. "\" }"u8]);
            Assert.Contains("this is not JSON", Assert.Throws<ConfigurationException>(() => StrictJson.ReadFile<Rig>(file)).Message);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal($"{file}:1:1: there is no such file", Assert.Throws<ConfigurationException>(() => StrictJson.ReadFile<Rig>(file)).Message);
        Assert.Contains("cannot be read", Assert.Throws<ConfigurationException>(() => StrictJson.ReadFile<Rig>(Path.GetTempPath())).Message);
    }

    private static Rig Read(string json) => StrictJson.Read<Rig>(json, "rig.json");

    private static string Refused(string json) => Assert.Throws<ConfigurationException>(() => Read(json)).Message;

    public enum Mode
    {
        FullStep,
        HalfStep,
    }

    public sealed record Rig
    {
        public required string Name { get; init; }

        public int Stops { get; init; } = 36;

        public double GearRatio { get; init; } = 1;

        public bool Enabled { get; init; }

        public ulong Seed { get; init; }

        public Mode Mode { get; init; }

        public Vector3 At { get; init; }

        public string? Note { get; init; } = "none";

        [Range(1, 100)]
        public int? Quality { get; init; }

        [AllowedValues("mm", "cm")]
        public string? Unit { get; init; } = "mm";

        [Range(0.0, 360.0)]
        public IReadOnlyList<double> Angles { get; init; } = [];

        public IReadOnlyList<string> Tags { get; init; } = [];

        public IReadOnlyDictionary<string, double> Colours { get; init; } = NoColours;

        public Camera? Camera { get; init; } = new WebCamera();

        public IReadOnlyList<Light> Lights { get; init; } = [];

        public Shutter Exposure { get; init; } = new(0.01);

        public Span Range { get; init; } = new();

        private static readonly Dictionary<string, double> NoColours = [];
    }

    public sealed record Light
    {
        [Range(0, 1000)]
        public required int Watts { get; init; }
    }

    public sealed record Span : IValidatedOptions
    {
        public int From { get; init; }

        public int To { get; init; } = 10;

        public IEnumerable<(string Key, string Problem)> Validate()
        {
            if (From > To)
            {
                yield return ("from", "must not lie above \"to\"");
            }
        }
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "driver")]
    [JsonDerivedType(typeof(FileCamera), "file")]
    [JsonDerivedType(typeof(WebCamera), "web")]
    public abstract record Camera;

    public sealed record FileCamera : Camera
    {
        public required string Path { get; init; }
    }

    public sealed record WebCamera : Camera
    {
        public int Index { get; init; }
    }

    /// <summary>Seconds, as a number or a fraction in a string.</summary>
    public sealed record Shutter(double Seconds) : IConfigurationValue<Shutter>
    {
        public static bool TryRead(ConfigurationNode node, out Shutter? value, out string expected)
        {
            expected = "seconds such as 0.01 or \"1/60\"";
            value = node.Type switch
            {
                JsonTokenType.Number => new Shutter(double.Parse(node.Text, System.Globalization.CultureInfo.InvariantCulture)),
                JsonTokenType.String when node.Text.StartsWith("1/", StringComparison.Ordinal) && int.TryParse(node.Text[2..], out int part) => new Shutter(1.0 / part),
                _ => null,
            };
            return value is not null;
        }
    }
}
