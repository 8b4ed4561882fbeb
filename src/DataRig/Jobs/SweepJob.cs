using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>What one training of a sweep came to. Shares lie in [0, 1].</summary>
internal sealed record SweepCell
{
    public required IReadOnlyList<string> Values { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>On items never seen; null where training failed, as the next four.</summary>
    public double? Accuracy { get; init; }

    public double? MacroF1 { get; init; }

    /// <summary>Of the best epoch; null as well where the split has no validation items.</summary>
    public double? ValidationMacroF1 { get; init; }

    /// <summary>That training took, without validation.</summary>
    public double? Seconds { get; init; }

    public double? ImagesPerSecond { get; init; }

    /// <summary>Why training failed; null where it did not.</summary>
    public string? Failure { get; init; }
}

/// <summary>One line of a sweep's table: a combination of values, averaged over the seeds.</summary>
/// <param name="Values">One of each thing that varies.</param>
/// <param name="Accuracy">On items never seen; null where every training failed, as the rest.</param>
/// <param name="MacroF1">On the same.</param>
/// <param name="ValidationMacroF1">On validation items.</param>
/// <param name="Seconds">Of training, in the mean.</param>
/// <param name="ImagesPerSecond">In the mean.</param>
/// <param name="Failure">Why a training failed, if one did.</param>
internal sealed record SweepRow(IReadOnlyList<string> Values, Estimate? Accuracy, Estimate? MacroF1, Estimate? ValidationMacroF1, double? Seconds, double? ImagesPerSecond, string? Failure)
{
    public Estimate? By(SweepMetric metric) => metric switch { SweepMetric.Accuracy => Accuracy, SweepMetric.MacroF1 => MacroF1, _ => ValidationMacroF1 };
}

/// <summary>
/// Trains every combination of a sweep once a seed, each on a split of its own seed, and proves it on the items that the split holds
/// out. Finished trainings are kept, so that going on after a stop is running it again.
/// </summary>
internal sealed class SweepJob(Dataset dataset, SweepFile sweep, IReadOnlyList<SweepVariant> variants, string folder)
{
    private const string Stage = "Sweep";

    /// <summary>Train although held-out frames are known to training; see <see cref="LeakJob"/>.</summary>
    public bool AllowLeaks { get; init; }

    /// <exception cref="WorkFailedException">The dataset or the folder do not allow it.</exception>
    public IReadOnlyList<SweepCell> Run(string file, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        RequireSameSweep(file);
        SplitLevel level = dataset.LoadSplit()?.Level ?? SplitLevel.Item;
        ItemFrames[] groups = [.. dataset.Items(level)];
        List<SweepCell> cells = [];
        int all = sweep.Seeds.Count * variants.Count;
        foreach (ulong seed in sweep.Seeds)
        {
            Split split = GroupSplit.Assign(groups, new Seed(seed), level);
            if (!split.Roles.Values.Contains(SplitRole.Test))
            {
                throw new WorkFailedException($"{dataset.Folder} has no part with two photographed {level.Noun()}s: nothing could be proven on any never seen.");
            }

            int leaked = LeakJob.Require(dataset, split, AllowLeaks, progress, cancel);
            foreach (SweepVariant variant in variants)
            {
                progress.Report(new StageProgress(Stage, cells.Count, all, $"{string.Join(", ", variant.Values)}, seed {seed}"));
                cells.Add(Cell(variant, seed, split, leaked, progress, cancel));
            }
        }

        progress.Report(new StageProgress(Stage, all, all));
        return cells;
    }

    /// <summary>One row a combination, the best first; those that failed last.</summary>
    public static IReadOnlyList<SweepRow> Rows(IReadOnlyList<SweepCell> cells, SweepMetric sortBy) =>
    [
        .. cells.GroupBy(c => string.Join('\n', c.Values)).Select(g => new SweepRow(
            g.First().Values,
            Estimate.Of(g.Select(c => c.Accuracy)),
            Estimate.Of(g.Select(c => c.MacroF1)),
            Estimate.Of(g.Select(c => c.ValidationMacroF1)),
            g.Average(c => c.Seconds),
            g.Average(c => c.ImagesPerSecond),
            g.Select(c => c.Failure).FirstOrDefault(f => f is not null)))
        .OrderByDescending(row => row.By(sortBy)?.Mean ?? -1),
    ];

    private SweepCell Cell(SweepVariant variant, ulong seed, Split split, int leaked, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        string run = Path.Combine(folder, $"{variant.Name}-seed{seed}"), kept = run + ".json";
        if (File.Exists(kept))
        {
            return StrictJson.ReadFile<SweepCell>(kept);
        }

        SweepCell cell = new() { Values = variant.Values, Seed = seed };
        try
        {
            TrainingResult training = TrainJob.Train((dataset, split), null, variant.Options with { Seed = seed }, run, progress, cancel, leaked);
            using Predictor predictor = Predictor.Open(run);
            Metrics metrics = Validator.Validate(predictor, SplitJob.Frames(dataset, split, SplitRole.Test), progress, cancel).Metrics;
            cell = cell with
            {
                Accuracy = metrics.Accuracy,
                MacroF1 = metrics.MacroF1,
                ValidationMacroF1 = training.Best.ValidationMacroF1,
                Seconds = Math.Round(training.Run.History.Sum(e => e.Seconds), 1),
                ImagesPerSecond = Math.Round(training.ImagesPerSecond, 1),
            };
        }
        catch (WorkFailedException e)
        {
            // One combination that cannot be trained must not keep the others from it.
            cell = cell with { Failure = e.Message };
        }

        File.WriteAllText(kept, StrictJson.Write(cell));
        return cell;
    }

    /// <summary>Figures of one sweep must not be mixed with those of another.</summary>
    private void RequireSameSweep(string file)
    {
        string kept = Path.Combine(folder, "sweep.json"), wanted = File.ReadAllText(file) + $"\n// {dataset.Folder}, {dataset.Hash()}\n{string.Join('\n', variants.Select(v => StrictJson.Write(v.Options with { Seed = 0 })))}\n";
        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(kept))
            {
                File.WriteAllText(kept, wanted);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The sweep's folder {folder} cannot be written ({e.Message}); name another one with --out.", e);
        }

        if (File.ReadAllText(kept) != wanted)
        {
            throw new WorkFailedException($"{folder} holds a sweep of other settings or of another dataset ({kept}); name another folder with --out.");
        }
    }
}
