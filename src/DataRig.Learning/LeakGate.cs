using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Leaks;

namespace DataRig.Learning;

/// <summary>
/// Compares the photographs on both sides of a split before a training: figures on a picture that was learned prove nothing.
/// Rendered frames are no photographs and are left out. What it has found of the same frames before, it does not look for again.
/// </summary>
public static class LeakGate
{
    private const string Stage = "Leak gate";

    /// <summary>How many of the likest pictures are laid on each frame.</summary>
    private const int Candidates = 32;

    /// <summary>Pictures that are less alike than this are no crops of each other.</summary>
    private const float LeastLikeness = 0.84f;

    /// <param name="dataset">Where the pictures are.</param>
    /// <param name="split">Which items do what.</param>
    /// <param name="progress">Told of every picture.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="WorkFailedException">A picture is missing or broken.</exception>
    public static LeakReport Check(Dataset dataset, Split split, IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(split);
        return Check(dataset, [.. from frame in dataset.Frames() let role = split.RoleOf(frame) where role is not null select new LabelledFrame(frame, role.Value)], progress, cancel);
    }

    /// <param name="dataset">Where the pictures are.</param>
    /// <param name="frames">Frames of it and what each is used for.</param>
    /// <param name="progress">Told of every picture.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="WorkFailedException">A picture is missing or broken.</exception>
    public static LeakReport Check(Dataset dataset, IReadOnlyList<LabelledFrame> frames, IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(frames);
        LabelledFrame[] photographs = [.. frames.Where(f => f.Frame.Source != FrameSource.Rendered).OrderBy(f => f.Frame.Id.Value)];
        int held = photographs.Count(f => f.Role != SplitRole.Train);
        if (held == 0)
        {
            return new LeakReport(photographs.Length, 0, []);
        }

        LeakVerdict verdict = new(dataset.Folder, photographs);
        if (verdict.Kept() is not { } leaks)
        {
            leaks = Find(dataset, photographs, progress, cancel);
            verdict.Keep(leaks);
        }

        return new LeakReport(photographs.Length - held, held, leaks);
    }

    private static Leak[] Find(Dataset dataset, LabelledFrame[] frames, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        Leak?[] leaks = new Leak?[frames.Length];
        foreach ((LeakKind kind, Func<FrameRecord, object?> key) in InTheCatalog)
        {
            foreach (int[] alike in Enumerable.Range(0, frames.Length).Where(i => key(frames[i].Frame) is not null).GroupBy(i => key(frames[i].Frame)!).Select(g => g.ToArray()).Where(g => g.Length > 1))
            {
                foreach (int i in alike.Where(i => leaks[i] is null))
                {
                    int other = alike.Where(o => Knows(frames[o].Role, frames[i].Role)).OrderBy(o => Math.Abs((frames[o].Frame.Stop ?? 0) - (frames[i].Frame.Stop ?? 0))).FirstOrDefault(-1);
                    leaks[i] = other < 0 ? null : new Leak(kind, frames[other].Frame, frames[i].Frame);
                }
            }
        }

        FindAlike(dataset, frames, leaks, progress, cancel);
        return [.. leaks.OfType<Leak>().OrderBy(l => l.Kind)];
    }

    /// <summary>What a look at the catalog shows.</summary>
    private static readonly (LeakKind, Func<FrameRecord, object?>)[] InTheCatalog =
        [(LeakKind.SameFile, f => f.ImageHash), (LeakKind.SameSweep, f => f.Session is { } session && f.Sweep is { } sweep ? (session, sweep) : null)];

    /// <summary>Whether frames of one role spoil what those of another are held out for.</summary>
    private static bool Knows(SplitRole known, SplitRole held) => held != SplitRole.Train && known != held && (known == SplitRole.Train || held == SplitRole.Test);

    private static void FindAlike(Dataset dataset, LabelledFrame[] frames, Leak?[] leaks, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        Look[] looks = new Look[frames.Length];
        ThumbnailFile thumbnails = new(dataset.Folder);
        int done = 0, held = frames.Count(f => f.Role != SplitRole.Train && f.Frame.Part != PartId.Nothing);
        void Tell() => progress?.Report(new StageProgress(Stage, Interlocked.Increment(ref done), frames.Length + held));
        InParallel.For(frames.Length, i =>
        {
            looks[i] = Look.Of(thumbnails.Of(dataset, frames[i].Frame));
            Tell();
        }, cancel);
        thumbnails.Save();

        PictureSearch search = new([.. looks.Select(l => l.Key)]);
        LeakJudge judge = new(search, looks);
        // Pictures of the empty table are all alike, and ought to be.
        int[] all = [.. Enumerable.Range(0, frames.Length).Where(i => frames[i].Frame.Part != PartId.Nothing)];
        foreach (SplitRole role in new[] { SplitRole.Validation, SplitRole.Test })
        {
            int[] here = [.. all.Where(i => frames[i].Role == role)], known = [.. all.Where(i => Knows(frames[i].Role, role))];
            Likest[][] likest = search.Find(here, known, Candidates, cancel);
            Dictionary<int, float> own = OwnLikeness(search, frames, here, cancel);
            InParallel.For(here.Length, n =>
            {
                int i = here[n];
                // Two parts of one colour may look alike from some side; a picture under two labels is the audit's business.
                foreach (Likest candidate in leaks[i] is null ? likest[n].Where(l => l.Likeness >= LeastLikeness && frames[l.Picture].Frame.Part == frames[i].Frame.Part) : [])
                {
                    // Where items are divided by session or sweep, their looking alike is what the split says of itself; a copy stays a copy.
                    if (judge.Kind(i, candidate, own[i]) is { } kind && (kind != LeakKind.NextStop || frames[candidate.Picture].Frame.Item != frames[i].Frame.Item))
                    {
                        leaks[i] = new Leak(kind, frames[candidate.Picture].Frame, frames[i].Frame);
                        break;
                    }
                }

                Tell();
            }, cancel);
        }
    }

    /// <summary>How much each frame looks like the likest other frame of its own group: a stop beside it, if it belongs there.</summary>
    private static Dictionary<int, float> OwnLikeness(PictureSearch search, LabelledFrame[] frames, int[] here, CancellationToken cancel) =>
        here.GroupBy(i => (frames[i].Frame.Part, frames[i].Frame.Item))
            .SelectMany(group => group.Zip(search.Find([.. group], [.. group], 1, cancel), (i, own) => (i, own.Length == 0 ? 0 : own[0].Likeness)))
            .ToDictionary(p => p.i, p => p.Item2);
}
