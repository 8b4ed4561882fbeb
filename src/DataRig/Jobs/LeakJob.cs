using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Report;

namespace DataRig.Jobs;

/// <summary>What became of the leaks of a split.</summary>
/// <param name="Report">The leaks that are left.</param>
/// <param name="Sheet">The picture of the pairs; null where there are none, or where the dataset's folder cannot be written.</param>
/// <param name="Split">The split, mended if that was asked for.</param>
/// <param name="Moves">Groups that were moved.</param>
/// <param name="Dropped">Frames that were put aside.</param>
internal sealed record LeakOutcome(LeakReport Report, string? Sheet, Split Split, IReadOnlyList<LeakMove> Moves, IReadOnlyList<FrameRecord> Dropped);

/// <summary>Finds, shows and mends what both sides of a split have in common.</summary>
internal static class LeakJob
{
    /// <summary>A mend may bring groups to the other side that have leaks of their own.</summary>
    private const int MostRounds = 8;

    /// <summary>Pairs drawn, pairs across, and pixels across a picture.</summary>
    private const int Shown = 48, PairsAcross = 3, Cell = 160;

    /// <summary>What the picture of the pairs is called, in the dataset's folder.</summary>
    private const string SheetName = "leaks.jpg";

    /// <summary>Looks for leaks and draws them.</summary>
    /// <exception cref="WorkFailedException">A picture is missing or broken.</exception>
    public static LeakOutcome Look(Dataset dataset, Split split, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        LeakReport report = LeakGate.Check(dataset, split, progress, cancel);
        return new LeakOutcome(report, Draw(dataset, report), split, [], []);
    }

    /// <summary>Refuses to train where figures would prove nothing.</summary>
    /// <param name="allow">Go on knowingly: the run keeps how many frames leak.</param>
    /// <returns>How many held-out frames leak.</returns>
    /// <exception cref="WorkFailedException">There are leaks that are not allowed, or a picture is missing or broken.</exception>
    public static int Require(Dataset dataset, Split split, bool allow, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        LeakOutcome outcome = Look(dataset, split, progress, cancel);
        return allow || outcome.Report.Leaks.Count == 0 ? outcome.Report.Leaks.Count : throw new WorkFailedException(Refusal(dataset, outcome));
    }

    /// <summary>Moves whole groups until both sides have nothing in common, and keeps that split.</summary>
    /// <exception cref="WorkFailedException">A picture is missing or broken.</exception>
    public static LeakOutcome Fix(Dataset dataset, Split split, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        Split before = split;
        LeakReport report = LeakGate.Check(dataset, split, progress, cancel);
        for (int round = 0; report.Leaks.Count > 0 && round < MostRounds; round++)
        {
            (split, _) = LeakMend.Apply(split, report.Leaks);
            report = LeakGate.Check(dataset, split, progress, cancel);
        }

        if (split.Hash != before.Hash)
        {
            dataset.SaveSplit(split);
        }

        return new LeakOutcome(report, Draw(dataset, report), split, [.. before.Roles.Where(r => split.Roles[r.Key] != r.Value).Select(r => new LeakMove(r.Key, r.Value, split.Roles[r.Key]))], []);
    }

    /// <summary>Puts the held-out frame of each pair aside, until there is no pair left.</summary>
    /// <exception cref="WorkFailedException">A picture is missing or broken.</exception>
    public static LeakOutcome Drop(Dataset dataset, Split split, EditedBy by, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        List<FrameRecord> dropped = [];
        LeakReport report = LeakGate.Check(dataset, split, progress, cancel);
        while (report.Leaks.Count > 0)
        {
            dropped.AddRange(report.Leaks.Select(l => l.Held));
            dataset.Drop([.. report.Leaks.Select(l => l.Held.Id)], by);
            report = LeakGate.Check(dataset, split, progress, cancel);
        }

        return new LeakOutcome(report, null, split, [], dropped);
    }

    /// <summary>What is wrong with a pair, in a sentence.</summary>
    public static string Sentence(Leak leak)
    {
        string how = leak.Kind switch
        {
            LeakKind.SameFile => "is the same file as",
            LeakKind.SamePicture => "is the same picture, or nearly, as",
            LeakKind.SameSweep => "is of the same sweep as",
            _ => "is a stop beside",
        };
        return $"frame {leak.Held.Id} ({leak.Held.Part} {leak.Held.Item}), held out, {how} frame {leak.Known.Id} ({leak.Known.Part} {leak.Known.Item})";
    }

    private static string Refusal(Dataset dataset, LeakOutcome outcome)
    {
        LeakReport report = outcome.Report;
        string first = string.Join("; ", report.Leaks.Take(3).Select(Sentence));
        string drawn = outcome.Sheet is null ? "" : $", drawn in {outcome.Sheet}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Leaks.Count} of {report.Held} held-out frames are known to training already{drawn}: {first}{(report.Leaks.Count > 3 ? "; ..." : "")}. Figures on them prove nothing. 'datarig dataset leaks --data {dataset.Folder}' lists all; with --fix it moves whole items to one side, with --drop it puts the held-out frames aside; 'datarig train --allow-leaks' trains all the same.");
    }

    private static string? Draw(Dataset dataset, LeakReport report)
    {
        string path = Path.Combine(dataset.Folder, SheetName);
        try
        {
            if (report.Leaks.Count == 0)
            {
                File.Delete(path);
                return null;
            }

            // Of every kind some, the known picture on the left of the one that is held out.
            int each = Math.Max(1, Shown / report.Leaks.Select(l => l.Kind).Distinct().Count());
            Leak[] shown = [.. report.Leaks.GroupBy(l => l.Kind).SelectMany(kind => kind.Take(each))];
            File.WriteAllBytes(path, ImageCodec.EncodeJpeg(ContactSheet.Compose([.. shown.SelectMany(l => new[] { dataset.ReadImage(l.Known), dataset.ReadImage(l.Held) })], 2 * PairsAcross, Cell)).Bytes);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
