using System.Text.Json.Serialization;

namespace DataRig.Rig;

/// <summary>How the rig is lit. The driver is chosen by <c>"driver"</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "driver")]
[JsonDerivedType(typeof(SimulatedLightsOptions), "simulated")]
public abstract record LightsOptions;

/// <summary>The digital twin's lights: the scene's own, dimmed by the level.</summary>
public sealed record SimulatedLightsOptions : LightsOptions;

/// <summary>The rig's lights.</summary>
public interface ILights : IAsyncDisposable
{
    /// <param name="level">0 is off, 1 is full.</param>
    Task SetAsync(double level, CancellationToken cancel);
}
