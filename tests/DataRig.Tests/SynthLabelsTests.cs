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
