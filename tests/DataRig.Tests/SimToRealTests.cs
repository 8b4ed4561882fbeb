using System.Text.Json;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;

namespace DataRig.Tests;

/// <summary>The comparison of trainings with and without renders: what it holds out, how it averages, and the whole of it on the real program.</summary>
public sealed class SimToRealTests
{
    [Fact]
    public void An_interval_is_Students()
    {
        // Mean 0.8, sample deviation 0.1, three repetitions: 0.8 -+ 4.303 * 0.1 / sqrt(3).
        Estimate estimate = Estimate.Of([0.7, 0.8, 0.9, null])!;

        Assert.Equal(0.8, estimate.Mean, 9);
        Assert.Equal(0.55156, estimate.Low!.Value, 4);
        Assert.Equal(1, estimate.High);
        Assert.Equal(3, estimate.Repetitions);
        Assert.Equal(new Estimate(0.5, null, null, 1), Estimate.Of([0.5]));
        Assert.Null(Estimate.Of([null]));
    }

    [Theory]
    [InlineData(0.4, "no more than 1")]
    [InlineData(0.7, "between 5 and 12")]
    [InlineData(0.95, "more than 12")]
    public void Renders_are_worth_the_photographs_that_reach_as_much(double synthetic, string expected)
    {
        SimToRealCell[] cells = [Cell(0, true, synthetic), Cell(1, false, 0.5), Cell(5, false, 0.6), Cell(12, false, 0.8)];

        Assert.Equal($"100 rendered frames are worth {expected} real frames of each part.", SimToRealTable.Worth(SimToRealTable.Of(cells), 100));
        Assert.Null(SimToRealTable.Worth(SimToRealTable.Of(cells[1..]), 100));

        static SimToRealCell Cell(int real, bool synthesis, double accuracy) => new() { Seed = 1, RealFrames = real, Synthesis = synthesis, Accuracy = accuracy };
    }

    [Fact]
    public void Of_each_part_one_item_proves_and_never_trains()
    {
        FrameRecord[] frames =
        [
            .. from part in new[] { ("3001", 3), ("3002", 2), ("3039", 1) } from item in Enumerable.Range(0, part.Item2) from i in Enumerable.Range(0, 4) select Photograph(part.Item1, $"{part.Item1}-{item}"),
        ];
        HashSet<string> held = [];
        for (ulong seed = 0; seed < 20; seed++)
        {
            (FrameRecord[] pool, FrameRecord[] heldOut) = SimToReal.HoldOut(frames, new Seed(seed));

            Assert.Equal(frames.Length, pool.Length + heldOut.Length);
            Assert.Empty(pool.Select(f => f.Item).Intersect(heldOut.Select(f => f.Item)));
            Assert.All(heldOut.GroupBy(f => f.Part), g => Assert.Single(g.Select(f => f.Item).Distinct()));
            Assert.Equal(3, heldOut.Select(f => f.Part).Distinct().Count());
            held.UnionWith(heldOut.Select(f => f.Item.Value));
        }

        Assert.Equal(6, held.Count); // in twenty repetitions each item has its turn
    }

    [Theory]
    [InlineData(3, new[] { 0, 3, 6 })]
    [InlineData(10, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    [InlineData(13, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2 })]
    public void Few_of_many_frames_come_from_all_of_them(int count, int[] expected) =>
        Assert.Equal(expected, SimToReal.Spread([.. Enumerable.Range(0, 10)], count));

    [Fact]
    public async Task The_comparison_runs_is_kept_and_refuses_other_settings()
    {
        using Cli cli = new();
        await cli.JsonAsync("capture", "--data", "photos");
        using Dataset photos = Dataset.Open(cli.At("photos"));
        FrameRecord fitted = photos.Frames()[0];
        PlantLeak(photos, fitted);
        cli.Write("scene.json", """{ "name": "small", "image": { "width": 96, "height": 96 } }""");
        cli.Write("scene.fit.json", $$"""{ "frames": [{ "image": "{{fitted.ImageHash}}" }] }""");
        string[] command = ["bench", "sim2real", "--data", "photos", "--count", "24", "--pictures", "96", "--real-pictures", "64", "--seeds", "1", "--real", "0", "1", "--scene", "scene.json", "--out", "compared"];

        JsonElement first = await cli.JsonAsync(command);

        JsonElement[] trainings = [.. first.GetProperty("trainings").EnumerateArray()];
        Assert.Equal([(0, true), (1, true), (1, false)], trainings.Select(t => (t.GetProperty("realFrames").GetInt32(), t.GetProperty("synthesis").GetBoolean())));
        Assert.All(trainings, t => Assert.InRange(t.GetProperty("accuracy").GetDouble(), 0, 1));
        Assert.Equal(2 * 4 * 6, trainings[0].GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(n => n.GetInt32())));
        Assert.InRange(trainings[1].GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(n => n.GetInt32())), (2 * 6) - 1, 2 * 6);
        Assert.All(trainings, t => Assert.Equal(1, t.GetProperty("leaking").GetInt32()));
        Assert.Equal("Held-out photographs that training may know prove nothing and were left out: 1 with seed 1.", first.GetProperty("leaks").GetString());
        Assert.Contains("24 rendered frames are worth", first.GetProperty("worth").GetString());
        Assert.Contains("polyline", await File.ReadAllTextAsync(first.GetProperty("page").GetString()!, TestContext.Current.CancellationToken));

        // What is finished is not trained again, and not mixed with other settings.
        Directory.Delete(cli.At("compared/runs"), recursive: true);
        JsonElement again = await cli.JsonAsync(command);
        Assert.Equal(first.GetProperty("trainings").GetRawText(), again.GetProperty("trainings").GetRawText());
        Assert.False(Directory.Exists(cli.At("compared/runs")));
        (int code, _, string remarks) = await cli.RunAsync([.. command.Select(a => a == "96" ? "97" : a)]);
        Assert.Equal(1, code);
        Assert.Contains("comparison with other settings", remarks);
        (code, _, remarks) = await cli.RunAsync([.. command, "--allow-leaks"]);
        Assert.Equal(1, code);
        Assert.Contains("comparison with other settings", remarks);
    }

    /// <summary>A picture that may train once more, filed under the held-out item of the same part.</summary>
    private static void PlantLeak(Dataset photos, FrameRecord fitted)
    {
        (FrameRecord[] pool, FrameRecord[] heldOut) = SimToReal.HoldOut([.. photos.Frames().Where(f => f.ImageHash != fitted.ImageHash)], new Seed(1));
        FrameRecord known = pool[0], held = heldOut.First(f => f.Part == known.Part);
        photos.AddFrames([new Frame { Image = new EncodedImage(photos.ReadImageFile(known), known.Width, known.Height), Source = FrameSource.Imported, Part = held.Part, Item = held.Item, Origin = "copy.jpg" }]);
    }

    [Theory]
    [InlineData("--real", "-1", 2, "--real takes numbers from 0")]
    [InlineData("--scene", "broken.json", 1, "broken.fit.json is no record of a fit")]
    [InlineData("--data", "nowhere", 1, "nowhere")]
    public async Task Bad_input_ends_in_one_sentence(string flag, string value, int code, string expected)
    {
        using Cli cli = new();
        using (Dataset.Create(cli.At("photos")))
        {
        }

        cli.Write("broken.json", """{ "name": "broken" }""");
        cli.Write("broken.fit.json", "{}");

        (int exit, string result, string remarks) = await cli.RunAsync(["bench", "sim2real", .. flag == "--data" ? [] : new[] { "--data", "photos" }, flag, value, "--quiet"]);

        Assert.Equal(code, exit);
        Assert.Equal("", result);
        Assert.Contains(expected, remarks);
        Assert.DoesNotContain("   at ", remarks);
    }

    private static FrameRecord Photograph(string part, string item) => new()
    {
        Id = new FrameId(1), ImagePath = "", ImageHash = "", Width = 1, Height = 1, Source = FrameSource.Imported, Part = new PartId(part), Item = new ItemId(item),
    };
}
