using System.Text;
using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig.Learning;

/// <summary>
/// A training and what came of it, in a folder: <c>run.json</c>, <c>metrics.csv</c> and the same for TensorBoard,
/// <c>best.safetensors</c> (the model) and <c>last.safetensors</c> (what resuming needs).
/// </summary>
public sealed class Run
{
    private const string RecordName = "run.json";

    private Run(string folder, RunRecord record)
    {
        Folder = folder;
        Record = record;
        Classes = [.. record.Classes.Select(c => new PartId(c))];
    }

    /// <summary>Full path.</summary>
    public string Folder { get; }

    public RunRecord Record { get; }

    /// <summary>The parts it tells apart, in the order of the network's outputs.</summary>
    public IReadOnlyList<PartId> Classes { get; }

    public TrainingOptions Options => Record.Options;

    /// <summary>One record an epoch so far, as <c>metrics.csv</c> has them.</summary>
    public IReadOnlyList<EpochRecord> History => MetricsFile.Read(MetricsPath);

    public string RecordPath => Path.Combine(Folder, RecordName);

    public string MetricsPath => Path.Combine(Folder, "metrics.csv");

    /// <summary>The weights of the best epoch, under the network's own parameter names.</summary>
    public string BestPath => Path.Combine(Folder, "best.safetensors");

    /// <summary>The curves as TensorBoard reads them; its kind of file is known by this name.</summary>
    public string TensorBoardPath => Path.Combine(Folder, "events.out.tfevents.0.datarig");

    public string LastPath => Path.Combine(Folder, "last.safetensors");

    /// <summary>Whether the folder holds a run, finished or not.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, RecordName));

    /// <summary>Opens a run by its folder.</summary>
    /// <exception cref="WorkFailedException">There is no run there.</exception>
    /// <exception cref="ConfigurationException">Its <c>run.json</c> is damaged.</exception>
    public static Run Open(string folder)
    {
        if (!Exists(folder))
        {
            throw new WorkFailedException($"{folder} is not a run: expected a folder with {RecordName} in it, as datarig train makes it under runs/.");
        }

        Run run = new(Path.GetFullPath(folder), StrictJson.ReadFile<RunRecord>(Path.Combine(folder, RecordName)));
        return run.Record.Format == 1
            ? run
            : throw new WorkFailedException($"{run.RecordPath} has the form {run.Record.Format}, this program reads 1: take the DataRig that made it.");
    }

    /// <exception cref="WorkFailedException">There is a run already, or the folder cannot be written.</exception>
    internal static Run Create(string folder, RunRecord record)
    {
        if (Exists(folder))
        {
            throw new WorkFailedException($"{folder} holds a run already: choose another folder, or resume it.");
        }

        try
        {
            Run run = new(Directory.CreateDirectory(folder).FullName, record);
            AtomicFile.Write(run.RecordPath, Encoding.UTF8.GetBytes(StrictJson.Write(record)));
            return run;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"the run folder {folder} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Two options records are the same when they read the same.</summary>
    internal static string Text(TrainingOptions options) => StrictJson.Write(options);
}
