using DataRig.Core;
using DataRig.Data;
using DataRig.Rig.Simulation;
using DataRig.Rig.Tests.Cameras;

namespace DataRig.Rig.Tests;

/// <summary>All of a rig in one, its journal too: remembers what it was asked, and fails where it is told to.</summary>
internal sealed class FakeRig : ITurntable, ICamera, ILights, IOperator, ISessionJournal, IPictureReader, IProgress<StageProgress>
{
    /// <summary>Three items in two poses at four stops: 24 frames.</summary>
    public static readonly CapturePlan Plan = new()
    {
        Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red", "blue"], ["3003"] = ["red"] },
        PosesPerItem = 2,
        StopsPerSweep = 4,
        RetriesPerShot = 2,
        RecoverySeconds = 5,
        Plates = false,
    };

    private readonly VirtualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly Lock _lock = new();
    private double _elevation = 35;

    public List<Frame> Frames { get; } = [];

    public List<string> Log { get; } = [];

    /// <summary>What the session said on its way.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Notes { get; } = new();

    public List<Placement> Placed { get; } = [];

    public List<Chore> Chores { get; } = [];

    public List<string> LightsSet { get; } = [];

    public Queue<Func<Shot, Shot>> Spoil { get; } = new();

    /// <summary>By the move's number, from 1.</summary>
    public Dictionary<int, WorkFailedException> MoveFaults { get; } = [];

    public Queue<WorkFailedException> HomeFaults { get; } = new();

    /// <summary>By the commit's number, from 1.</summary>
    public Dictionary<int, WorkFailedException> CommitFaults { get; } = [];

    public Action<int> AfterShot { get; init; } = _ => { };

    public HashSet<(int Sweep, int Stop)> TakenBefore { get; init; } = [];

    public Dictionary<int, EncodedImage> PlateStops { get; init; } = [];

    /// <summary>How often somebody is there to mend something.</summary>
    public int Mends { get; set; } = 100;

    public SessionOptics? Kept { get; set; }

    public CameraLock? EarlierLock { get; private set; }

    public int Shots { get; private set; }

    public int Moves { get; private set; }

    public int Lifts { get; private set; }

    public int Homings { get; private set; }

    public int Locks { get; private set; }

    public int Commits { get; private set; }

    public bool FindsZero { get; init; } = true;

    public double? ElevationDegrees => 35;

    public IReadOnlyList<string> Channels => ["ring"];

    public SessionId Session => new("s1");

    public async Task<CaptureResult> RunAsync(CapturePlan plan, SessionControl? control = null, CancellationToken cancel = default)
    {
        await using CaptureRig rig = new() { Turntable = this, Camera = this, Lights = this, Operator = this, Reader = this, Time = _time };
        return await new CaptureSession(plan, rig, this, this, control).RunAsync(cancel);
    }

    public Task<TablePosition> HomeAsync(CancellationToken cancel)
    {
        if (Moves > 0 && HomeFaults.TryDequeue(out WorkFailedException? fault))
        {
            throw fault;
        }

        Homings++;
        return Task.FromResult(new TablePosition(0, 0, _time.GetUtcNow()));
    }

    public async Task<TablePosition> MoveToStopAsync(int stop, int stops, CancellationToken cancel)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), _time, cancel);
        return MoveFaults.Remove(++Moves, out WorkFailedException? fault) ? throw fault : new TablePosition(360.0 * stop / stops, stop, _time.GetUtcNow());
    }

    public Task<double> ElevateAsync(double degrees, CancellationToken cancel)
    {
        Lifts++;
        return Task.FromResult(_elevation = degrees);
    }

    public Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel)
    {
        Locks++;
        EarlierLock = earlier;
        return Task.FromResult(earlier ?? new CameraLock("fake", new Dictionary<string, double> { ["gain"] = 7 }));
    }

    public Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
    {
        Shots++;
        Shot shot = new(new EncodedImage(TestPictures.Jpeg(Shots), 96, 64), _time.GetUtcNow()) { Metadata = new Dictionary<string, string> { ["gain"] = "7" } };
        shot = Spoil.TryDequeue(out Func<Shot, Shot>? spoil) ? spoil(shot) : shot;
        AfterShot(Shots);
        return Task.FromResult(shot);
    }

    public async Task SetAsync(IReadOnlyDictionary<string, double> levels, CancellationToken cancel)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), _time, cancel);
        LightsSet.Add(string.Join(' ', levels.Select(l => FormattableString.Invariant($"{l.Key}={l.Value}"))));
    }

    public Task<string?> PlaceAsync(Placement placement, CancellationToken cancel)
    {
        Placed.Add(placement);
        return Task.FromResult<string?>($"pose {placement.Pose}");
    }

    public Task<bool> DoAsync(Chore chore, CancellationToken cancel)
    {
        Chores.Add(chore);
        return Task.FromResult(chore.Kind != ChoreKind.Mend || Mends-- > 0);
    }

    public Picture? TryRead(EncodedImage image)
    {
        try
        {
            return ImageCodec.Decode(image.Bytes);
        }
        catch (WorkFailedException)
        {
            return null;
        }
    }

    public IReadOnlySet<(int Sweep, int Stop)> Taken()
    {
        lock (_lock)
        {
            return TakenBefore.Concat(Frames.Select(f => (f.Sweep!.Value, f.Stop!.Value))).ToHashSet();
        }
    }

    public SessionOptics? Optics() => Kept;

    public void KeepOptics(SessionOptics optics) => Kept = optics;

    public IReadOnlyDictionary<int, EncodedImage> Plates() => new Dictionary<int, EncodedImage>(PlateStops); // as they are now

    public void AddPlate(Stop stop, EncodedImage image, TablePosition position) => PlateStops.Add(stop.Index, image);

    public void Intend(int sweep, int stop) => Note($"intent {sweep}/{stop}");

    public void Moved(int sweep, int stop, TablePosition position) => Note($"moved {sweep}/{stop}");

    public void Commit(Frame frame)
    {
        lock (_lock)
        {
            if (CommitFaults.Remove(++Commits, out WorkFailedException? fault))
            {
                throw fault;
            }

            Frames.Add(frame);
            Log.Add($"commit {frame.Sweep}/{frame.Stop}");
        }
    }

    public void Skip(int sweep, int stop) => Note($"skip {sweep}/{stop}");

    public void Retake(int sweep)
    {
        Note($"retake {sweep}");
        Frames.RemoveAll(f => f.Sweep == sweep);
    }

    public void Report(StageProgress value) => Notes.Enqueue(value.Note ?? "");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Note(string line)
    {
        lock (_lock)
        {
            Log.Add(line);
        }
    }
}
