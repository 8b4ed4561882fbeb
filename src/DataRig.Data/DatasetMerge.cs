using System.Collections;
using System.Globalization;
using DataRig.Core;

namespace DataRig.Data;

/// <summary>
/// Joins datasets. Of the shards of one synthesis comes the dataset that one run would have made; of others one with all of their
/// frames, in which an item of the same part and name is the same object.
/// </summary>
public static class DatasetMerge
{
    private const string Stage = "Merge";

    /// <summary>Frames that become durable together.</summary>
    private const int BatchSize = 256;

    /// <summary>
    /// Checks that shards are of one scene and seed and hold every frame once; only then copies them. Other datasets are joined as
    /// they are: sessions become sessions that are done, splits are kept where they agree, the edit log and the trash stay behind.
    /// </summary>
    /// <param name="shards">Folders of datasets: shards that hold renderings and nothing else, or any.</param>
    /// <param name="target">An empty or new folder; it is there when everything is in it.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancel">Stops it; nothing is left then.</param>
    /// <param name="remark">Told what is worth knowing of what came out, each a sentence.</param>
    /// <returns>How many frames were merged.</returns>
    /// <exception cref="WorkFailedException">A shard is missing or no shard, datasets do not fit each other, a frame is missing or there twice, a session is open, or the disk fails.</exception>
    public static int Merge(IReadOnlyList<string> shards, string target, IProgress<StageProgress>? progress = null, CancellationToken cancel = default, Action<string>? remark = null)
    {
        ArgumentNullException.ThrowIfNull(shards);
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new WorkFailedException($"Nothing was merged: {target} is not empty; name a new folder with --out.");
        }

        List<Dataset> open = [];
        try
        {
            open.AddRange(shards.Select(s => Dataset.Open(s)));
            bool isSynthesis = open.TrueForAll(d => d.Renderings().Count > 0 && d.CountAll(FrameSource.Rendered) == d.CountAll());
            RenderedRange[] ranges = isSynthesis ? Ranges(open) : [.. open.SelectMany(d => d.Renderings()).Distinct()];
            int frames = isSynthesis ? Check(open, ranges) : open.Sum(d => d.CountAll());
            string partial = $"{target}.partial";
            Clear(partial); // of a merge that was killed
            try
            {
                frames = Copy(open, ranges, partial, frames, progress, cancel);
                if (!isSynthesis)
                {
                    JoinSplits(open, partial, remark);
                }

                Clear(target);
                Directory.Move(partial, target);
            }
            catch
            {
                Clear(partial);
                throw;
            }

            return frames;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"Nothing was merged into {target}: {e.Message.TrimEnd('.')}.", e);
        }
        finally
        {
            open.ForEach(d => d.Dispose());
        }
    }

    /// <summary>What the shards were to make together.</summary>
    private static RenderedRange[] Ranges(List<Dataset> shards)
    {
        (string Source, Dataset Shard)[] sources = [.. shards.SelectMany(s => s.Renderings().Select(r => (r.Source, s))).DistinctBy(s => s.Source)];
        return sources.Length <= 1
            ? [.. shards.SelectMany(s => s.Renderings()).Distinct()]
            : throw new WorkFailedException($"Nothing was merged: {string.Join(", but ", sources.Take(2).Select(s => $"{s.Shard.Folder} holds frames of {s.Source}"))}; shards of one synthesis have the same scene and seed.");
    }

    /// <returns>How many frames there are in all.</returns>
    private static int Check(List<Dataset> shards, RenderedRange[] ranges)
    {
        long low = ranges.Min(r => r.First), high = ranges.Max(r => r.End);
        BitArray asked = new(checked((int)(high - low))), there = new(asked.Length);
        foreach (RenderedRange range in ranges)
        {
            for (long index = range.First; index < range.End; index++)
            {
                asked[(int)(index - low)] = true;
            }
        }

        foreach (Dataset shard in shards)
        {
            foreach (long index in shard.RenderedIndices(ranges[0].Source))
            {
                if (index < low || index >= high || !asked[(int)(index - low)])
                {
                    throw new WorkFailedException($"Nothing was merged: {shard.Folder} holds the frame of index {index}, which none of the shards was asked for.");
                }

                if (there[(int)(index - low)])
                {
                    string[] twice = [.. shards.Where(s => s.RenderedIndices(ranges[0].Source).Contains(index)).Select(s => s.Folder)];
                    throw new WorkFailedException($"Nothing was merged: the frame of index {index} is in {string.Join(" and in ", twice.Length > 1 ? twice : [.. twice, shard.Folder])}; name each shard once.");
                }

                there[(int)(index - low)] = true;
            }
        }

        string[] gaps = [.. Gaps(asked, there, low)];
        return gaps.Length == 0
            ? Enumerable.Range(0, there.Length).Count(i => there[i])
            : throw new WorkFailedException($"Nothing was merged: index {string.Join(", ", gaps.Take(5))}{(gaps.Length > 5 ? $" and {gaps.Length - 5} more gaps" : "")} of {asked.Length} frames missing; run 'datarig synth' for that shard again (it goes on where it stopped), or name the shard that has them.");
    }

    private static IEnumerable<string> Gaps(BitArray asked, BitArray there, long low)
    {
        for (int i = 0; i < asked.Length; i++)
        {
            int from = i;
            while (i < asked.Length && asked[i] && !there[i])
            {
                i++;
            }

            if (i > from)
            {
                long first = low + from, last = low + i - 1;
                yield return first == last ? string.Create(CultureInfo.InvariantCulture, $"{first}") : string.Create(CultureInfo.InvariantCulture, $"{first} to {last}");
            }
        }
    }

    /// <returns>How many frames there are then: what two of them hold is there once.</returns>
    private static int Copy(List<Dataset> datasets, RenderedRange[] ranges, string folder, int frames, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        using Dataset merged = Dataset.Create(folder);
        foreach (RenderedRange range in ranges)
        {
            merged.NoteRendering(range);
        }

        int copied = 0;
        foreach (Dataset dataset in datasets)
        {
            if (dataset.OpenSessions() is [var open, ..])
            {
                throw new WorkFailedException($"Nothing was merged: the session {open.Id} of {dataset.Folder} is still open; finish or cancel it first.");
            }

            foreach (Frame[] batch in dataset.WholeFrames().Chunk(BatchSize))
            {
                cancel.ThrowIfCancellationRequested();
                merged.AddImported(batch, dataset.Folder);
                copied += batch.Length;
                progress?.Report(new StageProgress(Stage, copied, frames));
            }
        }

        return merged.CountAll();
    }

    /// <summary>One split of all of them, where they agree on every item that several have.</summary>
    private static void JoinSplits(List<Dataset> datasets, string folder, Action<string>? remark)
    {
        // A session goes by another number in the joined dataset.
        if (datasets.FirstOrDefault(d => d.LoadSplit() is { Level: not SplitLevel.Item }) is { } finer)
        {
            remark?.Invoke($"No split was kept: that of {finer.Folder} is by {finer.LoadSplit()!.Level.Noun()}; 'datarig dataset split' makes another one.");
            return;
        }

        Dictionary<GroupKey, (SplitRole Role, Dataset Of)> roles = [];
        foreach ((Dataset dataset, GroupKey item, SplitRole role) in from d in datasets let split = d.LoadSplit() where split is not null from r in split.Roles select (d, r.Key, r.Value))
        {
            if (!roles.TryAdd(item, (role, dataset)) && roles[item].Role != role)
            {
                remark?.Invoke($"No split was kept: {item} is for {Word(roles[item].Role)} in {roles[item].Of.Folder} and for {Word(role)} in {dataset.Folder}; 'datarig dataset split' makes another one.");
                return;
            }
        }

        if (roles.Count > 0)
        {
            using Dataset merged = Dataset.Open(folder);
            merged.SaveSplit(new Split(datasets.Select(d => d.LoadSplit()).First(s => s is not null)!.Seed, roles.ToDictionary(r => r.Key, r => r.Value.Role)));
        }
    }

    private static string Word(SplitRole role) => role.ToString().ToLowerInvariant();

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
