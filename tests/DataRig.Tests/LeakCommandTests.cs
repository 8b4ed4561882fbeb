using System.Text.Json;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;

namespace DataRig.Tests;

/// <summary>The leak gate through the command line: a simulated session is clean, and one copied frame stops a training.</summary>
public sealed class LeakCommandTests
{
    [Fact]
    public async Task A_copy_among_the_held_out_frames_stops_a_training_unless_it_is_allowed_and_fix_mends_it()
    {
        using Cli cli = new();
        await cli.JsonAsync("capture", "--data", "data");
        JsonElement clean = await cli.JsonAsync("dataset", "leaks", "--data", "data");
        Assert.Equal(0, clean.GetProperty("leaks").GetArrayLength());

        Plant(cli.At("data"));
        string[] train = ["train", "--data", "data", "--epochs", "1", "--set", "preprocessing.inputPixels=32", "checkFiveImages=false"];
        (int code, string _, string remarks) = await cli.RunAsync([.. train, "--out", "refused"]);
        Assert.Equal(1, code);
        Assert.Contains("1 of ", remarks);
        Assert.Contains("held out, is the same file as frame", remarks);
        Assert.False(Directory.Exists(cli.At("refused")));
        Assert.True(File.Exists(cli.At("data/leaks.jpg")));

        (int found, string listed, string _) = await cli.RunAsync("dataset", "leaks", "--data", "data", "--json");
        Assert.Equal(1, found);
        JsonElement leak = Assert.Single(JsonDocument.Parse(listed).RootElement.GetProperty("leaks").EnumerateArray());
        Assert.Equal("sameFile", leak.GetProperty("kind").GetString());

        JsonElement allowed = await cli.JsonAsync([.. train, "--out", "allowed", "--allow-leaks"]);
        Assert.Equal(1, allowed.GetProperty("leakedFrames").GetInt32());
        Assert.Equal(1, Run.Open(cli.At("allowed")).Record.LeakedFrames);

        JsonElement mended = await cli.JsonAsync("dataset", "leaks", "--data", "data", "--fix");
        Assert.NotEmpty(mended.GetProperty("moved").EnumerateArray());
        Assert.Equal(0, mended.GetProperty("leaks").GetArrayLength());
    }

    /// <summary>A trained frame's picture once more, under a held-out item.</summary>
    private static void Plant(string folder)
    {
        using Dataset dataset = Dataset.Open(folder);
        Split split = dataset.LoadSplit()!;
        FrameRecord known = dataset.Frames().First(f => split.RoleOf(f) == SplitRole.Train);
        GroupKey held = split.Roles.First(r => r.Value == SplitRole.Test && r.Key.Part == known.Part).Key;
        dataset.AddFrames([new Frame { Image = new EncodedImage(dataset.ReadImageFile(known), known.Width, known.Height), Source = FrameSource.Imported, Part = held.Part, Item = held.Item, Origin = "copy.jpg" }]);
    }
}
