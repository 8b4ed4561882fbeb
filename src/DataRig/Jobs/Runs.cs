using System.Globalization;
using DataRig.Core;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>The folder <c>runs/</c>: where runs go that nobody named a folder for.</summary>
internal static class Runs
{
    public const string Folder = "runs";

    /// <summary>A new run's folder, named for the time it begins.</summary>
    public static string NewFolder(TimeProvider clock, string root = Folder)
    {
        string name = Path.Combine(root, clock.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        string free = name;
        for (int again = 2; Directory.Exists(free); again++)
        {
            free = $"{name}-{again}";
        }

        return free;
    }

    /// <summary>The newest run that has a model.</summary>
    /// <exception cref="WorkFailedException">There is none.</exception>
    public static string NewestTrained() =>
        Newest(folder => Run.Exists(folder) && File.Exists(Run.Open(folder).BestPath))
        ?? throw new WorkFailedException($"There is no trained run under {Folder}/ here; 'datarig run' or 'datarig train' makes one, or name one with --model.");

    /// <summary>The newest run of the main job that has not come to its report.</summary>
    /// <exception cref="WorkFailedException">There is none.</exception>
    public static string NewestUnfinished() =>
        Newest(folder => JobRecord.Exists(folder) && !JobRecord.Read(folder).Done)
        ?? throw new WorkFailedException($"There is no run to resume under {Folder}/ here; 'datarig run' begins one, or name one with --out.");

    /// <summary>Every training in a folder of runs, the newest first; one whose record cannot be read is left out.</summary>
    public static IReadOnlyList<Run> All(string root = Folder)
    {
        List<Run> runs = [];
        foreach (string folder in Folders(root).Where(Run.Exists))
        {
            try
            {
                runs.Add(Run.Open(folder));
            }
            catch (DataRigException)
            {
                // Somebody is about to write it, or it is damaged; a list of runs is no place to fail for that.
            }
        }

        return runs;
    }

    /// <summary>Whether a training has epochs left that it would still go through.</summary>
    public static bool IsUnfinished(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        IReadOnlyList<EpochRecord> history = run.History;
        EpochRecord? best = history.Aggregate((EpochRecord?)null, (a, b) => b.IsBetterThan(a) ? b : a);
        bool stoppedEarly = run.Record.ValidationFrames > 0 && run.Options.Patience > 0 && history.Count - (best?.Epoch ?? 0) >= run.Options.Patience;
        return history.Count < run.Options.Epochs && !stoppedEarly;
    }

    /// <summary>Names begin with the time, so the last in order is the newest of those that nobody named.</summary>
    private static string? Newest(Func<string, bool> suits) => Folders(Folder).FirstOrDefault(suits);

    private static IEnumerable<string> Folders(string root) =>
        Directory.Exists(root)
            ? new DirectoryInfo(root).EnumerateDirectories().OrderByDescending(d => d.CreationTimeUtc).ThenByDescending(d => d.Name, StringComparer.Ordinal).Select(d => Path.Combine(root, d.Name))
            : [];
}
