using System.Collections.Concurrent;
using DataRig.Core;
using DataRig.Data.Auditing;
using DataRig.Data.Storage;

namespace DataRig.Data;

/// <summary>Looks at every frame, label and picture file of a dataset for what could spoil training or figures. Changes nothing.</summary>
public static class DatasetAudit
{
    /// <summary>A part must keep 5x5 pixels to be learned from.</summary>
    private const int LeastPixels = 25;

    /// <param name="dataset">The dataset.</param>
    /// <param name="split">The split whose sides are compared; the dataset's own if null, and none if it has none.</param>
    /// <param name="progress">Told of every picture that is looked at.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<AuditReport> RunAsync(Dataset dataset, Split? split = null, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        // Under the write lock, so that a picture whose row is about to come is not taken for an orphan.
        (IReadOnlyList<FrameRecord> frames, IReadOnlyList<string> files) = dataset.Everything();
        split ??= dataset.LoadSplit();

        ConcurrentDictionary<string, Look> looks = new(StringComparer.Ordinal);
        List<AuditFinding> findings = [.. await Pictures(frames, looks, progress, cancellation)];
        findings.AddRange(frames.SelectMany(f => Labels(dataset, f)));
        findings.AddRange(Copies(frames, split));
        findings.AddRange(NearDuplicates.Of(frames, looks, split, cancellation));
        findings.AddRange(Unassigned(frames, split));
        findings.AddRange(Orphans(frames, files));
        findings.AddRange(frames.SelectMany(f => f.Marks.Select(mark => Finding(AuditIssue.MarkedFrame, f, $"{f.Part} {f.Item}, {(f.Session is null ? f.Origin : $"sweep {f.Sweep}, stop {f.Stop}")}: {mark}."))));
        return new AuditReport(frames.Count, files.Count, AuditReport.InOrder(findings));
    }

    private static async Task<IReadOnlyList<AuditFinding>> Pictures(IReadOnlyList<FrameRecord> frames, ConcurrentDictionary<string, Look> looks, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        (FrameRecord Frame, string Path, string Hash, MapKind? Map)[] pictures =
            [.. frames.SelectMany(f => f.Maps.Select(m => (f, m.Value.Path, m.Value.Hash, (MapKind?)m.Key)).Prepend((f, f.ImagePath, f.ImageHash, null))).DistinctBy(p => p.Item2)];
        AuditFinding?[] findings = new AuditFinding?[pictures.Length];
        int done = 0;
        await Parallel.ForAsync(0, pictures.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation }, (i, _) =>
        {
            findings[i] = Picture(pictures[i].Frame, pictures[i].Path, pictures[i].Hash, pictures[i].Map, looks);
            progress?.Report(new StageProgress("Audit", Interlocked.Increment(ref done), pictures.Length));
            return ValueTask.CompletedTask;
        });
        return [.. findings.OfType<AuditFinding>()];
    }

    private static AuditFinding? Picture(FrameRecord frame, string path, string hash, MapKind? map, ConcurrentDictionary<string, Look> looks)
    {
        AuditFinding Found(AuditIssue issue, string what) => new(issue, frame.Id, path, what);
        string name = map is { } kind ? $"{kind.ToString().ToLowerInvariant()} file" : "picture file";
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Found(AuditIssue.MissingImage, $"The {name} is not there; restore it from a copy, or make the frame again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Found(AuditIssue.MissingImage, $"The {name} cannot be read: {e.Message}");
        }

        if (ImageStore.Hash(bytes) != hash)
        {
            return Found(AuditIssue.ChangedImage, $"The {name} is not the one that was added (its SHA-256 differs); restore it from a copy.");
        }

        try
        {
            (int width, int height) = (0, 0);
            if (map == MapKind.Depth)
            {
                DepthMap depth = ImageCodec.DecodeDepth(bytes);
                (width, height) = (depth.Width, depth.Height);
            }
            else
            {
                Picture picture = ImageCodec.Decode(bytes);
                (width, height) = (picture.Width, picture.Height);
                if (map is null && Contrast.Of(picture) < Contrast.Least)
                {
                    return Found(AuditIssue.NearEmpty, $"The picture of frame {frame.Id} ({frame.Part} {frame.Item}) is one colour all over: the light was off or the lens covered. Put the frame aside ('datarig dataset trash {frame.Id}') and take it again.");
                }

                if (map is null && frame.Source != FrameSource.Rendered)
                {
                    looks[path] = Look.Of(picture);
                }
            }

            return (width, height) == (frame.Width, frame.Height)
                ? null
                : Found(AuditIssue.WrongSize, $"The {name} is {width}x{height}, and the catalog says {frame.Width}x{frame.Height}.");
        }
        catch (WorkFailedException e)
        {
            return Found(AuditIssue.UndecodableImage, e.Message);
        }
    }

    private static List<AuditFinding> Labels(Dataset dataset, FrameRecord frame)
    {
        IReadOnlyList<Annotation> annotations;
        try
        {
            annotations = dataset.Annotations(frame.Id);
        }
        catch (WorkFailedException e)
        {
            return [Finding(AuditIssue.EmptyMask, frame, e.Message)];
        }

        List<AuditFinding> findings = [];
        foreach (Annotation annotation in annotations)
        {
            foreach (Box box in annotation.AmodalBox is { } amodal && amodal != annotation.Box ? [annotation.Box, amodal] : new[] { annotation.Box })
            {
                if (box.Width <= 0 || box.Height <= 0 || box.X < 0 || box.Y < 0 || box.Right > frame.Width || box.Bottom > frame.Height)
                {
                    findings.Add(Finding(AuditIssue.BoxOutside, frame, FormattableString.Invariant($"The box of {annotation.Part} at ({box.X}, {box.Y}), {box.Width} by {box.Height}, does not lie in the {frame.Width}x{frame.Height} frame.")));
                }
            }

            if (annotation.Mask is { Area: 0 })
            {
                findings.Add(Finding(AuditIssue.EmptyMask, frame, $"The mask of {annotation.Part} has no pixel."));
            }
        }

        if (frame.Part == PartId.Nothing && annotations.Count > 0)
        {
            findings.Add(Finding(AuditIssue.NotEmpty, frame, $"Frame {frame.Id} is labelled as the empty table and marks {annotations[0].Part} in it; one of the labels is wrong."));
        }

        double[] areas = [.. annotations.Where(a => a.Part == frame.Part).Select(a => a.Mask?.Area ?? a.Box.Area)];
        if (areas.Length > 0 && areas.Max() is > 0 and < LeastPixels)
        {
            findings.Add(Finding(AuditIssue.NearEmpty, frame, FormattableString.Invariant($"Frame {frame.Id} shows {areas.Max():F0} pixels of {frame.Part} {frame.Item}, and a part that is to be learned needs {LeastPixels}. Put it aside ('datarig dataset trash {frame.Id}'), or photograph the part from nearer.")));
        }

        return findings;
    }

    private static IEnumerable<AuditFinding> Copies(IReadOnlyList<FrameRecord> frames, Split? split)
    {
        foreach (FrameRecord[] copies in frames.GroupBy(f => f.ImageHash).Select(g => g.ToArray()).Where(g => g.Length > 1))
        {
            FrameRecord first = copies[0];
            if (copies.FirstOrDefault(c => c.Part != first.Part) is { } other)
            {
                yield return Finding(AuditIssue.ContradictingParts, other, $"The same picture is frame {first.Id} of {first.Part} and frame {other.Id} of {other.Part}; one of the labels is wrong.");
            }

            FrameRecord? learned = Array.Find(copies, c => split?.RoleOf(c) == SplitRole.Train);
            FrameRecord? held = Array.Find(copies, c => split?.RoleOf(c) is SplitRole.Validation or SplitRole.Test);
            if (learned is not null && held is not null)
            {
                yield return Finding(AuditIssue.LeakedAcrossSplit, held, $"The same picture is learned from as frame {learned.Id} ({learned.Part} {learned.Item}) and held out as frame {held.Id} ({held.Part} {held.Item}); figures on it prove nothing.");
            }
        }
    }

    private static IEnumerable<AuditFinding> Unassigned(IReadOnlyList<FrameRecord> frames, Split? split) =>
        split is null
            ? []
            : frames.Where(f => f.Source != FrameSource.Rendered && split.RoleOf(f) is null).DistinctBy(split.KeyOf)
                .Select(f => Finding(AuditIssue.NotInSplit, f, $"{split.KeyOf(f)} came after the split was made; split the dataset again."));

    private static IEnumerable<AuditFinding> Orphans(IReadOnlyList<FrameRecord> frames, IReadOnlyList<string> files) =>
        files.Except(frames.SelectMany(f => f.Maps.Values.Select(m => m.Path).Prepend(f.ImagePath))).Select(file => new AuditFinding(AuditIssue.OrphanImage, null, file, "No frame names this picture file; a capture was killed before it came to the catalog."));

    private static AuditFinding Finding(AuditIssue issue, FrameRecord frame, string what) => new(issue, frame.Id, frame.ImagePath, what);
}
