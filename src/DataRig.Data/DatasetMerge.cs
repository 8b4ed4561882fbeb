using System.Collections;
using System.Globalization;
using DataRig.Core;

namespace DataRig.Data;

/// <summary>Joins the shards of one synthesis: what comes out is the dataset that one run would have made.</summary>
public static class DatasetMerge
{
    private const string Stage = "Merge";

    /// <summary>Frames that become durable together.</summary>
    private const int BatchSize = 256;

    /// <summary>Checks that the shards are of one scene and seed and hold every frame once; only then copies them.</summary>
    /// <param name="shards">Folders of datasets that hold renderings and nothing else.</param>
    /// <param name="target">An empty or new folder; it is there when everything is in it.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancel">Stops it; nothing is left then.</param>
    /// <returns>How many frames were merged.</returns>
    /// <exception cref="WorkFailedException">A shard is missing or no shard, shards do not fit each other, a frame is missing or there twice, or the disk fails.</exception>
    public static int Merge(IReadOnlyList<string> shards, string target, IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
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
            RenderedRange[] ranges = Ranges(open);
            int frames = Check(open, ranges);
            string partial = $"{target}.partial";
            Clear(partial); // of a merge that was killed
            try
            {
                Copy(open, ranges, partial, frames, progress, cancel);
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
        Dictionary<string, Dataset> sources = [];
        foreach (Dataset shard in shards)
        {
            IReadOnlyList<RenderedRange> asked = shard.Renderings();
            if (asked.Count == 0)
            {
                throw new WorkFailedException($"Nothing was merged: {shard.Folder} is no shard of a synthesis: nothing was rendered into it by 'datarig synth --shard'.");
            }

            asked.ToList().ForEach(r => sources.TryAdd(r.Source, shard));
        }

        return sources.Count <= 1
            ? [.. shards.SelectMany(s => s.Renderings()).Distinct()]
            : throw new WorkFailedException($"Nothing was merged: {string.Join(", but ", sources.Take(2).Select(s => $"{s.Value.Folder} holds frames of {s.Key}"))}; shards of one synthesis have the same scene and seed.");
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

    private static void Copy(List<Dataset> shards, RenderedRange[] ranges, string folder, int frames, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        using Dataset merged = Dataset.Create(folder);
        foreach (RenderedRange range in ranges)
        {
            merged.NoteRendering(range);
        }

        int copied = 0;
        foreach (Frame[] batch in shards.SelectMany(s => Renders(s, ranges[0].Source)).Chunk(BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            merged.AddFrames(batch);
            copied += batch.Length;
            progress?.Report(new StageProgress(Stage, copied, frames));
        }
    }

    private static IEnumerable<Frame> Renders(Dataset shard, string source) => shard.WholeFrames().Select(frame =>
        Rendering.Parse(frame.Origin)?.Source == source && frame.Source == FrameSource.Rendered
            ? frame
            : throw new WorkFailedException($"Nothing was merged: {shard.Folder} also holds a frame that is no render of {source} ({frame.Part}, {frame.Origin ?? frame.Session.ToString()}); only shards of one synthesis are merged."));

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
