using System.Text.Json.Serialization;
using DataRig.Core.Configuration;

namespace DataRig.Rig;

/// <summary>How the rig is lit. The driver is chosen by <c>"driver"</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "driver")]
[JsonDerivedType(typeof(SimulatedLightsOptions), "simulated")]
[JsonDerivedType(typeof(BoardLightsOptions), "board")]
[JsonDerivedType(typeof(NoLightsOptions), "none")]
public abstract record LightsOptions;

/// <summary>The digital twin's lights: the scene's own, each a channel of its name.</summary>
public sealed record SimulatedLightsOptions : LightsOptions;

/// <summary>Lamps on the turntable's own board.</summary>
public sealed record BoardLightsOptions : LightsOptions, IValidatedOptions
{
    /// <summary>Name to the board's channel, such as <c>"ring": 0</c>.</summary>
    public required IReadOnlyDictionary<string, int> Channels { get; init; }

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (Channels.Count == 0 || Channels.Values.Any(c => c is < 0 or > 15) || Channels.Values.Distinct().Count() != Channels.Count)
        {
            yield return ("channels", "expected at least one name, each with a channel number of its own from 0 to 15");
        }
    }
}

/// <summary>Light that DataRig does not switch: a lamp with a switch of its own.</summary>
public sealed record NoLightsOptions : LightsOptions;

/// <summary>The rig's lights, by name.</summary>
public interface ILights : IAsyncDisposable
{
    /// <summary>The lights that can be set.</summary>
    IReadOnlyList<string> Channels { get; }

    /// <summary>Sets every light and returns when they shine so; what is not named is off.</summary>
    /// <param name="levels">Channel to level: 0 is off, 1 is full.</param>
    /// <exception cref="LinkLostException">The board that switches them no longer answers.</exception>
    Task SetAsync(IReadOnlyDictionary<string, double> levels, CancellationToken cancel);
}
