using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using DataRig.Core;

namespace DataRig.Rig;

/// <summary>How pictures are taken. The driver is chosen by <c>"driver"</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "driver")]
[JsonDerivedType(typeof(SimulatedCameraOptions), "simulated")]
public abstract record CameraOptions
{
    /// <summary>Pixels across.</summary>
    [Range(32, 8192)]
    public int Width { get; init; } = 224;

    /// <summary>Pixels down.</summary>
    [Range(32, 8192)]
    public int Height { get; init; } = 224;
}

/// <summary>The digital twin's camera: it renders a scene at the angle where the table stands.</summary>
public sealed record SimulatedCameraOptions : CameraOptions
{
    /// <summary>The scene file, relative to the configuration file.</summary>
    public string Scene { get; init; } = "scenes/turntable.json";
}

/// <summary>One picture and when its exposure began.</summary>
public sealed record Shot(EncodedImage Image, DateTimeOffset TakenAt);

/// <summary>Something that takes a whole picture on demand.</summary>
public interface ICamera : IAsyncDisposable
{
    /// <summary>The camera's height above the table's plane as seen from its centre, if known.</summary>
    double? ElevationDegrees { get; }

    /// <exception cref="WorkFailedException">No whole picture came.</exception>
    Task<Shot> CaptureAsync(CancellationToken cancel);
}
