using DataRig.Core;

namespace DataRig.Rig.Tests;

public sealed class CaptureSessionTests
{
    private static readonly CapturePlan Plan = new()
    {
        Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red", "blue"], ["3003"] = ["red"] },
        PosesPerItem = 2,
        StopsPerSweep = 4,
        RetriesPerShot = 2,
    };

    [Fact]
    public async Task Every_item_is_taken_in_every_pose_at_every_stop()
    {
        FakeRig rig = new();

        int captured = await Run(rig, []);

        Assert.Equal(3 * 2 * 4, captured);
        Assert.Equal(Plan.FrameCount(), captured);
        Assert.Equal(captured, rig.Frames.Select(f => (f.Sweep, f.Stop)).Distinct().Count());
        Assert.Equal(["3001-blue", "3001-red", "3003-red"], rig.Frames.Select(f => f.Item.Value).Distinct().Order());
        Assert.All(rig.Frames, f => Assert.Equal(f.Stop * 90.0, f.AzimuthDegrees));
        Assert.All(rig.Frames, f => Assert.Equal($"pose {(f.Sweep >= 3 ? 1 : 0)}", f.Pose));
        Assert.Equal(1, rig.LightLevel);
    }

    [Fact]
    public async Task A_session_goes_on_where_it_stopped()
    {
        FakeRig rig = new();
        HashSet<(int, int)> taken = [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)];

        int captured = await Run(rig, taken);

        Assert.Equal(24 - 5, captured);
        Assert.Empty(rig.Frames.Select(f => (f.Sweep!.Value, f.Stop!.Value)).Intersect(taken));
        Assert.Equal(5, rig.Placed.Count); // the finished sweep is not laid out again
    }

    [Fact]
    public async Task A_bad_picture_is_taken_again()
    {
        FakeRig rig = new();
        rig.Spoil.Enqueue(s => s with { Image = s.Image with { Bytes = s.Image.Bytes[..^2] } });
        rig.Spoil.Enqueue(s => s with { TakenAt = s.TakenAt - TimeSpan.FromSeconds(1) });

        int captured = await Run(rig, []);

        Assert.Equal(24, captured);
        Assert.Equal(26, rig.Shots);
    }

    [Fact]
    public async Task A_camera_that_only_gives_bad_pictures_stops_the_session_with_a_reason()
    {
        FakeRig rig = new();
        for (int i = 0; i < 3; i++)
        {
            rig.Spoil.Enqueue(s => s with { Image = s.Image with { Bytes = [1, 2, 3, 4, 5] } });
        }

        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => Run(rig, []));

        Assert.Contains("3 times", failure.Message);
        Assert.Contains("not a JPEG", failure.Message);
    }

    [Fact]
    public async Task Cancelling_stops_between_frames()
    {
        using CancellationTokenSource cancel = new();
        FakeRig rig = new() { AfterFrame = count => { if (count == 7) cancel.Cancel(); } };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(rig, [], cancel.Token));

        Assert.Equal(7, rig.Frames.Count);
    }

    private static async Task<int> Run(FakeRig fake, HashSet<(int, int)> taken, CancellationToken cancel = default)
    {
        await using CaptureRig rig = new(fake, fake, fake, fake, TimeProvider.System);
        return await new CaptureSession(new SessionId("s1"), Plan, rig, fake).RunAsync(taken, new Progress<StageProgress>(), cancel);
    }

    /// <summary>All of a rig in one: remembers what it was asked, and can spoil the next pictures.</summary>
    private sealed class FakeRig : ITurntable, ICamera, ILights, IOperator, IFrameWriter
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public List<Frame> Frames { get; } = [];

        public List<Placement> Placed { get; } = [];

        public Queue<Func<Shot, Shot>> Spoil { get; } = new();

        public Action<int> AfterFrame { get; init; } = _ => { };

        public int Shots { get; private set; }

        public double LightLevel { get; private set; }

        public double? ElevationDegrees => 35;

        public Task<TablePosition> HomeAsync(CancellationToken cancel) => Task.FromResult(new TablePosition(0, 0, _now));

        public Task<TablePosition> MoveToStopAsync(int stop, int stops, CancellationToken cancel) =>
            Task.FromResult(new TablePosition(360.0 * stop / stops, stop, _now += TimeSpan.FromSeconds(1)));

        public Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel) => Task.FromResult(CameraLock.Nothing("fake"));

        public Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
        {
            Shots++;
            Shot shot = new(new EncodedImage([0xFF, 0xD8, (byte)Shots, 0xFF, 0xD9], 8, 8), _now);
            return Task.FromResult(Spoil.TryDequeue(out Func<Shot, Shot>? spoil) ? spoil(shot) : shot);
        }

        public Task SetAsync(double level, CancellationToken cancel)
        {
            LightLevel = level;
            return Task.CompletedTask;
        }

        public Task<string?> PlaceAsync(Placement placement, CancellationToken cancel)
        {
            Placed.Add(placement);
            return Task.FromResult<string?>($"pose {placement.Pose}");
        }

        public void Write(Frame frame)
        {
            Frames.Add(frame);
            AfterFrame(Frames.Count);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
