using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Rig.Cameras;

namespace DataRig.Rig;

/// <summary>How pictures are taken. The driver is chosen by <c>"driver"</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "driver")]
[JsonDerivedType(typeof(SimulatedCameraOptions), "simulated")]
[JsonDerivedType(typeof(RpicamOptions), "rpicam")]
[JsonDerivedType(typeof(MjpegOptions), "mjpeg")]
[JsonDerivedType(typeof(CommandCameraOptions), "command")]
[JsonDerivedType(typeof(FolderCameraOptions), "folder")]
public abstract record CameraOptions
{
    /// <summary>The size that every picture must have, in pixels; null where the first picture decides.</summary>
    public abstract (int Width, int Height)? Size();
}

/// <summary>The digital twin's camera: it renders a scene at the angle where the table stands.</summary>
public sealed record SimulatedCameraOptions : CameraOptions
{
    /// <summary>The scene file, relative to the configuration file.</summary>
    public string Scene { get; init; } = "scenes/turntable.json";

    /// <summary>Pixels across.</summary>
    [Range(32, 8192)]
    public int Width { get; init; } = 224;

    /// <summary>Pixels down.</summary>
    [Range(32, 8192)]
    public int Height { get; init; } = 224;

    public override (int Width, int Height)? Size() => (Width, Height);
}

/// <summary>What all cameras of glass and silicon have in common.</summary>
public abstract record RealCameraOptions : CameraOptions, IValidatedOptions
{
    /// <summary>Pixels across; without it, what the camera gives.</summary>
    [Range(32, 16384)]
    public int? Width { get; init; }

    /// <summary>Pixels down; without it, what the camera gives.</summary>
    [Range(32, 16384)]
    public int? Height { get; init; }

    /// <summary>The camera's height above the table's plane as seen from the table's centre, as somebody measured it.</summary>
    [Range(-90.0, 90.0)]
    public double? ElevationDegrees { get; init; }

    public override (int Width, int Height)? Size() => Width is { } width && Height is { } height ? (width, height) : null;

    public virtual IEnumerable<(string Key, string Problem)> Validate()
    {
        if (Width is null != Height is null)
        {
            yield return (Width is null ? "height" : "width", "\"width\" and \"height\" are given together, or neither is");
        }
    }
}

/// <summary>What a picture is to show: which stop of which sweep, under which light.</summary>
/// <param name="Sweep">The turn of the table, from 0; null for a plate.</param>
/// <param name="Stop">The stop of the turn, from 0.</param>
/// <param name="Light">The name of the lighting, as the plan has it; empty where there is only one.</param>
public readonly record struct ShotTarget(int? Sweep, int Stop, string Light = "");

/// <summary>One picture and when its exposure began.</summary>
/// <param name="Image">The picture's file; its size is as it is looked at, after the EXIF orientation.</param>
/// <param name="TakenAt">When the exposure began, or a moment that surely lies before it.</param>
public sealed record Shot(EncodedImage Image, DateTimeOffset TakenAt)
{
    /// <summary>What the camera says of the picture, such as its exposure; kept with the frame.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;
}

/// <summary>Something that takes a whole picture on demand. One call at a time.</summary>
public interface ICamera : IAsyncDisposable
{
    /// <summary>The camera's height above the table's plane as seen from its centre, if known.</summary>
    double? ElevationDegrees { get; }

    /// <summary>
    /// Holds exposure, white balance and focus from now on, so that all pictures of a session are exposed alike. Called
    /// once before the first picture, under the light of the session.
    /// </summary>
    /// <param name="earlier">What the session's first sitting was locked to; null meters anew.</param>
    /// <returns>What is held now; the session keeps it and hands it back when it is resumed.</returns>
    /// <exception cref="WorkFailedException">The camera does not answer, or the earlier lock is another camera's.</exception>
    Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel);

    /// <summary>Takes a picture whose exposure begins after this call.</summary>
    /// <exception cref="WorkFailedException">No whole picture came, after the driver's own attempts to mend that.</exception>
    Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel);
}
