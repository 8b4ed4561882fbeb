using System.Diagnostics;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tests;

/// <summary>
/// The program that captures is killed with SIGKILL at any moment, and what resumes it is killed in turn, until the plan is
/// done: the dataset is then the one that nobody interrupted. A few kills by default; DATARIG_KILLS says how many.
/// </summary>
public sealed class KilledCaptureTests(ITestOutputHelper output)
{
    private const int Pictures = 8 + (3 * 8);

    private const string TinyRig = """
        {
          "seed": 5,
          "turntable": { "driver": "simulated" },
          "camera": { "driver": "simulated", "width": 64, "height": 64 },
          "lights": { "driver": "simulated" },
          "plan": { "items": { "3001": ["red", "blue"], "3003": ["white"] }, "posesPerItem": 1, "stopsPerSweep": 8 }
        }
        """;

    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("DATARIG_KILLS"), CultureInfo.InvariantCulture, out int kills) ? kills : 2;

    [Fact]
    public async Task However_often_it_is_killed_the_dataset_is_the_uninterrupted_one()
    {
        using Cli cli = new();
        cli.Write("rig.json", TinyRig);
        using Process undisturbed = cli.Start("capture", "--data", "whole", "--quiet");
        TimeSpan untilPictures = await FirstPictureAsync(undisturbed, cli.At("whole"));
        await undisturbed.WaitForExitAsync(TestContext.Current.CancellationToken);
        using Dataset whole = Dataset.Open(cli.At("whole"));
        Assert.Equal(24, whole.Frames().Count);
        (string whole, string[] frames) expected = (whole.Hash(), Names(whole));

        Dictionary<string, int> struck = [];
        int sets = 0;
        for (int kill = 0; kill < Kills; sets++)
        {
            string name = $"killed{sets}";
            HashSet<string> safe = [];
            bool ended = false;
            while (!ended && kill < Kills)
            {
                Draws draws = new Seed(300).At(kill);
                ended = !await KillAsync(cli, name, draws, untilPictures);
                kill += ended ? 0 : 1;
                if (!ended)
                {
                    string phase = Phase(cli.At(name));
                    struck[phase] = struck.GetValueOrDefault(phase) + 1;
                }

                // Not always: to look at a dataset is to clear up its write-ahead log, which is for the next process to do.
                if (draws.Chance("look", 0.5) && Dataset.IsDataset(cli.At(name)))
                {
                    using Dataset dataset = Dataset.Open(cli.At(name));
                    string[] frames = Names(dataset);
                    Assert.True(safe.IsSubsetOf(frames), $"kill {kill} lost {string.Join(", ", safe.Except(frames))}");
                    safe.UnionWith(frames);
                }
            }

            if (!ended)
            {
                using Process last = Next(cli, name);
                Assert.True(await EndedWellAsync(last));
            }

            await AssertIsAsync(expected, cli.At(name));
        }

        output.WriteLine($"{Kills} kills in {sets} datasets of {Pictures} pictures, by what was there: {string.Join(", ", struck.OrderBy(s => s.Key).Select(s => $"{s.Value} {s.Key}"))}");
    }

    /// <summary>Starts what comes next for a dataset and kills it: while it starts, or some moments after its next so many pictures.</summary>
    /// <returns>False where it came to its end first.</returns>
    private static async Task<bool> KillAsync(Cli cli, string name, Draws draws, TimeSpan untilPictures)
    {
        int before = Cli.Images(cli.At(name)), more = draws.Below("pictures", Pictures / 2);
        using Process process = Next(cli, name);
        if (more == 0)
        {
            await Task.Delay(draws.Uniform("start", 0, 1.2) * untilPictures);
        }
        else
        {
            await Patience.UntilAsync(() => process.HasExited || Cli.Images(cli.At(name)) >= before + more);

            // A frame takes some milliseconds: the kill falls anywhere into it.
            Spin(TimeSpan.FromMilliseconds(draws.Uniform("moment", 0, 15)));
        }

        if (process.HasExited)
        {
            return !await EndedWellAsync(process);
        }

        process.Kill();
        await process.WaitForExitAsync();
        return process.ExitCode == 128 + 9 || !await EndedWellAsync(process);
    }

    /// <summary>Whatever goes on with a dataset as it is: a session that never began has nothing to resume.</summary>
    private static Process Next(Cli cli, string name)
    {
        string folder = cli.At(name);
        bool begun = Cli.Images(folder) > 0;
        if (!begun && Dataset.IsDataset(folder))
        {
            using Dataset dataset = Dataset.Open(folder);
            begun = dataset.Sessions().Count > 0;
        }

        return cli.Start(begun ? "resume" : "capture", "--data", name, "--quiet");
    }

    private static async Task<bool> EndedWellAsync(Process process)
    {
        Task<string> result = process.StandardOutput.ReadToEndAsync(), remarks = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        // A kill right after the session was closed leaves nothing to resume.
        Assert.True(process.ExitCode == 0 || (await remarks).Contains("was interrupted", StringComparison.Ordinal), $"it ended with {process.ExitCode}: {await remarks}{await result}");
        return true;
    }

    private static async Task AssertIsAsync((string Hash, string[] Frames) expected, string folder)
    {
        using Dataset dataset = Dataset.Open(folder);
        Assert.Equal(expected.Frames, Names(dataset));
        Assert.Equal(expected.Hash, dataset.Hash());
        Assert.Empty(dataset.OpenSessions());
        Assert.Single(dataset.Sessions());
        Assert.Empty((await DatasetAudit.RunAsync(dataset)).Findings);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "images", "incoming")));
        Assert.Equal(Pictures, Cli.Images(folder));
    }

    private static string[] Names(Dataset dataset) => [.. dataset.Frames().Select(f => $"{f.Sweep}/{f.Stop} {f.Item} {f.ImageHash}").Order(StringComparer.Ordinal)];

    private static string Phase(string folder) => Cli.Images(folder) switch
    {
        0 => Dataset.IsDataset(folder) ? "an empty dataset" : "nothing",
        < 8 => "some plates",
        8 => "the plates",
        < Pictures => "some frames",
        _ => "everything",
    };

    private static async Task<TimeSpan> FirstPictureAsync(Process process, string folder)
    {
        long start = Stopwatch.GetTimestamp();
        await Patience.UntilAsync(() => process.HasExited || Cli.Images(folder) > 0);
        Assert.True(Cli.Images(folder) > 0, "it ended before its first picture");
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Finer than the system's sleep.</summary>
    private static void Spin(TimeSpan span)
    {
        long start = Stopwatch.GetTimestamp();
        SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(start) >= span);
    }
}
