using System.Globalization;
using System.Text.RegularExpressions;
using DataRig.Core;
using DataRig.Data.Formats;
using DataRig.Data.Importing;
using DataRig.Data.Storage;

namespace DataRig.Data.Correcting;

/// <summary>Holds what came back against what is here, and decides for each frame what its labels are to be, or that people must decide.</summary>
internal sealed partial class CorrectionReview
{
    private readonly Dataset _dataset;
    private readonly ICorrectedFormat _format;
    private readonly bool _theirs;
    private readonly HashSet<PartId> _parts;
    private readonly ILookup<string, FrameRecord> _byPicture;
    private readonly Dictionary<FrameId, List<Verdict>> _verdicts = [];
    private readonly HashSet<FrameId> _broken = [];
    private bool _boxes, _masks;

    public CorrectionReview(Dataset dataset, ICorrectedFormat format, bool theirs)
    {
        (_dataset, _format, _theirs) = (dataset, format, theirs);
        _parts = [.. dataset.Parts()];
        _byPicture = dataset.Frames().Concat(dataset.Frames(new FrameFilter { Review = ReviewState.Trashed })).ToLookup(f => f.ImageHash[..16]);
    }

    public List<Correction> Corrections { get; } = [];

    public List<CorrectionConflict> Conflicts { get; } = [];

    public int AsTheyAre { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Reads every verdict and finds the frame that it is of.</summary>
    public void Read(FormatReader reader, CancellationToken cancellation)
    {
        using IEnumerator<Verdict> verdicts = _format.ReadVerdicts(reader).GetEnumerator();
        long problems = 0;
        while (verdicts.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            Verdict verdict = verdicts.Current;
            reader.CountRow();
            bool broken = reader.Problems.Count > problems;
            problems = reader.Problems.Count;
            _boxes |= verdict.Frame.Annotations.Count > 0;
            _masks |= verdict.Frame.Annotations.Any(a => a.Mask is not null);
            FrameRecord[] frames = [.. Find(verdict.Frame)];
            if (frames.Length != 1)
            {
                Conflict(null, verdict.Frame.Where, frames.Length == 0 ? $"\"{End(verdict.Frame.File)}\" is no frame of this dataset." : $"\"{End(verdict.Frame.File)}\" may be any of {frames.Length} frames that have this picture.");
            }
            else if (broken)
            {
                _broken.Add(frames[0].Id);
            }
            else
            {
                (_verdicts.TryGetValue(frames[0].Id, out List<Verdict>? known) ? known : _verdicts[frames[0].Id] = []).Add(verdict);
            }
        }

        Conflicts.AddRange(reader.Problems.Listed.Select(p => new CorrectionConflict(null, p.Split(": ")[0], p[(p.IndexOf(": ", StringComparison.Ordinal) + 2)..])));
    }

    /// <summary>Decides frame by frame, once all is read.</summary>
    public void Decide(CancellationToken cancellation)
    {
        foreach (FrameId[] page in _verdicts.Keys.Except(_broken).Order(Comparer<FrameId>.Create((a, b) => a.Value.CompareTo(b.Value))).Chunk(Dataset.PageSize))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach ((FrameRecord frame, IReadOnlyList<Annotation> now) in _dataset.Read(page))
            {
                Decide(frame, now, _verdicts[frame.Id]);
            }
        }
    }

    private void Decide(FrameRecord frame, IReadOnlyList<Annotation> now, List<Verdict> verdicts)
    {
        Verdict[] judged = [.. verdicts.Where(v => v.Kind is VerdictKind.Decided) is var decided && decided.Any() ? decided : verdicts.Where(v => v.Kind is VerdictKind.Judged or VerdictKind.Unproven)];
        if (judged.Length == 0)
        {
            Skipped += verdicts.Exists(v => v.Kind == VerdictKind.Skipped) ? 1 : 0;
            AsTheyAre += verdicts.Exists(v => v.Kind == VerdictKind.Skipped) ? 0 : 1;
            return;
        }

        Verdict last = judged.MaxBy(v => v.At ?? DateTimeOffset.MinValue)!;
        void Refuse(string what) => Conflict(frame.Id, last.Frame.Where, what);
        if (frame.Review == ReviewState.Trashed)
        {
            Refuse($"Frame {frame.Id} is in the trash; restore it first.");
            return;
        }

        Edit? before = frame.Review == ReviewState.Reviewed ? _dataset.Edits(frame.Id).LastOrDefault(e => e is { Undoes: null, UndoneBy: null, Kind: EditKind.Relabel or EditKind.Annotate or EditKind.Confirm }) : null;
        if (before is not null && (before.By.Source, before.By.Who, before.At) == (_format.Tool, Name(last), last.At ?? default))
        {
            AsTheyAre++; // taken already
            return;
        }

        Wanted?[] wanted = [.. judged.Select(v => Wanted.Of(frame, now, v.Frame, _boxes, _masks, why => Refuse($"Frame {frame.Id}, {Name(v)}: {why}")))];
        if (wanted.Any(w => w is null))
        {
            return;
        }

        string[] prints = [.. wanted.Select(w => Fingerprint.Of(frame with { Part = w!.Part }, w.Annotations ?? now))];
        string current = Fingerprint.Of(frame, now);
        if (prints.Distinct().Count() > 1)
        {
            Refuse($"Frame {frame.Id}: {string.Join(" and ", judged.Select((v, i) => $"{Name(v)} says {wanted[i]}"))}; let them agree, or mark one as the ground truth.");
            return;
        }

        Wanted labels = wanted[Array.IndexOf(judged, last)]!;
        if (_parts.Count > 0 && (labels.Annotations ?? []).Select(a => a.Part).Append(labels.Part).FirstOrDefault(p => !_parts.Contains(p)) is { Value: not null } unknown)
        {
            Refuse($"Frame {frame.Id}, {Name(last)}: there is no part \"{unknown}\" in this dataset; expected one of {string.Join(", ", _parts.Order().Take(20))}.");
        }
        else if (prints[0] == current && (frame.Review == ReviewState.Reviewed || last.Kind == VerdictKind.Unproven))
        {
            AsTheyAre++;
        }
        else if (prints[0] != current && !_theirs && ChangedHere(frame, before, last.Frame.Sent, current) is { } change)
        {
            Refuse($"Frame {frame.Id}, {Name(last)}: {change}; it came back as {labels} and is {Wanted.Describe(frame.Part, now)} here. Take what came back with --theirs, or leave it.");
        }
        else
        {
            Corrections.Add(new Correction(frame, current, labels.Part, labels.Annotations, new EditedBy(Name(last), _format.Tool, last.Frame.Where, last.At)));
        }
    }

    /// <summary>What was changed here since the frame was sent, in words; null where nothing was, or the same tool did it.</summary>
    private string? ChangedHere(FrameRecord frame, Edit? last, string? sent, string current)
    {
        if (sent == current || (sent is null && frame.Review == ReviewState.Unreviewed))
        {
            return null;
        }

        return last?.By.Source == _format.Tool ? null
            : last is null ? "its labels have changed here since it was sent"
            : string.Create(CultureInfo.InvariantCulture, $"{last.By.Who} changed or confirmed it here on {last.At:yyyy-MM-dd HH:mm} UTC{(sent is null ? ", and nothing tells whether that was before it was sent" : ", since it was sent")}");
    }

    /// <summary>By the picture's hash, which stands in the labels, or else in the file's name that the export gave it; copies are told apart by where they came from.</summary>
    private IEnumerable<FrameRecord> Find(FormatFrame said)
    {
        string hash = said.Hash.Length >= 16 ? said.Hash[..16] : HashInName().Match(Path.GetFileName(said.File.Replace('\\', '/'))).Groups[1].Value;
        FrameRecord[] alike = [.. _byPicture[hash]];
        FrameRecord[] told = [.. alike.Where(f => f.Source == said.Source && (f.Origin, f.Session, f.Sweep, f.Stop) == (said.Origin, said.Session, said.Sweep, said.Stop))];
        return alike.Length <= 1 || told.Length == 0 ? alike : told;
    }

    private void Conflict(FrameId? frame, string where, string what) => Conflicts.Add(new CorrectionConflict(frame, where, what));

    /// <summary>Of an address, which may be long, what tells it from others.</summary>
    private static string End(string file) => file.Length <= 60 ? file : $"...{file[^60..]}";

    private string Name(Verdict verdict) => verdict.Who ?? $"somebody in {_format.Tool}";

    [GeneratedRegex("-([0-9a-f]{16})(-[0-9]+)?\\.[A-Za-z]+$")]
    private static partial Regex HashInName();
}
