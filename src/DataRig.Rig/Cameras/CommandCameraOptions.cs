using System.ComponentModel.DataAnnotations;

namespace DataRig.Rig.Cameras;

/// <summary>Any program that writes a JPEG: gphoto2 for a reflex camera, ffmpeg or fswebcam for a USB camera.</summary>
public sealed record CommandCameraOptions : RealCameraOptions
{
    /// <summary>Stands in an argument for the file that the program is to write.</summary>
    public const string FilePlaceholder = "{file}";

    /// <summary>The program, by its name on the PATH or by its path.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments, one a string. <c>{file}</c> becomes the file to write; where none has it, the picture is read from standard output.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>A program and its arguments, run once before the session to switch the camera's own automatics off.</summary>
    public IReadOnlyList<string> LockCommand { get; init; } = [];

    /// <summary>When the program counts as hanging and is killed.</summary>
    [Range(100, 600_000)]
    public int DeadlineMs { get; init; } = 20_000;

    /// <summary>How often the program is run for one picture before giving up.</summary>
    [Range(1, 10)]
    public int Attempts { get; init; } = 2;

    public override IEnumerable<(string Key, string Problem)> Validate() =>
    [
        .. base.Validate(),
        .. string.IsNullOrWhiteSpace(Program) ? [("program", "expected the name of a program")] : Array.Empty<(string, string)>(),
        .. LockCommand is [var first, ..] && string.IsNullOrWhiteSpace(first) ? [("lockCommand", "expected a program's name first")] : Array.Empty<(string, string)>(),
    ];
}
