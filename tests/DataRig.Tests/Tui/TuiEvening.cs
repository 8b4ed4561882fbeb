using DataRig.Data;
using DataRig.Jobs;
using DataRig.Tui.Models;

namespace DataRig.Tests.Tui;

/// <summary>
/// What an evening at a small simulated rig leaves behind, made once by the real jobs: a captured dataset and two runs, one of
/// which waits for its second epoch. The model learned next to nothing, so that there are errors to look at. Every test works
/// on a copy of its own.
/// </summary>
public sealed class TuiEvening : IAsyncLifetime
{
    private static readonly string Rig = Cli.RigThatTrains("""{ "epochs": 1, "batchSize": 16, "learningRate": 1e-9, "checkFiveImages": false }""");

    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-evening-").FullName;

    public async ValueTask InitializeAsync()
    {
        Begin(_folder);
        await using Workbench bench = new(Options(_folder));
        Assert.Null(bench.RigProblem);
        bench.Press("s");
        await EndedAsync(bench, JobKind.Capture);
        bench.Press("4");
        for (int run = 0; run < 2; run++)
        {
            bench.Press("s");
            await EndedAsync(bench, JobKind.Training);
        }

        Run(0, run => run.Replace("\"epochs\": 1,", "\"epochs\": 2,", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A workbench over a copy of the evening.</summary>
    internal Workbench Copy(Func<WorkbenchOptions, WorkbenchOptions>? change = null)
    {
        string folder = Directory.CreateTempSubdirectory("datarig-tui-").FullName;
        foreach (string file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(_folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            if (Path.GetFileName(file) == "run.json")
            {
                File.WriteAllText(copy, File.ReadAllText(copy).Replace(_folder, folder, StringComparison.Ordinal));
            }
        }

        WorkbenchOptions options = Options(folder);
        return new Workbench(change is null ? options : change(options));
    }

    /// <summary>A rig of a few seconds in a folder of its own, with its own scenes: a test may change them.</summary>
    internal static void Begin(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "rig.json"), Rig);
        Directory.CreateDirectory(Path.Combine(folder, "scenes"));
        foreach (string scene in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "scenes")))
        {
            File.Copy(scene, Path.Combine(folder, "scenes", Path.GetFileName(scene)));
        }
    }

    internal static WorkbenchOptions Options(string folder) => new() { Home = folder, Rig = Path.Combine(folder, "rig.json"), FreeBytes = _ => 12L << 30 };

    /// <summary>Changes the record of a run, by its place, the newest first.</summary>
    private void Run(int place, Func<string, string> change)
    {
        string file = Runs.All(Path.Combine(_folder, Runs.Folder))[place].RecordPath;
        string before = File.ReadAllText(file), after = change(before);
        Assert.NotEqual(before, after);
        File.WriteAllText(file, after);
    }

    private static async Task EndedAsync(Workbench bench, JobKind kind)
    {
        await Patience.UntilAsync(() =>
        {
            bench.Tick();
            return !bench.Work.IsRunning(kind);
        });
        Job job = bench.Work.Last(kind)!;
        Assert.True(job.State == JobState.Done, job.Words);
    }
}

/// <summary>The tests that share one evening; they come one after the other.</summary>
[CollectionDefinition(nameof(TuiEvening))]
public sealed class TuiEveningCollection : ICollectionFixture<TuiEvening>;
