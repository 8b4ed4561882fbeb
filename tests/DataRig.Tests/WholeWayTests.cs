using System.Text.Json;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tests;

/// <summary>The main job from capture to report, and what a kill at any point leaves.</summary>
public sealed class WholeWayTests
{
    private const int Captured = 2 * 4 * 6;
    private const int Rendered = 24;

    /// <summary>Pictures of the empty table, which a session begins with.</summary>
    private const int Plates = 6;

    [Fact]
    public async Task One_command_goes_from_capture_to_report()
    {
        using Cli cli = new();

        JsonElement figures = await cli.JsonAsync("run", "--out", "a");

        Assert.Equal(Captured, figures.GetProperty("framesCaptured").GetInt32());
        Assert.Equal(Rendered, figures.GetProperty("framesSynthesized").GetInt32());
        Assert.InRange(figures.GetProperty("accuracy").GetDouble(), 0, 1);
        Assert.True(figures.GetProperty("seconds").GetProperty("train").GetDouble() > 0);
        string html = await File.ReadAllTextAsync(figures.GetProperty("report").GetString()!, TestContext.Current.CancellationToken);
        Assert.Contains("3001", html);
        Assert.Contains("<h2>How sure it is</h2>", html);
        Assert.Contains("The table alone", html);
        Assert.Contains("held-out photographs is known to training", html);
        Assert.InRange(html.Length, 20_000, 3_000_000);
        Assert.True(File.Exists(cli.At("a/best.safetensors")));

        // The figures can be had again from what is on the disk, and looking changes nothing there.
        string rule = await File.ReadAllTextAsync(cli.At("a/decision.json"), TestContext.Current.CancellationToken);
        JsonElement again = await cli.JsonAsync("validate", "--model", "a", "--background", "--doubtful", "3", "--alarm", "3001", "--wrong-cost", "3001=20", "--plan", "next.json", "--report", "page.html");
        Assert.Contains("<h2>Alarms for 3001</h2>", await File.ReadAllTextAsync(again.GetProperty("report").GetString()!, TestContext.Current.CancellationToken));
        Assert.Equal(figures.GetProperty("accuracy").GetDouble(), again.GetProperty("accuracy").GetDouble());
        Assert.Equal(figures.GetProperty("macroF1").GetDouble(), again.GetProperty("macroF1").GetDouble());
        Assert.Equal("test", again.GetProperty("split").GetString());

        // How far it can be trusted, and the rule that prediction reads.
        JsonElement proof = again.GetProperty("proof");
        Assert.Equal(rule, await File.ReadAllTextAsync(cli.At("a/decision.json"), TestContext.Current.CancellationToken));
        Assert.False(proof.GetProperty("calibration").GetProperty("keptInRun").GetBoolean());
        Assert.True(proof.GetProperty("calibration").GetProperty("temperature").GetDouble() > 0);
        Assert.NotEqual(0, proof.GetProperty("diagnosis").GetArrayLength());
        Assert.InRange(proof.GetProperty("background").GetProperty("backgroundOnly").GetProperty("value").GetDouble(), 0, 1);
        Assert.InRange(proof.GetProperty("doubtful").GetArrayLength(), 0, 3);
        Assert.True(proof.GetProperty("alarm").GetProperty("sequences").GetArrayLength() > 0);
        Assert.Equal(again.GetProperty("captureNext").GetProperty("plan").ValueKind != JsonValueKind.Null, File.Exists(cli.At("next.json")));
        JsonElement said = await cli.JsonAsync("predict", "--model", "a", Directory.GetFiles(cli.At("a/dataset/images"), "*", SearchOption.AllDirectories)[0]);
        Assert.Contains(said.GetProperty("predictions")[0].GetProperty("sure").ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
        await RulesAsync(cli, rule);
        // Where it looks, and what it takes the pictures to be like.
        JsonElement why = await cli.JsonAsync("explain", "--model", "a", "--count", "5", "--nearest", "2", "--out", "why");
        Assert.Equal(5, why.GetProperty("pictures").GetArrayLength());
        Assert.All(why.GetProperty("pictures").EnumerateArray(), p => Assert.True(File.Exists(p.GetProperty("heat").GetString())));
        Assert.All(why.GetProperty("pictures").EnumerateArray().SelectMany(p => p.GetProperty("nearest").EnumerateArray()), n => Assert.InRange(n.GetProperty("likeness").GetDouble(), -1, 1.0001));
        Assert.True(File.Exists(why.GetProperty("sheets")[0].GetString()));
        Assert.Equal(JsonValueKind.Array, why.GetProperty("kinds").ValueKind);
        Assert.InRange(why.GetProperty("heatOnPart").GetDouble(), 0, 1);
        JsonElement named = await cli.JsonAsync("explain", "--model", "a", "--part", "3003", why.GetProperty("pictures")[0].GetProperty("picture").GetString()!, "1");
        Assert.Equal(why.GetProperty("pictures")[0].GetProperty("frame").GetInt64(), named.GetProperty("pictures")[0].GetProperty("frame").GetInt64());
        Assert.Equal(["3003", "3003"], named.GetProperty("pictures").EnumerateArray().Select(p => p.GetProperty("heatOf").GetString()));
        (int code, _, string remarks) = await cli.RunAsync("explain", "--model", "a", "no.jpg");
        Assert.Equal(1, code);
        Assert.Contains("has no frame \"no.jpg\"", remarks);
        Assert.Equal(["3001", "3003"], again.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("part").GetString()));
    }

    /// <summary>The run's rule is proven as it is, chosen anew where that is asked for, and for the figures alone where it is missing.</summary>
    private static async Task RulesAsync(Cli cli, string rule)
    {
        string file = cli.At("a/decision.json");
        JsonElement own = (await cli.JsonAsync("validate", "--model", "a")).GetProperty("proof").GetProperty("calibration");
        Assert.True(own.GetProperty("keptInRun").GetBoolean());
        Assert.True(own.GetProperty("fewItems").GetBoolean());
        Assert.Equal(JsonDocument.Parse(rule).RootElement.GetProperty("temperature").GetDouble(), own.GetProperty("temperature").GetDouble());

        File.Delete(file);
        JsonElement without = (await cli.JsonAsync("validate", "--model", "a")).GetProperty("proof").GetProperty("calibration");
        Assert.False(without.GetProperty("keptInRun").GetBoolean());
        Assert.False(File.Exists(file));

        await cli.JsonAsync("validate", "--model", "a", "--choose");
        Assert.Equal(rule, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        await cli.JsonAsync("validate", "--model", "a", "--choose", "--threshold-beta", "3");
        Assert.Equal(3, JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).RootElement.GetProperty("chosenBy").GetProperty("beta").GetDouble());
    }

    [Fact]
    public async Task The_figures_are_of_items_that_training_never_saw()
    {
        using Cli cli = new();
        await cli.JsonAsync("run", "--out", "a");
        using Dataset dataset = Dataset.Open(cli.At("a/dataset"));
        JsonElement split = await cli.JsonAsync("dataset", "split", "--data", "a/dataset");

        (string Part, string Item, string Role)[] items = [.. split.GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("part").GetString()!, i.GetProperty("item").GetString()!, i.GetProperty("role").GetString()!))];
        Assert.Equal(items.Length, items.Select(i => (i.Part, i.Item)).Distinct().Count());
        foreach (IGrouping<string, (string Part, string Item, string Role)> part in items.GroupBy(i => i.Part))
        {
            Assert.Equal(["test", "train", "train", "validation"], part.Select(i => i.Role).Order());
        }

        Assert.All(dataset.Frames(new FrameFilter { Source = FrameSource.Rendered }), f => Assert.DoesNotContain(items, i => i.Item == f.Item.Value));
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_dataset_and_another_seed_another()
    {
        using Cli cli = new();

        string first = await HashAsync("1", "a"), second = await HashAsync("1", "b"), other = await HashAsync("2", "c");

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);

        async Task<string> HashAsync(string seed, string folder)
        {
            await cli.JsonAsync("capture", "--seed", seed, "--data", folder);
            await cli.JsonAsync("synth", "--seed", seed, "--out", folder, "--count", "12");
            return (await cli.JsonAsync("dataset", "info", "--data", folder)).GetProperty("hash").GetString()!;
        }
    }

    [Fact]
    public async Task Frame_17_made_alone_is_frame_17_of_the_whole()
    {
        using Cli cli = new();

        await cli.JsonAsync("synth", "--out", "whole", "--count", "20");
        await cli.JsonAsync("synth", "--out", "alone", "--first", "17", "--count", "1");

        using Dataset whole = Dataset.Open(cli.At("whole")), alone = Dataset.Open(cli.At("alone"));
        FrameRecord frame = Assert.Single(alone.Frames());
        FrameRecord same = Assert.Single(whole.Frames(), f => f.Origin == frame.Origin);
        Assert.Equal(frame.ImageHash, same.ImageHash);
        Assert.Equal(alone.Annotations(frame.Id).Select(a => (a.Part, a.Box, a.VisibleFraction)), whole.Annotations(same.Id).Select(a => (a.Part, a.Box, a.VisibleFraction)));
    }

    [Fact]
    public async Task Killed_in_mid_capture_no_frame_is_lost_and_none_comes_twice()
    {
        using Cli cli = new();
        await cli.JsonAsync("capture", "--data", "whole");

        string name = await cli.KilledAsync(folder => Cli.Images(folder) is >= Plates + 15 and < Plates + Captured, folder => ["capture", "--data", folder, "--quiet"]);
        int before = (await cli.JsonAsync("dataset", "info", "--data", name)).GetProperty("frames").GetInt32();
        int captured = (await cli.JsonAsync("resume", "--data", name)).GetProperty("framesCaptured").GetInt32();

        Assert.InRange(before, 14, Captured - 1);
        Assert.Equal(Captured, before + captured);
        using Dataset whole = Dataset.Open(cli.At("whole")), killed = Dataset.Open(cli.At(name));
        Assert.Equal(whole.Hash(), killed.Hash());
    }

    [Fact]
    public async Task Killed_in_mid_training_it_goes_on_from_its_last_epoch_with_its_best_score()
    {
        using Cli cli = new();
        cli.Write("rig.json", Cli.SmallRig.Replace("\"epochs\": 4", "\"epochs\": 8"));

        string name = await cli.KilledAsync(folder => Lines(Path.Combine(folder, "metrics.csv")).Length is >= 4 and <= 8, folder => ["run", "--out", folder, "--quiet"]);
        string metrics = cli.At($"{name}/metrics.csv");
        string[] before = Lines(metrics);
        await cli.JsonAsync("run", "--resume", "--out", name);
        string[] after = Lines(metrics);

        // The last line may be of an epoch whose weights were not yet safe: it is trained again, to the same figures in another time.
        Assert.Equal(before.Select(Figures), after[..before.Length].Select(Figures));
        Assert.Equal(Enumerable.Range(1, after.Length - 1), after[1..].Select(line => int.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)));
        using Dataset dataset = Dataset.Open(cli.At($"{name}/dataset"));
        Assert.Equal(Captured + Rendered, dataset.Info().Frames);
    }

    /// <summary>A line without its seconds and frames a second.</summary>
    private static string Figures(string line) => string.Join(',', line.Split(',')[..^2]);

    /// <summary>The whole lines of a file that may be being written.</summary>
    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllText(path).Split('\n')[..^1] : [];
}
