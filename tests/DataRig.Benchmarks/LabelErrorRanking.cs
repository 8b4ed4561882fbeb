using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Proving;

namespace DataRig.Benchmarks;

/// <summary>Plants wrong labels among a dataset's, counts how many of them the audit names, trains on them, and counts how many stand at the top of the ranking.</summary>
internal static class LabelErrorRanking
{
    private const double Share = 0.03, Top = 0.05;

    public static Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length < 1)
        {
            Console.Error.WriteLine("Name a dataset with a split.");
            return Task.FromResult(2);
        }

        int epochs = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 6;
        Seed seed = new(arguments.Length > 2 ? ulong.Parse(arguments[2], CultureInfo.InvariantCulture) : 1);
        string folder = Directory.CreateTempSubdirectory("datarig-labels-").FullName;
        try
        {
            using Dataset dataset = Dataset.Open(arguments[0]);
            Split split = dataset.LoadSplit() ?? throw new WorkFailedException($"{dataset.Folder} has no split.");
            FrameRecord[] frames = [.. dataset.Frames().Where(f => f.Source != FrameSource.Rendered && split.RoleOf(f) is not null)];
            PartId[] parts = [.. frames.Select(f => f.Part).Distinct().Order()];
            int[] order = seed.At(0).Permutation("planted", frames.Length);
            HashSet<FrameId> planted = [.. order.Take((int)(Share * frames.Length)).Select(i => frames[i].Id)];
            LabelledFrame[] labelled =
            [
                .. frames.Select(f => new LabelledFrame(
                    planted.Contains(f.Id) ? f with { Part = parts[(Array.IndexOf(parts, f.Part) + 1 + seed.For("labels").At(f.Id.Value).Below("part", parts.Length - 1)) % parts.Length] } : f,
                    split.RoleOf(f)!.Value)),
            ];
            Audit(dataset, [.. labelled.Select(l => l.Frame)], planted);
            if (epochs == 0)
            {
                return Task.FromResult(0);
            }

            new Trainer(TimeProvider.System).Train(new TrainingRequest { Options = new TrainingOptions { Epochs = epochs, Seed = seed.Value }, Frames = labelled, RunFolder = folder });
            using Predictor predictor = Predictor.Open(folder);
            long started = TimeProvider.System.GetTimestamp();
            Embeddings embeddings = Looks.Embed(predictor, [.. labelled.Select(l => l.Frame)]);
            TimeSpan embedded = TimeProvider.System.GetElapsedTime(started);
            IReadOnlyList<DoubtfulLabel> ranked = LabelErrors.Rank(embeddings, seed);
            int top = (int)(Top * frames.Length), found = ranked.Take(top).Count(d => planted.Contains(d.Frame.Id));
            Console.WriteLine(FormattableString.Invariant(
                $"{frames.Length} frames, {planted.Count} labels planted, {epochs} epochs: {found} ({100.0 * found / planted.Count:F1}%) among the first {top}; embedded in {embedded.TotalSeconds:F1} s, ranked in {(TimeProvider.System.GetElapsedTime(started) - embedded).TotalSeconds:F1} s"));
            return Task.FromResult(found >= 0.8 * planted.Count ? 0 : 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the audit names, which has no model to ask: with the planted labels, and with the labels as they were.</summary>
    private static void Audit(Dataset dataset, FrameRecord[] labelled, HashSet<FrameId> planted)
    {
        foreach ((string labels, FrameRecord[] frames) in new[] { ("with them", labelled), ("without them", [.. dataset.Frames().Where(f => f.Source != FrameSource.Rendered)]) })
        {
            long started = TimeProvider.System.GetTimestamp();
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            AuditFinding[] named = [.. PictureAudit.Run(dataset, frames).Findings.Where(f => f.Issue == AuditIssue.LabelOutlier)];
            Console.WriteLine(FormattableString.Invariant(
                $"the audit, without a model, {labels}: {named.Length} frames named, {named.Count(f => planted.Contains(f.Frame!.Value))} of them planted; {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s ({(Environment.CpuUsage.TotalTime - processor).TotalSeconds:F0} s of a core)"));
        }
    }
}
