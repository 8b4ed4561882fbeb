using System.ComponentModel.DataAnnotations;

namespace DataRig.Rig.Cameras;

/// <summary>How much a Raspberry Pi camera smooths noise, in the words of rpicam-still.</summary>
public enum RpicamDenoise
{
    /// <summary>What rpicam-still does by itself.</summary>
    Auto,
    Off,
    CdnOff,
    CdnFast,
    CdnHq,
}

/// <summary>A Raspberry Pi camera, by the program rpicam-still. Without width and height it gives the sensor's full size.</summary>
public sealed record RpicamOptions : RealCameraOptions
{
    /// <summary>The program; <c>libcamera-still</c> on older systems.</summary>
    public string Program { get; init; } = "rpicam-still";

    /// <summary>Which camera, as <c>rpicam-still --list-cameras</c> numbers them.</summary>
    [Range(0, 15)]
    public int Camera { get; init; }

    /// <summary>Exposure time; without it, metered once at the session's start.</summary>
    [Range(1.0, 600_000_000.0)]
    public double? ShutterMicroseconds { get; init; }

    /// <summary>Analogue gain; without it, metered once.</summary>
    [Range(1.0, 64.0)]
    public double? Gain { get; init; }

    /// <summary>White balance, [red, blue] over green; without it, metered once.</summary>
    [Range(0.1, 32.0)]
    public IReadOnlyList<double>? WhiteBalanceGains { get; init; }

    /// <summary>Focus in dioptres, 1 over metres: 0 is infinity, 10 is 10 cm; without it, focused once where the lens can.</summary>
    [Range(0.0, 32.0)]
    public double? LensPositionDioptres { get; init; }

    public RpicamDenoise Denoise { get; init; } = RpicamDenoise.CdnOff;

    /// <summary>JPEG quality.</summary>
    [Range(1, 100)]
    public int Quality { get; init; } = 95;

    /// <summary>How long the sensor runs before each picture, so that the lens has arrived.</summary>
    [Range(1, 60_000)]
    public int WarmUpMs { get; init; } = 300;

    /// <summary>How long exposure, white balance and focus may settle when they are metered.</summary>
    [Range(500, 60_000)]
    public int MeteringMs { get; init; } = 3000;

    /// <summary>When a picture counts as hanging; warm-up and four exposure times are added to it.</summary>
    [Range(500, 600_000)]
    public int DeadlineMs { get; init; } = 15_000;

    /// <summary>How often the program is run for one picture before giving up.</summary>
    [Range(1, 10)]
    public int Attempts { get; init; } = 3;

    /// <summary>Further words for the program, such as <c>["--vflip", "--roi", "0.25,0.25,0.5,0.5"]</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public override IEnumerable<(string Key, string Problem)> Validate() =>
    [
        .. base.Validate(),
        .. WhiteBalanceGains is { Count: not 2 } ? [("whiteBalanceGains", "expected two numbers, [red, blue]")] : Array.Empty<(string, string)>(),
        .. string.IsNullOrWhiteSpace(Program) ? [("program", "expected the name of a program")] : Array.Empty<(string, string)>(),
    ];
}
