using DataRig.Core;

namespace DataRig.Rig;

/// <summary>What a sitting came to.</summary>
/// <param name="Captured">Frames made safe.</param>
/// <param name="Marked">How many of them the gate marked as doubtful.</param>
public readonly record struct CaptureResult(int Captured, int Marked);

/// <summary>
/// One sitting at the rig: photographs the empty table, has each item placed, turns it through its stops, and commits every
/// proven, checked frame. It goes on from what its journal has. A lost board or position is found again by homing; what it
/// cannot mend it says, and asks whoever stands at the rig.
/// </summary>
/// <param name="plan">The plan that the session began with.</param>
/// <param name="rig">The rig; whoever made it disposes it.</param>
/// <param name="journal">The session's memory.</param>
/// <param name="progress">Frames done of frames planned.</param>
/// <param name="control">What a person asks of it meanwhile.</param>
/// <param name="watch">Whoever looks on.</param>
public sealed class CaptureSession(
    CapturePlan plan, CaptureRig rig, ISessionJournal journal, IProgress<StageProgress> progress, SessionControl? control = null, IProgress<SessionEvent>? watch = null)
{
    /// <summary>Each takes up to 2 MB, however large the pictures are.</summary>
    private const int CuttersKept = 72;

    private readonly SessionControl _control = control ?? new SessionControl();
    private readonly Recovery _recovery = new(rig, journal, plan.RecoverySeconds, watch);
    private readonly IReadOnlyList<Stop> _stops = plan.Stops();
    private readonly HashSet<(int Sweep, int Stop)> _taken = [.. journal.Taken()];
    private readonly Dictionary<int, PlateCutter?> _cutters = [];
    private ShotGate? _gate;
    private IReadOnlyDictionary<int, EncodedImage> _plates = journal.Plates();
    private Standing? _standing;
    private int _captured;
    private int _marked;

    /// <summary>Captures what is left of the plan.</summary>
    /// <param name="cancel">Stops between two frames; the one that is being stored is stored.</param>
    /// <exception cref="WorkFailedException">The rig failed and nobody was there to mend it; everything taken is safe.</exception>
    public async Task<CaptureResult> RunAsync(CancellationToken cancel)
    {
        watch?.Report(new SessionBegun(plan, _taken.ToHashSet()));
        Report(null);
        await TakePlatesAsync(cancel).ConfigureAwait(false);
        foreach (Sweep sweep in plan.Sweeps())
        {
            while (_stops.Where(s => !_taken.Contains((sweep.Index, s.Index))).ToArray() is { Length: > 0 } left)
            {
                string? pose = await rig.Operator.PlaceAsync(sweep.Placement, cancel).ConfigureAwait(false);
                if (await MakeAsync(sweep, left, pose, cancel).ConfigureAwait(false) == Wish.Redo)
                {
                    journal.Retake(sweep.Index);
                    _taken.RemoveWhere(t => t.Sweep == sweep.Index);
                    watch?.Report(new SweepRetaken(sweep));
                    Report("made again");
                }
            }
        }

        return new CaptureResult(_captured, _marked);
    }

    private enum Wish
    {
        None,
        Skip,
        Redo,
    }

    /// <summary>Where everything stands for the last shot, so that only what differs moves for the next.</summary>
    private sealed record Standing(Stop Stop, TablePosition Position, double? ElevationDegrees);

    /// <summary>Shoots the stops that are left of a sweep. While one frame is stored, the table turns to the next.</summary>
    private async Task<Wish> MakeAsync(Sweep sweep, Stop[] left, string? pose, CancellationToken cancel)
    {
        Task storing = Task.CompletedTask;
        try
        {
            foreach (Stop stop in left)
            {
                Wish wish = await WishedAsync(cancel).ConfigureAwait(false);
                if (wish == Wish.Skip)
                {
                    await storing.ConfigureAwait(false);
                    Skip(sweep, left);
                }

                if (wish != Wish.None)
                {
                    return wish;
                }

                Frame frame = await _recovery.MendedAsync(() => TakeAsync(sweep, stop, pose, cancel), Forget, cancel).ConfigureAwait(false);
                await storing.ConfigureAwait(false);
                storing = Task.Run(() => StoreAsync(frame, cancel), CancellationToken.None);
            }

            await storing.ConfigureAwait(false);
            return (await WishedAsync(cancel).ConfigureAwait(false)) == Wish.Redo ? Wish.Redo : Wish.None;
        }
        finally
        {
            await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Wish> WishedAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_control.IsPaused)
        {
            Report("paused");
            await _control.WaitAsync(cancel).ConfigureAwait(false);
        }

        (bool skip, bool redo) = _control.Take();
        return redo ? Wish.Redo : skip ? Wish.Skip : Wish.None;
    }

    private void Skip(Sweep sweep, IEnumerable<Stop> left)
    {
        Stop[] skipped = [.. left.Where(s => _taken.Add((sweep.Index, s.Index)))];
        foreach (Stop stop in skipped)
        {
            journal.Skip(sweep.Index, stop.Index);
        }

        watch?.Report(new SweepSkipped(sweep, skipped));
        Report("skipped");
    }

    private async Task<Frame> TakeAsync(Sweep sweep, Stop stop, string? pose, CancellationToken cancel)
    {
        journal.Intend(sweep.Index, stop.Index);
        Standing standing = await StandAsync(sweep, stop, cancel).ConfigureAwait(false);
        journal.Moved(sweep.Index, stop.Index, standing.Position);
        (Shot shot, ShotVerdict verdict) = await ShootAsync(sweep, standing, cancel).ConfigureAwait(false);
        return new Frame
        {
            Image = shot.Image,
            Source = FrameSource.Captured,
            Part = sweep.Placement.Part,
            Item = sweep.Placement.Item,
            Session = journal.Session,
            Sweep = sweep.Index,
            Stop = stop.Index,
            Pose = pose,
            AzimuthDegrees = standing.Position.AzimuthDegrees,
            ElevationDegrees = standing.ElevationDegrees ?? rig.Camera.ElevationDegrees,
            Light = stop.Light,
            Metadata = shot.Metadata,
            Marks = verdict.Outcome == ShotOutcome.Marked ? verdict.Reasons : [],
        };
    }

    private async Task StoreAsync(Frame frame, CancellationToken cancel)
    {
        Frame labelled = frame with { Annotations = CutOut(frame) };
        await SafeAsync(() => journal.Commit(labelled), cancel).ConfigureAwait(false);
        _captured++;
        _marked += frame.Marks.Count > 0 ? 1 : 0;
        _taken.Add((frame.Sweep!.Value, frame.Stop!.Value));
        watch?.Report(new FrameStored(labelled));
        Report(frame.Marks.Count > 0 ? $"{frame.Item}: {frame.Marks[0]}" : frame.Item.Value);
    }

    /// <summary>Writes to the journal until it has been written, or nobody mends the disk.</summary>
    private Task<bool> SafeAsync(Action write, CancellationToken cancel) => _recovery.MendedAsync(
        () =>
        {
            write();
            return Task.FromResult(true);
        },
        () => { },
        cancel);

    /// <summary>The part's outline against the plate of the same stop, where there is one and it shows.</summary>
    private Annotation[] CutOut(Frame frame) =>
        frame.Part != PartId.Nothing && Cutter(frame.Stop!.Value) is { } cutter && rig.Reader.TryRead(frame.Image) is { } picture && cutter.Cut(picture) is { } cut
            ? [new Annotation { Part = frame.Part, Item = frame.Item, Box = cut.Box, Mask = cut.Mask, Truncated = cut.Truncated, Quality = cut.Quality }]
            : [];

    /// <summary>The plate of a stop, ready to cut against; those of a usual sweep are kept.</summary>
    private PlateCutter? Cutter(int stop)
    {
        if (_cutters.TryGetValue(stop, out PlateCutter? cutter) || !_plates.TryGetValue(stop, out EncodedImage? plate))
        {
            return cutter;
        }

        cutter = rig.Reader.TryRead(plate) is { } table ? new PlateCutter(table) : null;
        if (_cutters.Count < CuttersKept)
        {
            _cutters.Add(stop, cutter);
        }

        return cutter;
    }

    /// <summary>Photographs the empty table at every stop, unless that is done.</summary>
    private async Task TakePlatesAsync(CancellationToken cancel)
    {
        if (!plan.Plates || plan.FrameCount() == _taken.Count || _stops.All(s => _plates.ContainsKey(s.Index)))
        {
            return;
        }

        await _recovery.AskAsync(new Chore(ChoreKind.ClearTable, "Take everything off the table: it is photographed empty first, so that parts can be cut out against it."), cancel).ConfigureAwait(false);
        Task storing = Task.CompletedTask;
        try
        {
            foreach (Stop stop in _stops.Where(s => !_plates.ContainsKey(s.Index)))
            {
                cancel.ThrowIfCancellationRequested();
                (EncodedImage image, TablePosition position) = await _recovery.MendedAsync(
                    async () =>
                    {
                        Standing standing = await StandAsync(null, stop, cancel).ConfigureAwait(false);
                        return ((await ShootAsync(null, standing, cancel).ConfigureAwait(false)).Shot.Image, standing.Position);
                    },
                    Forget,
                    cancel).ConfigureAwait(false);
                await storing.ConfigureAwait(false);
                storing = Task.Run(() => SafeAsync(() => journal.AddPlate(stop, image, position), cancel), CancellationToken.None);
                Report("the empty table");
            }

            await storing.ConfigureAwait(false);
        }
        finally
        {
            await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _plates = journal.Plates();
    }

    /// <summary>Lifts, turns and lights, each only where it is not so already.</summary>
    private async Task<Standing> StandAsync(Sweep? sweep, Stop stop, CancellationToken cancel)
    {
        await _recovery.HomeAsync(cancel).ConfigureAwait(false);
        watch?.Report(new StopSought(sweep, stop));
        Standing? before = _standing;
        _standing = null;
        bool lifted = stop.ElevationDegrees is not null && before?.Stop.ElevationDegrees != stop.ElevationDegrees;
        double? elevation = lifted ? await rig.Turntable.ElevateAsync(stop.ElevationDegrees!.Value, cancel).ConfigureAwait(false) : before?.ElevationDegrees;
        TablePosition position = before is null || lifted || before.Stop.Turn != stop.Turn
            ? await rig.Turntable.MoveToStopAsync(stop.Turn, plan.StopsPerSweep, cancel).ConfigureAwait(false)
            : before.Position;
        if (before is null || before.Stop.Light != stop.Light)
        {
            await rig.Lights.SetAsync(Levels(stop.Light), cancel).ConfigureAwait(false);
            position = position with { SettledAt = rig.Time.GetUtcNow() };
        }

        watch?.Report(new StopProven(sweep, stop, position));
        return _standing = new Standing(stop, position, elevation);
    }

    private IReadOnlyDictionary<string, double> Levels(string? light)
    {
        if (light is null)
        {
            return rig.Lights.Channels.ToDictionary(c => c, _ => 1.0);
        }

        IReadOnlyDictionary<string, double> levels = plan.Lights[light];
        return levels.Keys.Except(rig.Lights.Channels).FirstOrDefault() is not { } unknown
            ? levels
            : throw new WorkFailedException($"The plan's light setting \"{light}\" names \"{unknown}\", which this rig does not have; it has {(rig.Lights.Channels.Count == 0 ? "no light that can be set" : string.Join(", ", rig.Lights.Channels))}.");
    }

    /// <summary>Takes a picture that passes the gate, or says what was wrong with the last one.</summary>
    private async Task<(Shot Shot, ShotVerdict Verdict)> ShootAsync(Sweep? sweep, Standing standing, CancellationToken cancel)
    {
        ShotGate gate = _gate ??= await LockedAsync(cancel).ConfigureAwait(false);
        // An empty table is judged as a plate is: it has no edges, and looks the same as it turns.
        ShotTarget target = new(sweep?.Placement.Part == PartId.Nothing ? null : sweep?.Index, standing.Stop.Index, standing.Stop.Light ?? "");
        string reason = "";
        for (int attempt = 0; attempt <= plan.RetriesPerShot; attempt++)
        {
            Shot shot = await rig.Camera.CaptureAsync(target, cancel).ConfigureAwait(false);
            ShotBaseline before = gate.Baseline;
            ShotVerdict verdict = gate.Judge(shot, target, standing.Position);
            watch?.Report(new ShotJudged(sweep, standing.Stop, shot, verdict));
            if (!ReferenceEquals(before, gate.Baseline))
            {
                journal.KeepOptics(journal.Optics()! with { Baseline = gate.Baseline });
            }

            if (verdict.Outcome != ShotOutcome.Refused)
            {
                return (shot, verdict);
            }

            reason = verdict.Reason;
        }

        throw new WorkFailedException($"The camera's picture at {standing.Position.AzimuthDegrees:F1} degrees was refused {plan.RetriesPerShot + 1} times: {reason}.");
    }

    /// <summary>Locks the exposure as the session began, or meters it once.</summary>
    private async Task<ShotGate> LockedAsync(CancellationToken cancel)
    {
        SessionOptics? earlier = journal.Optics();
        CameraLock held = await rig.Camera.LockAsync(earlier?.Lock, cancel).ConfigureAwait(false);
        SessionOptics optics = new(held, earlier?.Baseline ?? ShotBaseline.Empty);
        journal.KeepOptics(optics);
        return new ShotGate(plan.Gate, rig.PictureSize, rig.Reader, optics.Baseline);
    }

    /// <summary>After a fault nothing stands where it stood.</summary>
    private void Forget() => _standing = null;

    private void Report(string? note) => progress.Report(new StageProgress("Capture", _taken.Count, plan.FrameCount(), note ?? ""));
}
