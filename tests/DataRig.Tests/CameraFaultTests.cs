using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Rig.Cameras;
using DataRig.Rig.Simulation;

namespace DataRig.Tests;

/// <summary>A camera that fails in the middle of a session, over a real dataset: the fault costs no frame and leaves no trace.</summary>
public sealed class CameraFaultTests : IDisposable
{
    private static readonly CapturePlan Plan = new()
    {
        Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red"] },
        PosesPerItem = 1,
        StopsPerSweep = 6,
        RetriesPerShot = 2,
        Plates = false,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-camera-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cut")]
    [InlineData("page")]
    [InlineData("old")]
    [InlineData("again")]
    public async Task One_bad_picture_is_taken_again(string fault)
    {
        VirtualTime time = new(DateTimeOffset.UnixEpoch);
        PlayfulCamera camera = new(time, shot => shot == 4 ? fault : "");

        CaptureResult result = await CaptureAsync(camera, time);

        Assert.Equal((6, 0, 7), (result.Captured, result.Marked, camera.Shots));
        await AssertWholeAsync();
    }

    [Theory]
    [InlineData("cut", "cut short")]
    [InlineData("page", "it is not a JPEG")]
    [InlineData("old", "before the table was still")]
    [InlineData("again", "an earlier picture again")]
    public async Task Bad_pictures_without_end_pause_the_session_which_goes_on_with_another_camera(string fault, string expected)
    {
        VirtualTime time = new(DateTimeOffset.UnixEpoch);

        SessionPausedException paused = await Assert.ThrowsAsync<SessionPausedException>(() => CaptureAsync(new PlayfulCamera(time, shot => shot >= 4 ? fault : ""), time));

        Assert.Contains(expected, paused.Message, StringComparison.Ordinal);
        Assert.Contains("resume", paused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', paused.Message);
        Assert.Equal(3, (await CaptureAsync(new PlayfulCamera(time, _ => "", first: 100), time)).Captured);
        await AssertWholeAsync();
    }

    [Fact]
    public Task A_program_that_hangs_is_killed_and_run_again() => Patience.HoldsAsync(async times =>
    {
        Directory.Delete(_folder, recursive: true);
        string pictures = Path.Combine(_folder, "pictures");
        Directory.CreateDirectory(pictures);
        for (int i = 0; i < 10; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(pictures, $"{i}.jpg"), MovingPart.Jpeg(i), TestContext.Current.CancellationToken);
        }

        // Every run takes the next number; the fourth never ends.
        string script = $"cd '{pictures}'; n=$(ls | grep -c taken); touch taken$n; if [ $n = 3 ]; then exec sleep 600; fi; cat $n.jpg";
        CommandCamera camera = new(new CommandCameraOptions { Program = "/bin/sh", Arguments = ["-c", script], DeadlineMs = 750 * times }, TimeProvider.System);

        CaptureResult result = await CaptureAsync(camera, TimeProvider.System);

        Assert.Equal((6, 0), (result.Captured, result.Marked));
        await AssertWholeAsync();
    });

    private async Task<CaptureResult> CaptureAsync(ICamera camera, TimeProvider time)
    {
        await using CaptureRig rig = new()
        {
            Turntable = new SimulatedTurntable(new SimulatedTurntableOptions { SpeedDegreesPerSecond = 3600, AccelerationDegreesPerSecondSquared = 36_000, SettleMs = 0 }, new Seed(1), time),
            Camera = camera,
            Lights = new NoLights(),
            Operator = new Placer(),
            Reader = new PictureReader(),
            Time = time,
        };
        using Dataset dataset = Dataset.OpenOrCreate(Path.Combine(_folder, "data"));
        SessionId session = (dataset.OpenSessions() is [var open] ? open : dataset.BeginSession("{}")).Id;
        return await new CaptureSession(Plan, rig, new DatasetJournal(dataset, session), new Progress<StageProgress>()).RunAsync(CancellationToken.None);
    }

    private async Task AssertWholeAsync()
    {
        using Dataset dataset = Dataset.Open(Path.Combine(_folder, "data"));
        Assert.Equal(Enumerable.Range(0, 6), dataset.Frames().Select(f => f.Stop!.Value).Order());
        Assert.Equal(6, dataset.Frames().Select(f => f.ImageHash).Distinct().Count());
        Assert.Empty((await DatasetAudit.RunAsync(dataset)).Findings);
    }

    /// <summary>Somebody who places parts and has no time for anything else.</summary>
    private sealed class Placer : IOperator
    {
        public Task<string?> PlaceAsync(Placement placement, CancellationToken cancel) => Task.FromResult<string?>(null);

        public Task<bool> DoAsync(Chore chore, CancellationToken cancel) => Task.FromResult(false);
    }

    /// <summary>A camera whose shots fail as told.</summary>
    /// <param name="fault">What is wrong with a shot by its number, from 1: cut short, an error page, exposed too early, an earlier picture.</param>
    /// <param name="first">The number of its first picture.</param>
    private sealed class PlayfulCamera(TimeProvider time, Func<int, string> fault, int first = 0) : ICamera
    {
        private byte[] _last = [];

        public int Shots { get; private set; }

        public double? ElevationDegrees => 45;

        public Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel) => Task.FromResult(CameraLock.Nothing("simulated"));

        public Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
        {
            byte[] good = MovingPart.Jpeg(first + Shots++);
            string what = fault(Shots);
            byte[] bytes = what switch
            {
                "cut" => good[..^400],
                "page" => [.. "<html><body>503 Service Unavailable</body></html>"u8],
                "again" => _last,
                _ => good,
            };
            _last = what.Length == 0 ? good : _last;
            return Task.FromResult(new Shot(new EncodedImage(bytes, MovingPart.Width, MovingPart.Height), time.GetUtcNow() - TimeSpan.FromSeconds(what == "old" ? 1 : 0)));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
