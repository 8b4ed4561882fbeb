using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Terminal;

namespace DataRig.Tui.Models;

/// <summary>Something that went wrong, and what to do about it.</summary>
internal sealed record Fault(string Sentence, string Remedy);

/// <summary>The session at the rig: what it does, what it needs, how far it is.</summary>
internal sealed class SessionModel
{
    private const string NoSession = "No session runs; s begins one.";

    private readonly Workbench _bench;
    private SessionControl? _control;
    private CapturePlan? _plan;
    private IReadOnlySet<(int Sweep, int Stop)> _taken = new HashSet<(int, int)>();
    private Sweep? _sweep;
    private int _sweeps;
    private Request? _request;
    private Fault? _fault;
    private RigAtHand? _hand;
    private bool _handBusy;
    private Task _handWork = Task.CompletedTask;
    private bool _aborting;

    public SessionModel(Workbench bench)
    {
        _bench = bench;
        Log = new EventLog(bench.Clock);
        Pictures = new LivePictures(bench.Inbox);
        Actions =
        [
            Make("Start the session", "s", "begins the plan of rig.json, or goes on with a session that was interrupted", Start, () => Running ? "A session runs already." : _bench.RigProblem),
            Make("Pause or go on", "p", "waits before the next shot; again goes on", Pause, () => Running ? null : NoSession),
            Make("Redo the sweep", "r", "puts this sweep's frames aside and makes it again", () => Ask("redo"), () => Running ? null : NoSession),
            Make("Skip the sweep", "k", "leaves the rest of this sweep out, for good", () => Ask("skip"), () => Running ? null : NoSession),
            Make("Abort the session", "a", "ends the session for good; what it took stays", AskAbort, () => Running || Interrupted is not null ? null : NoSession),
            Make("Done, go on", KeyName.Enter, "says that what was asked for is done", Done, () => _request is null ? "Nothing is asked for now." : null),
            Make("Jog forward", KeyName.Right, "turns the table by ten degrees and looks", () => Jog(1), Free, hinted: false),
            Make("Jog back", KeyName.Left, "turns the table back by ten degrees and looks", () => Jog(-1), Free, hinted: false),
            Make("Change the light", "l", "sets the lights full, half, off in turn, and looks", Light, Free),
            Make("Meter the exposure", "m", "meters under the light there is, and looks", Meter, Free),
        ];
        Refresh();
    }

    public IReadOnlyList<UiAction> Actions { get; }

    public EventLog Log { get; }

    public LivePictures Pictures { get; }

    public StopRing Ring { get; } = new();

    /// <summary>What went wrong and is not mended yet; null where all is well.</summary>
    public Fault? Fault => _request is { IsFault: true } mend ? new Fault(mend.Words, "Mend it, then press Enter to go on; p and a wait or give up.") : _fault ?? (_bench.RigProblem is { } wrong ? new Fault(Shortened(wrong), "Mend the file and start again, or press w to work with another rig.") : null);

    /// <summary>What a person is asked for; null where nothing.</summary>
    public Request? Request => _request;

    public bool Running => _bench.Work.IsRunning(JobKind.Capture);

    public bool Paused => Running && _control is { IsPaused: true };

    /// <summary>A session that waits to be gone on with, and how many of its frames are there; null where there is none.</summary>
    public (SessionRecord Session, int Taken)? Interrupted { get; private set; }

    /// <summary>A short word for the rig, for the line at the bottom.</summary>
    public string RigState =>
        _bench.RigProblem is not null ? "rig.json is wrong"
        : Fault is not null ? "fault"
        : _request is not null ? "waits for you"
        : Paused ? "paused"
        : Running ? "captures"
        : _handBusy ? "moves"
        : "ready";

    /// <summary>The next step in a word or two.</summary>
    public string Big =>
        Fault is not null ? "Fault"
        : _request is { } request ? request.Big
        : Paused ? "Paused"
        : Running ? _sweep is { } sweep ? $"{sweep.Placement.Part} {PlacementWords.Item(sweep.Placement)}" : "Empty table"
        : Interrupted is not null ? "s goes on"
        : Finished ? "All done"
        : "s starts";

    /// <summary>The next step, and how far it is.</summary>
    public IReadOnlyList<TextLine> Guide()
    {
        List<TextLine> lines = [.. Words().SelectMany(w => w.Split('\n')).Select(w => new TextLine(w))];
        if (_bench.Work.Last(JobKind.Capture) is { } job && job.Progress.Total > 0)
        {
            lines.Add(TextLine.Empty);
            lines.Add(new TextLine(Figures.Progress(job), Tone.Accent));
            if (job.Left is { } left && !Paused && _request is null)
            {
                lines.Add(new TextLine($"{Figures.Time(left)} left, {Figures.Number(job.Rate)} a second", Tone.Quiet));
            }

            if (_sweep is not null)
            {
                lines.Add(new TextLine($"sweep {_sweep.Index + 1} of {_sweeps}", Tone.Quiet));
            }
        }

        return lines;
    }

    /// <summary>In [0, 1]; null where no session is.</summary>
    public double? Share => _bench.Work.Last(JobKind.Capture) is { Progress.Total: > 0 } job ? job.Share : null;

    /// <summary>The session for the line at the bottom.</summary>
    public string Summary =>
        _bench.Work.Last(JobKind.Capture) is { Progress.Total: > 0 } job && (job.IsRunning || job.State == JobState.Done) ? $"{job.Progress.Done}/{job.Progress.Total} frames"
        : Interrupted is { } open ? $"interrupted at {open.Taken}"
        : "no session";

    /// <summary>Begins a session, or goes on with the one that was interrupted.</summary>
    public void Start()
    {
        Task free = FreeHandAsync();
        (_fault, _control, _aborting) = (null, new SessionControl(), false);
        RigFile rig = _bench.Rig!;
        Sitting sitting = new(new ScreenOperator(_bench.Inbox, r => _request = r), _control, _bench.WireLog, new Watch(this));
        bool goOn = Interrupted is not null;
        Log.Add(goOn ? $"goes on with {Interrupted!.Value.Session.Id}" : "a session begins", Tone.Accent);
        Interrupted = null;
        _bench.Work.Start(JobKind.Capture, async (progress, cancel) =>
        {
            await free.ConfigureAwait(false);
            Dataset dataset = _bench.Data(create: true);
            CaptureJob job = new(rig, dataset, sitting) { Rig = _bench.MakeRig };
            CaptureResult result = goOn
                ? await job.ResumeAsync(progress, cancel).ConfigureAwait(false)
                : await job.BeginAsync(new Seed(rig.Seed), progress, cancel).ConfigureAwait(false);
            return result.Marked == 0 ? $"Captured {result.Captured} frames." : $"Captured {result.Captured} frames; {result.Marked} of them are marked as doubtful.";
        });
    }

    /// <summary>A capture ended, well or not.</summary>
    public void Ended(Job job)
    {
        (_request, _control) = (null, null);
        Log.Add(job.Words, job.State == JobState.Failed ? Tone.Bad : Tone.Good);
        _fault = job.State == JobState.Failed ? new Fault(job.Words, "Mend it, then press s: the session goes on where it stood.") : null;
        Refresh();
        if (_aborting && Interrupted is { } open)
        {
            _bench.Data(create: false).FinishSession(open.Session.Id, SessionStatus.Cancelled);
            Log.Add($"{open.Session.Id} is given up; its frames stay", Tone.Warn);
            Refresh();
        }
    }

    /// <summary>Looks for a session that was interrupted.</summary>
    public void Refresh()
    {
        Interrupted = null;
        if (!Running && _bench.HasData && _bench.Data(create: false) is { } data && data.OpenSessions() is [var open, ..])
        {
            Interrupted = (open, data.TakenStops(open.Id).Count);
        }
    }

    /// <summary>Waits until the rig has come to rest that was moved by hand, and gives it back: its port must be free before a session opens it.</summary>
    public async Task FreeHandAsync()
    {
        await _handWork.ConfigureAwait(false);
        if (Interlocked.Exchange(ref _hand, null) is { } hand)
        {
            await hand.DisposeAsync().ConfigureAwait(false);
        }
    }

    private bool Finished => _bench.Work.Last(JobKind.Capture) is { State: JobState.Done };

    private IEnumerable<string> Words() =>
        Fault is { } fault ? [fault.Sentence, fault.Remedy]
        : _request is { } request ? [request.Words]
        : Paused ? ["The session waits. p goes on, r makes this sweep again, k skips it."]
        : Running ? [_sweep is null ? "The empty table is photographed, to cut parts out against it." : _bench.IsSimulated ? "The simulated hand puts the parts down." : "The table turns; leave it alone."]
        : Interrupted is { } open ? [$"{open.Session.Id} was interrupted with {open.Taken} frames safe. s goes on with it, a gives it up."]
        : Finished ? ["Every frame is safe. 3 renders more of them, 4 trains a model."]
        : _bench.Rig is { } rig ? [$"{rig.Plan.Items.Count} parts, {rig.Plan.Items.Values.Sum(i => i.Count)} items, {rig.Plan.FrameCount()} frames are planned."]
        : [];

    /// <summary>The first two of many problems: the doctor tells all of them.</summary>
    private static string Shortened(string problems) =>
        problems.Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: > 2 } lines ? $"{lines[0]}\n{lines[1]}\n... and {lines.Length - 2} more; on 6 e tells all of them." : problems;

    private void Pause()
    {
        if (_control!.IsPaused)
        {
            _control.Resume();
            Log.Add("goes on");
        }
        else
        {
            _control.Pause();
            Log.Add("pauses before the next shot");
        }
    }

    private void Ask(string what)
    {
        string item = _sweep?.Placement.Item.Value ?? "the empty table";
        (string title, string does, Action take) = what == "redo"
            ? ("Make this sweep again?", $"Put the frames of {item} aside and turn it once more.", (Action)(() => _control?.Redo()))
            : ("Skip this sweep?", $"Leave the rest of {item} out of this session, for good.", () => _control?.Skip());
        _bench.Open(new Choice(title, [], [new Option("y", "Yes", does, take), new Option("n", "No", "Go on as it was.", () => { })]));
    }

    private void AskAbort() => _bench.Open(new Choice(
        "Abort the session?",
        ["Its frames stay in the dataset; the session cannot be gone on with. To stop for now, press q instead, or p to pause."],
        [
            new Option("y", "Yes, abort it", "End it for good.", Abort),
            new Option("n", "No", "Go on as it was.", () => { }),
        ]));

    private void Abort()
    {
        if (Running)
        {
            _aborting = true;
            _bench.Work.Last(JobKind.Capture)!.Stop();
        }
        else if (Interrupted is { } open)
        {
            _bench.Data(create: false).FinishSession(open.Session.Id, SessionStatus.Cancelled);
            Log.Add($"{open.Session.Id} is given up; its frames stay", Tone.Warn);
            Refresh();
        }
    }

    private void Done() => _request?.Done();

    private void Jog(int steps) => ByHand(async (hand, cancel) =>
    {
        (double azimuth, Shot shot) = await hand.JogAsync(steps, cancel).ConfigureAwait(false);
        _bench.Inbox.Post(() => Ring.Stand(azimuth));
        return ($"at {Figures.Degrees(azimuth)}", shot);
    });

    private void Light() => ByHand(async (hand, cancel) =>
    {
        (double level, Shot shot) = await hand.LightAsync(cancel).ConfigureAwait(false);
        return (string.Create(CultureInfo.InvariantCulture, $"light at {100 * level:0}%"), shot);
    });

    private void Meter() => ByHand(async (hand, cancel) =>
    {
        (CameraLock held, Shot shot) = await hand.MeterAsync(cancel).ConfigureAwait(false);
        string values = string.Join(", ", held.Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {v.Value:0.##}")));
        return (values.Length > 0 ? $"metered {values}" : "metered", shot);
    });

    /// <summary>Moves the rig while no session has it.</summary>
    private void ByHand(Func<RigAtHand, CancellationToken, Task<(string Words, Shot Shot)>> move)
    {
        _handBusy = true;
        _fault = null;
        RigFile rig = _bench.Rig!;
        _handWork = Task.Run(async () =>
        {
            try
            {
                RigAtHand hand = _hand ??= RigAtHand.Open(rig, _bench.MakeRig);
                (string words, Shot shot) = await move(hand, CancellationToken.None).ConfigureAwait(false);
                Pictures.Show(shot.Image.Bytes, words, Tone.Plain);
                _bench.Inbox.Post(() =>
                {
                    _handBusy = false;
                    Log.Add(words);
                });
            }
            catch (Exception e) when (e is DataRigException or IOException or UnauthorizedAccessException)
            {
                if (Interlocked.Exchange(ref _hand, null) is { } lost)
                {
                    await lost.DisposeAsync().ConfigureAwait(false);
                }

                _bench.Inbox.Post(() =>
                {
                    (_handBusy, _fault) = (false, new Fault(e.Message, "Mend it and try again; 6 examines the rig piece by piece."));
                    Log.Add(e.Message, Tone.Bad);
                });
            }
        });
    }

    private string? Free() => Running ? "A session has the rig; pause does not free it, abort does." : _bench.RigProblem ?? (_handBusy ? "The rig is moving." : null);

    private UiAction Make(string name, string key, string does, Action execute, Func<string?> hindrance, bool hinted = true) =>
        new(name, key, does, execute, Screen.Session) { Hindrance = hindrance, Hinted = hinted };

    private void See(SessionEvent what)
    {
        switch (what)
        {
            case SessionBegun begun:
                (_plan, _sweep, _sweeps) = (begun.Plan, null, begun.Plan.Sweeps().Count);
                Ring.Reset(begun.Plan.StopsPerSweep);
                _taken = begun.Taken;
                break;
            case StopSought sought:
                Turn(sought.Sweep);
                Ring.Seek(sought.Stop.Turn);
                Ring.Set(sought.Stop.Turn, StopMark.Sought);
                break;
            case StopProven proven:
                Ring.Stand(proven.Position.AzimuthDegrees);
                break;
            case ShotJudged judged:
                Ring.Set(judged.Stop.Turn, judged.Verdict.Outcome switch
                {
                    ShotOutcome.Refused => StopMark.Failed,
                    ShotOutcome.Marked => StopMark.Doubtful,
                    _ => StopMark.Done,
                });
                if (judged.Verdict.Outcome != ShotOutcome.Accepted)
                {
                    Log.Add($"stop {judged.Stop.Index + 1}: {judged.Verdict.Reason}", judged.Verdict.Outcome == ShotOutcome.Refused ? Tone.Bad : Tone.Warn);
                }

                break;
            case SweepSkipped skipped:
                foreach (Stop stop in skipped.Left)
                {
                    Ring.Set(stop.Turn, StopMark.Skipped);
                }

                Log.Add($"{skipped.Sweep.Placement.Item}: the rest is skipped", Tone.Warn);
                break;
            case SweepRetaken retaken:
                Ring.Reset(_plan!.StopsPerSweep);
                _taken = _taken.Where(t => t.Sweep != retaken.Sweep.Index).ToHashSet();
                Log.Add($"{retaken.Sweep.Placement.Item}: made again", Tone.Warn);
                break;
            case SessionFaulted faulted:
                _fault = new Fault(faulted.Words, faulted.ByItself ? $"DataRig looks for it by itself for up to {_plan!.RecoverySeconds} s." : "Mend it, then press Enter to go on.");
                Log.Add(faulted.Words, Tone.Bad);
                break;
            case SessionMended:
                _fault = null;
                Log.Add("mended; the session goes on", Tone.Good);
                break;
        }
    }

    /// <summary>Notes which sweep is on the table, and what of it is there already.</summary>
    private void Turn(Sweep? sweep)
    {
        if (sweep is null || sweep.Index == _sweep?.Index)
        {
            return;
        }

        _sweep = sweep;
        Ring.Reset(_plan!.StopsPerSweep);
        foreach (Stop stop in _plan.Stops().Where(s => _taken.Contains((sweep.Index, s.Index))))
        {
            Ring.Set(stop.Turn, StopMark.Done);
        }

        Log.Add($"{sweep.Placement.Item}{PlacementWords.Pose(sweep.Placement)}", Tone.Quiet);
    }

    /// <summary>Looks on for the screen, on the session's threads.</summary>
    private sealed class Watch(SessionModel model) : IProgress<SessionEvent>
    {
        public void Report(SessionEvent value)
        {
            if (value is ShotJudged { Verdict: var verdict } judged)
            {
                string caption = judged.Sweep is null ? $"plate {judged.Stop.Index + 1}" : $"stop {judged.Stop.Index + 1}";
                (string word, Tone tone) = verdict.Outcome switch
                {
                    ShotOutcome.Accepted => ("ok", Tone.Good),
                    ShotOutcome.Marked => ("look", Tone.Warn),
                    _ => ("no", Tone.Bad),
                };
                model.Pictures.Show(judged.Shot.Image.Bytes, $"{word} {caption}", tone);
            }

            model._bench.Inbox.Post(() => model.See(value));
        }
    }
}
