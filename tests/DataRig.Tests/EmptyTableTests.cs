using System.Text.Json;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Proving;
using DataRig.Rig;

namespace DataRig.Tests;

/// <summary>Frames without a part are a class of their own.</summary>
public sealed class EmptyTableTests
{
    [Fact]
    public async Task Empty_tables_are_captured_trained_proven_and_predicted()
    {
        using Cli cli = new();
        cli.Write("rig.json", Cli.SmallRig.Replace("\"3001\": [", "\"nothing\": [\"a\", \"b\", \"c\", \"d\"], \"3001\": [", StringComparison.Ordinal));

        Assert.Equal(12 * 6, (await cli.JsonAsync("capture", "--data", "data")).GetProperty("framesCaptured").GetInt32());
        await cli.JsonAsync("train", "--data", "data", "--out", "m", "--set", "epochs=6", "preprocessing.inputPixels=32", "checkFiveImages=false", "batchSize=8");
        JsonElement proof = (await cli.JsonAsync("validate", "--model", "m", "--background", "--report", "page.html")).GetProperty("proof");

        using Dataset dataset = Dataset.Open(cli.At("data"));
        FrameRecord[] empty = [.. dataset.Frames().Where(f => f.Part == PartId.Nothing)];
        Assert.Equal(4 * 6, empty.Length);
        Assert.All(empty, f => Assert.Empty(dataset.Annotations(f.Id)));
        Assert.All(empty, f => Assert.Null(f.Pose));
        Assert.Equal((6, 1), (proof.GetProperty("emptyTable").GetProperty("frames").GetInt32(), proof.GetProperty("emptyTable").GetProperty("items").GetInt32()));
        Assert.InRange(proof.GetProperty("emptyTable").GetProperty("falseAlarms").GetProperty("value").GetDouble(), 0, 1);
        Assert.Equal(12, proof.GetProperty("background").GetProperty("frames").GetInt32());
        Assert.Contains("<b>The empty table.</b>", await File.ReadAllTextAsync(cli.At("page.html"), TestContext.Current.CancellationToken));

        (int code, string said, _) = await cli.RunAsync(["predict", "--model", "m", empty[0].ImagePath]);
        Assert.Equal(0, code);
        Assert.Contains($"{empty[0].ImagePath}: no part ", said);
    }

    [Fact]
    public async Task A_model_of_which_only_the_empty_table_is_held_out_is_proven_as_far_as_that_goes()
    {
        using Cli cli = new();
        cli.Write("rig.json", Cli.SmallRig.Replace("\"items\": { \"3001\": [\"red\", \"blue\", \"yellow\", \"white\"], \"3003\": [\"red\", \"blue\", \"yellow\", \"black\"] }", "\"items\": { \"nothing\": [\"a\", \"b\"], \"3001\": [\"red\"] }", StringComparison.Ordinal));
        await cli.JsonAsync("capture", "--data", "data");
        await cli.JsonAsync("train", "--data", "data", "--out", "m", "--set", "epochs=2", "preprocessing.inputPixels=32", "checkFiveImages=false", "batchSize=8");

        JsonElement result = await cli.JsonAsync("validate", "--model", "m", "--background", "--random-split", "--doubtful", "2", "--report", "page.html");

        Assert.Equal(JsonValueKind.Null, result.GetProperty("proof").GetProperty("background").ValueKind);
        Assert.Equal(6, result.GetProperty("proof").GetProperty("emptyTable").GetProperty("frames").GetInt32());
        Assert.DoesNotContain("<b>The table alone.</b>", await File.ReadAllTextAsync(cli.At("page.html"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void An_empty_table_lies_in_no_pose()
    {
        CapturePlan plan = new() { Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red"], ["nothing"] = ["a", "b"] }, PosesPerItem = 3, StopsPerSweep = 4 };

        Assert.Equal(["3001-red", "nothing-a", "nothing-b", "3001-red", "3001-red"], plan.Sweeps().Select(s => s.Placement.Item.Value));
        Assert.Equal(5 * 4, plan.FrameCount());
        Assert.Empty(plan.Validate());
    }

    [Fact]
    public void Parts_seen_where_there_is_none_are_false_alarms()
    {
        FramePrediction[] predictions = [.. new[] { ("nothing", "a", "nothing"), ("nothing", "a", "3001"), ("nothing", "b", "nothing"), ("nothing", "b", "nothing"), ("3001", "red", "nothing"), ("3001", "red", "3001") }.Select(p => Said(p.Item1, p.Item2, p.Item3))];

        EmptyTable table = EmptyTable.Of(predictions, new Seed(1))!;

        Assert.Equal((4, 2), (table.Frames, table.Items));
        Assert.Equal((0.25, 0.5), (table.FalseAlarms.Value, table.Missed.Value));
        Assert.Null(EmptyTable.Of([Said("3001", "red", "3001")], new Seed(1)));
    }

    private static FramePrediction Said(string part, string item, string said) => new(
        new FrameRecord { Id = new FrameId(1), ImagePath = "", ImageHash = "", Width = 1, Height = 1, Source = FrameSource.Captured, Part = new PartId(part), Item = new ItemId(item) }, new PartId(said), 0.9, 0.5) { Probabilities = [] };
}
