using System.Text.Json;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tests;

/// <summary>What <c>synth</c> tells and keeps of its labels.</summary>
public sealed class SynthLabelsTests
{
    [Fact]
    public async Task Depth_and_normals_are_kept_when_asked_for_and_added_to_frames_that_lack_them()
    {
        using Cli cli = new();
        await cli.JsonAsync("synth", "--out", "d", "--count", "3");
        JsonElement synth = await cli.JsonAsync("synth", "--out", "d", "--count", "4", "--depth", "--normals");
        Assert.Equal((4, 0), (synth.GetProperty("labels").GetProperty("frames").GetInt32(), synth.GetProperty("labels").GetProperty("mismatched").GetInt32()));
        Assert.Equal(0, (await cli.RunAsync("dataset", "audit", "--data", "d")).ExitCode);

        using Dataset dataset = Dataset.Open(cli.At("d"));
        Assert.Equal(4, dataset.Frames().Count);
        foreach (FrameRecord frame in dataset.Frames())
        {
            // What a user of the labels would do: the part's origin, by its pose and the intrinsics, lies in the frame, and near as deep as the map says.
            Annotation label = Assert.Single(dataset.Annotations(frame.Id));
            RigidPose pose = label.PoseInCamera!.Value;
            DepthMap depth = ImageCodec.DecodeDepth(dataset.ReadMapFile(frame, MapKind.Depth));
            (double x, double y) = frame.Intrinsics!.Project(pose.TranslationMm);
            Assert.Equal(pose.TranslationMm.Z, depth[(int)x, (int)y], 40.0);
            Assert.Equal((frame.Width, frame.Height), (depth.Width, depth.Height));
            Assert.Equal((frame.Width, frame.Height), (ImageCodec.Decode(dataset.ReadMapFile(frame, MapKind.Normals)) is { } n ? n.Width : 0, depth.Height));
            Assert.Equal(label.Box, label.AmodalBox);
        }
    }

    [Fact]
    public async Task A_focus_renders_more_of_what_is_confused()
    {
        using Cli cli = new();
        cli.Write("scene.json", """{ "name": "four", "image": { "width": 64, "height": 64 }, "parts": ["3001", "3002", "3003", "3004"] }""");
        cli.Write("validation.json", """{ "accuracy": 0.85, "confusion": { "parts": ["3001", "3002", "3003", "3004", "extra"], "counts": [[6, 4, 0, 0, 0], [2, 8, 0, 0, 0], [0, 0, 9, 0, 0], [0, 0, 0, 20, 0], [0, 0, 0, 0, 5]] } }""");

        JsonElement focused = await cli.JsonAsync("synth", "--scene", "scene.json", "--focus", "validation.json", "--count", "40", "--out", "focused");
        JsonElement even = await cli.JsonAsync("synth", "--scene", "scene.json", "--count", "40", "--out", "even");

        // Half of the frames evenly; the other half on 3001 and 3002 alone, which share 0.4 + 0.2 of their frames each.
        Assert.Equal([("3001", 15), ("3002", 15), ("3003", 5), ("3004", 5)], Counts("focused").Select(c => (c.Part, (int)Math.Round(c.Frames / 5.0) * 5)));
        Assert.All(Counts("even"), c => Assert.Equal(10, c.Frames));
        Assert.NotEqual(even.GetProperty("hash").GetString(), focused.GetProperty("hash").GetString());

        IEnumerable<(string Part, int Frames)> Counts(string folder)
        {
            using Dataset dataset = Dataset.Open(cli.At(folder));
            return [.. dataset.Frames().CountBy(f => f.Part.Value).Select(p => (p.Key, p.Value)).Order()];
        }
    }

    [Theory]
    [InlineData("nowhere.json", null, "nowhere.json cannot be read")]
    [InlineData("list.json", "[1]", "is no validation's result")]
    [InlineData("half.json", """{ "confusion": { "parts": ["3001"] """, "is no validation's result")]
    [InlineData("short.json", """{ "confusion": { "parts": ["3001", "3002"], "counts": [[1, 2]] } }""", "as many rows and columns")]
    [InlineData("words.json", """{ "confusion": { "parts": ["3001"], "counts": [["many"]] } }""", "is no validation's result")]
    [InlineData("other.json", """{ "confusion": { "parts": ["screw"], "counts": [[5]] } }""", "has none of them")]
    public async Task A_focus_that_is_none_ends_in_one_sentence(string name, string? text, string expected)
    {
        using Cli cli = new();
        if (text is not null)
        {
            cli.Write(name, text);
        }

        (int code, string result, string remarks) = await cli.RunAsync("synth", "--focus", name, "--count", "1", "--quiet");

        Assert.Equal((1, ""), (code, result));
        Assert.Contains(expected, remarks);
        Assert.DoesNotContain("   at ", remarks);
    }

    [Fact]
    public async Task A_preview_is_one_picture_and_no_dataset()
    {
        using Cli cli = new();
        (int code, string result, string remarks) = await cli.RunAsync("synth", "--preview", "--count", "5", "--depth", "--out", "look", "--quiet");
        Assert.True(code == 0, remarks);
        Assert.Equal(cli.At("look/preview.jpg"), result.Trim());
        Picture sheet = ImageCodec.Decode(await File.ReadAllBytesAsync(result.Trim(), TestContext.Current.CancellationToken));
        Assert.Equal((6 * 256) + 10, sheet.Width); // three frames in a row, each with its depth
        Assert.Single(Directory.GetFileSystemEntries(cli.At("look")));
    }

    [Fact]
    public async Task A_frame_explains_itself_without_being_drawn()
    {
        using Cli cli = new();
        JsonElement json = await cli.JsonAsync("synth", "--explain", "17", "--out", "nothing");
        string[] names = [.. json.GetProperty("values").EnumerateObject().Select(v => v.Name)];
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Contains("camera.elevation", names);
        Assert.Equal(17, json.GetProperty("origin").GetProperty("index").GetInt64());
        string part = json.GetProperty("parts")[0].GetProperty("part").GetString()!;
        double azimuth = json.GetProperty("values").GetProperty("placement.tableAzimuth").GetDouble();

        (int code, string table, _) = await cli.RunAsync("synth", "--explain", "17");
        Assert.Equal(0, code);
        Assert.Contains("camera.elevation", table);
        Assert.Contains($"shows {part} in ", table);
        Assert.False(Directory.Exists(cli.At("nothing")));

        await cli.JsonAsync("synth", "--first", "17", "--count", "1", "--out", "made");
        using Dataset made = Dataset.Open(cli.At("made"));
        FrameRecord frame = Assert.Single(made.Frames());
        Assert.Equal((part, azimuth), (frame.Part.Value, frame.AzimuthDegrees!.Value));
    }
}
