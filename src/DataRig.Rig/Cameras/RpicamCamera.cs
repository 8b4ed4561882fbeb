using System.Globalization;
using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>
/// A Raspberry Pi camera by its own program, one run a picture: a run that hangs takes nothing with it. Written after the
/// behaviour of rpicam-apps, which restarts for ever on a device time-out, cuts file names at 128 bytes and does not
/// write its files atomically.
/// </summary>
public sealed class RpicamCamera : ICamera
{
    private const string Driver = "rpicam";
    private const string Shutter = "shutterMicroseconds", Gain = "gain", Red = "redGain", Blue = "blueGain", Lens = "lensPositionDioptres";

    private readonly RpicamOptions _options;
    private readonly TimeProvider _time;
    private readonly PipelineHolders _holders;
    private readonly ShotFiles _files = new();
    private CameraLock? _lock;

    public RpicamCamera(RpicamOptions options, TimeProvider time)
        : this(options, time, new PipelineHolders("/dev/media", "/dev/video"))
    {
    }

    internal RpicamCamera(RpicamOptions options, TimeProvider time, PipelineHolders holders)
    {
        _options = options;
        _time = time;
        _holders = holders;
    }

    public double? ElevationDegrees => _options.ElevationDegrees;

    public async Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel)
    {
        CameraLock.RequireSame(earlier, Driver);
        Orphans.Kill(_options.Program);
        return _lock = earlier ?? Given() ?? Metered((await TakeAsync(Metering(), _options.MeteringMs, 0, cancel).ConfigureAwait(false)).Metadata);
    }

    /// <exception cref="InvalidOperationException">Nothing is locked yet.</exception>
    public async Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
    {
        CameraLock held = _lock ?? throw new InvalidOperationException("a camera is locked before it takes pictures");
        return await TakeAsync(Locked(held), _options.WarmUpMs, held.Values.GetValueOrDefault(Shutter), cancel).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        _files.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs the program until it gives a whole picture.</summary>
    private async Task<Shot> TakeAsync(IEnumerable<string> settings, int warmUpMs, double shutterMicroseconds, CancellationToken cancel)
    {
        // A long exposure is first run through by the sensor's own start-up frames.
        TimeSpan deadline = TimeSpan.FromMilliseconds(_options.DeadlineMs + warmUpMs + (4 * shutterMicroseconds / 1000));
        string problem = "";
        for (int attempt = 1; attempt <= _options.Attempts; attempt++)
        {
            (string picture, string metadata) = (_files.Fresh("jpg"), _files.Fresh("json"));
            DateTimeOffset startedAt = _time.GetUtcNow();
            string[] arguments = [.. Always(picture, metadata, warmUpMs), .. settings, .. _options.Arguments];
            ProgramRun run = await ProgramRun.ToEndAsync(_options.Program, arguments, deadline, null, _time, cancel).ConfigureAwait(false);
            byte[] bytes = _files.Take(picture);
            IReadOnlyDictionary<string, string> said = RpicamMetadata.Parse(_files.Take(metadata));
            if (ShotFiles.Problem(run, bytes, deadline, out JpegFile jpeg) is not { } wrong)
            {
                return new Shot(new EncodedImage(bytes[..jpeg.Length], jpeg.Width, jpeg.Height), startedAt) { Metadata = said };
            }

            problem = wrong;
            Orphans.Kill(_options.Program);
            if (run.Unkillable)
            {
                break; // each further one would hang in the kernel next to it
            }
        }

        throw new WorkFailedException($"{_options.Program} gave no picture, tried {_options.Attempts} times: the last time {problem}. {_holders.Describe() ?? Advice(problem)}");
    }

    private static string Advice(string problem) =>
        problem.Contains("no cameras", StringComparison.OrdinalIgnoreCase) ? "Check the camera's ribbon cable at both ends, with the power off."
        : problem.Contains("kernel", StringComparison.Ordinal) ? "Only a restart of the machine frees the camera; every frame so far is safe."
        : "Check the ribbon cable, and try \"rpicam-hello -t 2000\" by hand.";

    private IEnumerable<string> Always(string picture, string metadata, int warmUpMs) =>
    [
        "-n", "-o", picture, "--metadata", metadata, "-e", "jpg",
        "-t", Text(warmUpMs),
        "-q", Text(_options.Quality),
        "--camera", Text(_options.Camera),
        "--denoise", _options.Denoise switch
        {
            RpicamDenoise.Off => "off",
            RpicamDenoise.CdnOff => "cdn_off",
            RpicamDenoise.CdnFast => "cdn_fast",
            RpicamDenoise.CdnHq => "cdn_hq",
            _ => "auto",
        },
        .. _options.Size() is { } size ? ["--width", Text(size.Width), "--height", Text(size.Height)] : Array.Empty<string>(),
    ];

    /// <summary>What the configuration fixes is fixed while the rest is metered, so that the two fit together.</summary>
    private IEnumerable<string> Metering() =>
    [
        .. _options.ShutterMicroseconds is { } shutter ? ["--shutter", Text(shutter)] : Array.Empty<string>(),
        .. _options.Gain is { } gain ? ["--gain", Text(gain)] : Array.Empty<string>(),
        .. _options.WhiteBalanceGains is [var red, var blue] ? ["--awbgains", $"{Text(red)},{Text(blue)}"] : Array.Empty<string>(),
        .. _options.LensPositionDioptres is { } lens ? ["--autofocus-mode", "manual", "--lens-position", Text(lens)] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> Locked(CameraLock held) =>
    [
        "--shutter", Text(held.Values[Shutter]),
        "--gain", Text(held.Values[Gain]),
        "--awbgains", $"{Text(held.Values[Red])},{Text(held.Values[Blue])}",
        .. held.Values.TryGetValue(Lens, out double lens) ? ["--autofocus-mode", "manual", "--lens-position", Text(lens)] : Array.Empty<string>(),
    ];

    /// <summary>What the configuration fixes by itself, where it leaves nothing to meter; a lens may be left where it stands.</summary>
    private CameraLock? Given() => _options is { ShutterMicroseconds: { } shutter, Gain: { } gain, WhiteBalanceGains: [var red, var blue], LensPositionDioptres: { } lens }
        ? Lock(shutter, gain, red, blue, lens)
        : null;

    private CameraLock Metered(IReadOnlyDictionary<string, string> metadata)
    {
        double? shutter = _options.ShutterMicroseconds ?? RpicamMetadata.Number(metadata, "ExposureTime");
        double? gain = _options.Gain ?? (RpicamMetadata.Number(metadata, "AnalogueGain") * (RpicamMetadata.Number(metadata, "DigitalGain") ?? 1));
        double? red = _options.WhiteBalanceGains?[0] ?? RpicamMetadata.Number(metadata, "ColourGains", 0);
        double? blue = _options.WhiteBalanceGains?[1] ?? RpicamMetadata.Number(metadata, "ColourGains", 1);
        return shutter > 0 && gain > 0 && red > 0 && blue > 0
            ? Lock(shutter.Value, gain.Value, red.Value, blue.Value, _options.LensPositionDioptres ?? RpicamMetadata.Number(metadata, "LensPosition"))
            : throw new WorkFailedException($"{_options.Program} took a picture but did not say how it was exposed, so it cannot be held: its metadata lacks ExposureTime, AnalogueGain or ColourGains. Set shutterMicroseconds, gain and whiteBalanceGains in the camera's settings, or update rpicam-apps.");
    }

    private static CameraLock Lock(double shutter, double gain, double red, double blue, double? lens)
    {
        Dictionary<string, double> values = new() { [Shutter] = Math.Round(shutter), [Gain] = Math.Round(gain, 4), [Red] = Math.Round(red, 4), [Blue] = Math.Round(blue, 4) };
        if (lens is { } position)
        {
            values[Lens] = Math.Round(position, 4);
        }

        return new CameraLock(Driver, values);
    }

    private static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
