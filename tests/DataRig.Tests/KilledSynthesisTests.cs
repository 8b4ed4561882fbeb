using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tests;

/// <summary>
/// Shards are killed with SIGKILL at any moment and started again until they are whole: merged, they are the dataset of one
/// undisturbed run. A few kills by default; DATARIG_KILLS says how many.
/// </summary>
public sealed class KilledSynthesisTests(ITestOutputHelper output)
{
    private const int Frames = 150;
    private const int Shards = 2;

    private static readonly string[] Synth = ["synth", "--scene", "small.json", "--count", $"{Frames}", "--seed", "9", "--quiet"];
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("DATARIG_KILLS"), CultureInfo.InvariantCulture, out int kills) ? kills : 2;

    [Fact]
    public async Task Shards_killed_and_resumed_and_merged_are_the_unsharded_run()
    {
        using Cli cli = new();
        cli.Write("small.json", """{ "name": "small", "image": { "width": 64, "height": 64 } }""");
        long start = Stopwatch.GetTimestamp();
        JsonElement whole = await cli.JsonAsync([.. Synth[..^1], "--out", "whole"]);
        TimeSpan aShard = Stopwatch.GetElapsedTime(start) / Shards;

        Dictionary<string, int> struck = [];
        int sets = 0;
        for (int kill = 0; kill < Kills; sets++)
        {
            for (int shard = 1; shard <= Shards; shard++)
            {
                string name = Name(sets, shard);
                bool ended = false;
                // The last shard of a set takes what is left only where there is a next set to go on in.
                for (int here = 0; !ended && kill < Kills && here <= Kills / Shards; here++)
                {
                    ended = !await KillAsync(cli, sets, shard, new Seed(400).At(kill), aShard);
                    kill += ended ? 0 : 1;
                    string phase = ended ? "after its end" : Images(cli.At(name)) switch { 0 => "before its first picture", < 64 => "while writing", < Frames / Shards => "between writes", _ => "with all pictures there" };
                    struck[phase] = struck.GetValueOrDefault(phase) + 1;
                }

                await cli.JsonAsync([.. Arguments(sets, shard)[..^1]]);
            }

            JsonElement merged = await cli.JsonAsync("dataset", "merge", Name(sets, 2), Name(sets, 1), "--out", $"merged{sets}");
            Assert.Equal(Frames, merged.GetProperty("frames").GetInt32());
            Assert.Equal(whole.GetProperty("hash").GetString(), merged.GetProperty("hash").GetString());
            await AssertSameAsync(cli.At("whole"), cli.At($"merged{sets}"));
        }

        output.WriteLine($"{Kills} kills in {sets} sets of {Shards} shards: {string.Join(", ", struck.OrderBy(s => s.Key).Select(s => $"{s.Value} {s.Key}"))}");
    }

    private static string Name(int set, int shard) => $"set{set}-{shard}";

    private static string[] Arguments(int set, int shard) => [.. Synth[..^1], "--shard", $"{shard}/{Shards}", "--out", Name(set, shard), "--quiet"];

    /// <returns>False where it came to its end first.</returns>
    private static async Task<bool> KillAsync(Cli cli, int set, int shard, Draws draws, TimeSpan aShard)
    {
        int before = Images(cli.At(Name(set, shard)));
        using Process process = cli.Start(Arguments(set, shard));
        if (draws.Chance("start", 0.4))
        {
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(draws.Uniform("moment", 0.1, 1) * aShard));
        }
        else
        {
            // Pictures come in batches: from the first of one on, the kill falls into its writing.
            int more = 1 + draws.Below("pictures", 70);
            while (!process.HasExited && Images(cli.At(Name(set, shard))) < before + more)
            {
                await Task.Delay(1);
            }
        }

        process.Kill();
        await process.WaitForExitAsync();
        return process.ExitCode == 128 + 9;
    }

    private static async Task AssertSameAsync(string expected, string actual)
    {
        using Dataset whole = Dataset.Open(expected), merged = Dataset.Open(actual);
        Assert.Equal(whole.Frames().Select(f => (f.Origin, f.ImageHash)), merged.Frames().Select(f => (f.Origin, f.ImageHash)));
        Assert.Equal(whole.Renderings(), merged.Renderings());
        Assert.Empty((await DatasetAudit.RunAsync(merged)).Findings);
        Assert.Equal(Images(expected), Images(actual));
    }

    private static int Images(string folder) =>
        Directory.Exists(Path.Combine(folder, "images")) ? Directory.EnumerateFiles(Path.Combine(folder, "images"), "*.jpg", SearchOption.AllDirectories).Count() : 0;
}
