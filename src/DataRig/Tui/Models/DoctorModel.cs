using DataRig.Core;
using DataRig.Jobs;

namespace DataRig.Tui.Models;

/// <summary>What works on this machine and at this rig, what to do about the rest, and what was said on the board's line.</summary>
internal sealed class DoctorModel
{
    private const int WireLines = 400;

    private readonly Workbench _bench;
    private int _at;

    public DoctorModel(Workbench bench)
    {
        _bench = bench;
        Actions =
        [
            new UiAction("Examine", "e", "checks machine, rig and configuration, each by trying it; nothing moves", Examine, Screen.Doctor) { Hindrance = Busy },
            new UiAction("Connect a rig", "c", "finds board and camera and writes rig.json", Connect, Screen.Doctor) { Hindrance = Busy },
            new UiAction("Read the wire log", "v", "shows what was last said on the board's line", ReadWire, Screen.Doctor) { Hindrance = () => _bench.WireLog is null ? "No wire log is kept; start with --wire-log FILE." : null },
            new UiAction("Next check", KeyName.Down, "the next check, where not all of them are in sight", () => Move(1), Screen.Doctor) { Hindrance = Found, Hinted = false },
            new UiAction("Earlier check", KeyName.Up, "the check before", () => Move(-1), Screen.Doctor) { Hindrance = Found, Hinted = false },
            new UiAction("Stop the examination", "x", "ends it where it is", () => _bench.Work.Last(JobKind.Doctor)!.Stop(), Screen.Doctor) { Hindrance = () => _bench.Work.IsRunning(JobKind.Doctor) ? null : "Nothing is examined now.", Hinted = false },
        ];
    }

    public IReadOnlyList<UiAction> Actions { get; }

    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    /// <summary>The line of <see cref="Checks"/> to keep in sight.</summary>
    public int Focus => Findings.Take(_at).Sum(f => f.Remedy is null ? 1 : 2);

    /// <summary>The last lines of the board's line, the newest last.</summary>
    public IReadOnlyList<TextLine> Wire { get; private set; } = [];

    /// <summary>The checks, each with what to do where it failed.</summary>
    public IReadOnlyList<TextLine> Checks()
    {
        List<TextLine> lines = [];
        if (_bench.Work.Last(JobKind.Doctor) is { IsRunning: true } job)
        {
            lines.Add(new TextLine($"{job.Progress.Stage}: {job.Progress.Note} ...", Tone.Accent));
        }
        else if (Findings.Count == 0)
        {
            lines.Add(new TextLine(new Piece("e", Tone.Key), new Piece(" examines this machine and the rig of ", Tone.Plain), new Piece(_bench.RigPath, Tone.Strong), new Piece("; nothing moves.", Tone.Plain)));
        }

        for (int i = 0; i < Findings.Count; i++)
        {
            Finding finding = Findings[i];
            lines.Add(new TextLine(new Piece(i == _at ? "› " : "  ", Tone.Accent), new Piece(finding.Good ? "ok   " : "bad  ", finding.Good ? Tone.Good : Tone.Bad), new Piece($"{finding.What}: ", Tone.Strong), new Piece(finding.Found, Tone.Plain)));
            if (finding.Remedy is not null)
            {
                lines.Add(new TextLine("       " + finding.Remedy, Tone.Warn));
            }
        }

        return lines;
    }

    public void Examine() => _bench.Work.Start(JobKind.Doctor, async (progress, cancel) =>
    {
        _bench.Inbox.Post(() => Take([]));
        IReadOnlyList<Finding> findings = await new Doctor(_bench.RigPath, _bench.DataFolder, null, _bench.Reach).ExamineAsync(progress, cancel).ConfigureAwait(false);
        _bench.Inbox.Post(() => Take(findings));
        int bad = findings.Count(f => !f.Good);
        return bad == 0 ? "Everything works." : $"{bad} of {findings.Count} checks say no; each with its remedy.";
    });

    /// <summary>Finds a rig and works with it from then on.</summary>
    public void Connect() => _bench.Work.Start(JobKind.Doctor, async (progress, cancel) =>
    {
        ConnectedRig rig = await new RigConnection(_bench.Reach).WriteAsync(Path.Combine(_bench.Home, "rig.json"), progress, cancel).ConfigureAwait(false);
        _bench.Inbox.Post(() =>
        {
            Take([.. rig.Found.Select(f => new Finding("connect", true, f))]);
            _bench.LoadRig(rig.Path);
        });
        return "The rig is connected; complete rig.json.";
    });

    /// <summary>Shows other findings; the first that says no is in sight.</summary>
    private void Take(IReadOnlyList<Finding> findings) => (Findings, _at) = (findings, Math.Max(0, findings.ToList().FindIndex(f => !f.Good)));

    private void Move(int by) => _at = Math.Clamp(_at + by, 0, Findings.Count - 1);

    private string? Found() => Findings.Count > 0 ? null : "Nothing was examined yet; e does.";

    private void ReadWire()
    {
        Wire = [.. File.ReadLines(_bench.WireLog!).TakeLast(WireLines).Select(l => new TextLine(l, l.Contains('>', StringComparison.Ordinal) ? Tone.Plain : Tone.Quiet))];
    }

    private string? Busy() => _bench.Work.IsRunning(JobKind.Doctor) ? "An examination runs already." : _bench.Session.Running ? "A session has the rig." : null;
}
