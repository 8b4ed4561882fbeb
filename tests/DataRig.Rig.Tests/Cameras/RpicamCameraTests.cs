using System.Globalization;
using System.Runtime.CompilerServices;
using DataRig.Core;
using DataRig.Rig.Cameras;

namespace DataRig.Rig.Tests.Cameras;

/// <summary>The rpicam driver against a fake rpicam-still that fails in every way the real one does.</summary>
public sealed class RpicamCameraTests : IAsyncDisposable
{
    private static readonly CameraLock Held = new("rpicam", new Dictionary<string, double>
    {
        ["shutterMicroseconds"] = 8000, ["gain"] = 1.5, ["redGain"] = 1.9, ["blueGain"] = 1.6, ["lensPositionDioptres"] = 5,
    });

    private const int Never = 300_000;

    private readonly string _fake = Directory.CreateTempSubdirectory("fake-").FullName;
    private readonly List<RpicamCamera> _cameras = [];

    [Fact]
    public async Task Metering_once_locks_shutter_gain_white_balance_and_focus()
    {
        RpicamCamera camera = Camera("well");

        CameraLock held = await camera.LockAsync(null, default);
        Shot shot = await camera.CaptureAsync(default, default);

        Assert.Equal(
            new Dictionary<string, double> { ["shutterMicroseconds"] = 9987, ["gain"] = 2.5, ["redGain"] = 1.8025, ["blueGain"] = 1.5217, ["lensPositionDioptres"] = 4.25 },
            held.Values);
        string[] calls = Calls();
        Assert.DoesNotContain("--shutter", calls[0]);
        Assert.Contains("--shutter 9987 --gain 2.5 --awbgains 1.8025,1.5217 --autofocus-mode manual --lens-position 4.25", calls[1]);
        Assert.Contains("--denoise cdn_off", calls[1]);
        Assert.StartsWith("-n ", calls[1]);
        Assert.Equal((96, 64), (shot.Image.Width, shot.Image.Height));
        Assert.Equal("9987", shot.Metadata["ExposureTime"]);
        Assert.Equal("(0, 0)/4056x3040", shot.Metadata["ScalerCrop"]);
    }

    [Fact]
    public async Task A_resumed_session_exposes_as_before_without_metering()
    {
        RpicamCamera camera = Camera("well");

        CameraLock held = await camera.LockAsync(Held, default);
        await camera.CaptureAsync(default, default);

        Assert.Same(Held, held);
        Assert.Contains("--shutter 8000 --gain 1.5 --awbgains 1.9,1.6 --autofocus-mode manual --lens-position 5", Assert.Single(Calls()));
    }

    [Fact]
    public async Task Another_drivers_lock_is_refused()
    {
        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => Camera("well").LockAsync(CameraLock.Nothing("mjpeg"), default));

        Assert.Contains("\"mjpeg\"", failure.Message);
        Assert.False(File.Exists(Path.Combine(_fake, "calls")));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("deaf")]
    [InlineData("timeouts")]
    [InlineData("fails")]
    [InlineData("cut")]
    [InlineData("gutted")]
    [InlineData("nothing")]
    public Task One_fault_is_mended_by_another_try_and_leaves_nothing_running(string fault) => Patience.HoldsAsync(async times =>
    {
        RpicamCamera camera = Camera(Deadline(fault, times), fault, "well");
        await camera.LockAsync(Held, default);

        Shot shot = await camera.CaptureAsync(default, default);

        Assert.Equal(TestPictures.Jpeg(), shot.Image.Bytes);
        Assert.Equal(2, Calls().Length);
        await EndOfAllAsync();
    });

    [Theory]
    [InlineData("hang", "had not finished after")]
    [InlineData("timeouts", "it said: ERROR: Device timeout detected")]
    [InlineData("fails", "exit code 255 (it said: ERROR: *** no cameras available ***). Check the camera's ribbon cable")]
    [InlineData("cut", "cut short after 700 bytes")]
    [InlineData("gutted", "damaged near byte")]
    [InlineData("nothing", "wrote no picture")]
    public Task A_fault_that_stays_ends_in_one_sentence(string fault, string expected) => Patience.HoldsAsync(async times =>
    {
        RpicamCamera camera = Camera(Deadline(fault, times), fault);
        await camera.LockAsync(Held, default);

        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => camera.CaptureAsync(default, default));

        Assert.Contains(expected, failure.Message);
        Assert.Equal(2, Calls().Length);
        await EndOfAllAsync();
    });

    [Theory]
    [InlineData("noise")]
    [InlineData("leaves")]
    public async Task Noise_and_left_children_do_no_harm(string mode)
    {
        RpicamCamera camera = Camera(mode);
        await camera.LockAsync(Held, default);

        Shot shot = await camera.CaptureAsync(default, default);

        Assert.Equal(TestPictures.Jpeg(), shot.Image.Bytes);
        Assert.Single(Calls());
    }

    [Fact]
    public async Task A_camera_that_does_not_say_how_it_exposed_cannot_be_locked()
    {
        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => Camera("blind").LockAsync(null, default));

        Assert.Contains("ExposureTime", failure.Message);
    }

    [Fact]
    public async Task Whoever_holds_the_pipeline_is_named()
    {
        string device = Path.Combine(_fake, "media0");
        await using FileStream held = File.Create(device);
        using System.Diagnostics.Process holder = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", $"exec sleep 600 <{device}"]))!;
        try
        {
            await Patience.UntilAsync(() => Processes.Arguments(holder.Id).FirstOrDefault() == "sleep");
            RpicamCamera camera = Camera(new PipelineHolders(device), Never, "used");
            await camera.LockAsync(Held, default);

            WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => camera.CaptureAsync(default, default));

            Assert.Contains("failed to acquire camera", failure.Message);
            Assert.Contains($"\"sleep\" (process {holder.Id})", failure.Message);
            Assert.Contains($"kill {holder.Id}", failure.Message);
        }
        finally
        {
            holder.Kill();
        }
    }

    [Fact]
    public async Task Cancelling_kills_the_program()
    {
        RpicamCamera camera = Camera(Never, "hang");
        await camera.LockAsync(Held, default);
        using CancellationTokenSource cancel = new();
        Task<Shot> shooting = camera.CaptureAsync(default, cancel.Token);
        await Patience.UntilAsync(() => Pids().Length == 2);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shooting);
        await EndOfAllAsync();
    }

    [Fact]
    public async Task A_missing_program_is_named()
    {
        await using RpicamCamera camera = new(new RpicamOptions { Program = "no-such-rpicam" }, TimeProvider.System);

        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => camera.LockAsync(null, default));

        Assert.Contains("There is no program \"no-such-rpicam\"", failure.Message);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RpicamCamera camera in _cameras)
        {
            await camera.DisposeAsync();
        }

        foreach (int pid in Pids().Where(Runs))
        {
            System.Diagnostics.Process.GetProcessById(pid).Kill();
        }

        Directory.Delete(_fake, recursive: true);
    }

    private RpicamCamera Camera(params string[] modes) => Camera(Never, modes);

    private RpicamCamera Camera(int deadlineMs, params string[] modes) => Camera(new PipelineHolders(Path.Combine(_fake, "no-device")), deadlineMs, modes);

    private RpicamCamera Camera(PipelineHolders holders, int deadlineMs, params string[] modes)
    {
        File.WriteAllLines(Path.Combine(_fake, "modes"), modes);
        File.WriteAllBytes(Path.Combine(_fake, "picture.jpg"), TestPictures.Jpeg());
        File.Delete(Path.Combine(_fake, "calls"));
        RpicamOptions options = new() { Program = FakeProgram(), Arguments = ["--fake", _fake], WarmUpMs = 1, DeadlineMs = deadlineMs, Attempts = 2 };
        _cameras.Add(new RpicamCamera(options, TimeProvider.System, holders));
        return _cameras[^1];
    }

    /// <summary>Short where it will be waited for.</summary>
    private static int Deadline(string fault, int times) => fault is "hang" or "deaf" or "timeouts" ? 500 * times : Never;

    private string[] Calls() => File.ReadAllLines(Path.Combine(_fake, "calls"));

    private int[] Pids() => File.Exists(Path.Combine(_fake, "pids")) ? [.. File.ReadAllLines(Path.Combine(_fake, "pids")).Select(l => int.Parse(l, CultureInfo.InvariantCulture))] : [];

    /// <summary>What was killed goes once it is its turn to run.</summary>
    private Task EndOfAllAsync() => Patience.UntilAsync(() => !Pids().Any(Runs));

    /// <summary>Whether the fake, or its child, still runs; a killed one may wait a moment as a zombie for its parent.</summary>
    private bool Runs(int pid) => Processes.Read(pid, "environ").Contains(_fake, StringComparison.Ordinal) || Processes.Arguments(pid).Any(a => a == _fake || a == "600");

    private static string FakeProgram([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "fake-rpicam-still");
}
