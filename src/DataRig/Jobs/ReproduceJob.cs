using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>A run and its repetition.</summary>
/// <param name="Equal">Whether every epoch's figures and the model are the same to the bit.</param>
/// <param name="Epochs">That both have.</param>
/// <param name="Difference">The first one in words; null where they are equal.</param>
/// <param name="Elsewhere">What was another program, library or machine, a sentence each: what may explain a difference.</param>
/// <param name="First">The run's folder.</param>
/// <param name="Again">The repetition's.</param>
internal sealed record Reproduction(bool Equal, int Epochs, string? Difference, IReadOnlyList<string> Elsewhere, string First, string Again);

/// <summary>Trains a run once more, on the same frames, from what it says of itself.</summary>
internal static class ReproduceJob
{
    /// <param name="first">A finished run.</param>
    /// <param name="data">Where the dataset is now; null where it was then.</param>
    /// <param name="folder">Where the repetition goes; one that was stopped there is gone on with.</param>
    /// <param name="progress">Told of the training.</param>
    /// <param name="cancel">Stops it; the repetition can be gone on with.</param>
    /// <exception cref="WorkFailedException">What it was trained on is no longer there, or has changed.</exception>
    public static Reproduction Run(Run first, string? data, string folder, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        RunRecord record = first.Record;
        if (first.History.Count == 0)
        {
            throw new WorkFailedException($"{first.Folder} has no finished epoch to compare with.");
        }

        string place = data ?? record.Dataset;
        if (place.Length == 0 && record.Stream is null)
        {
            throw new WorkFailedException($"{first.Folder} does not say which dataset it was trained on; name it with --data.");
        }

        using Dataset? dataset = place.Length == 0 ? null : Open(place, record);
        using SceneStream? stream = record.Stream is { } streamed
            ? new SceneStream(SynthesisRequest.Of(streamed.Scene, new Seed(record.Options.Seed), 0, streamed.FramesAnEpoch, []), streamed.Share)
            : null;
        TrainingRequest request = TrainJob.Request(dataset is null ? null : (dataset, SplitOf(dataset, record)), stream, record.Options, folder) with { LeakedFrames = record.LeakedFrames };
        if (Trainer.FramesHash(request) != record.FramesHash)
        {
            throw new WorkFailedException($"{place} no longer has the frames that {first.Folder} was trained on. Name a copy that has them with --data, or take a snapshot before the next training ('datarig dataset snapshot').");
        }

        Run again = TrainJob.Train(request, dataset is null ? null : (dataset, SplitOf(dataset, record)), progress, cancel).Run;
        string? difference = Difference(first, again);
        return new Reproduction(difference is null, Math.Min(first.History.Count, again.History.Count), difference, [.. Elsewhere(first, again)], first.Folder, again.Folder);
    }

    /// <summary>As it is now where that is as it was, else at the snapshot that the run names.</summary>
    private static Dataset Open(string folder, RunRecord record)
    {
        Dataset dataset = Dataset.Open(folder);
        if (record.Snapshot is not { } snapshot || dataset.Hash() == record.DatasetHash)
        {
            return dataset;
        }

        dataset.Dispose();
        return Dataset.OpenSnapshot(folder, snapshot);
    }

    /// <summary>The dataset's own split, or the one that the run's seed gives, as a sweep has it.</summary>
    private static Split SplitOf(Dataset dataset, RunRecord record)
    {
        Split?[] known = [dataset.LoadSplit(), .. Enum.GetValues<SplitLevel>().Select(level => GroupSplit.Assign(dataset.Items(level), new Seed(record.Options.Seed), level))];
        return Array.Find(known, s => s?.Hash == record.SplitHash)
            ?? throw new WorkFailedException($"{dataset.Folder} no longer has the split that the run was trained with (hash {record.SplitHash[..Math.Min(12, record.SplitHash.Length)]}).");
    }

    private static string? Difference(Run first, Run again)
    {
        IReadOnlyList<EpochRecord> before = first.History, now = again.History;
        for (int i = 0; i < Math.Min(before.Count, now.Count); i++)
        {
            if (Timeless(before[i]) != Timeless(now[i]))
            {
                return string.Create(CultureInfo.InvariantCulture, $"epoch {i + 1} had a training loss of {before[i].TrainLoss} and has {now[i].TrainLoss}, a validation accuracy of {before[i].ValidationAccuracy} and {now[i].ValidationAccuracy}.");
            }
        }

        return before.Count != now.Count ? $"{first.Folder} has {before.Count} epochs, the repetition {now.Count}; was the run finished?"
            : !File.ReadAllBytes(first.BestPath).AsSpan().SequenceEqual(File.ReadAllBytes(again.BestPath)) ? "all epochs have the same figures, and the models differ in some bits."
            : null;
    }

    private static EpochRecord Timeless(EpochRecord epoch) => epoch with { Seconds = 0, ImagesPerSecond = 0 };

    private static IEnumerable<string> Elsewhere(Run first, Run again) =>
        from now in again.Record.Versions.Concat(again.Record.Machine)
        let before = first.Record.Versions.GetValueOrDefault(now.Key) ?? first.Record.Machine.GetValueOrDefault(now.Key)
        where before != now.Value
        select $"{now.Key} was {before ?? "unknown"}, is {now.Value}";
}
