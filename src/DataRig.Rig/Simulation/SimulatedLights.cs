namespace DataRig.Rig.Simulation;

/// <summary>The twin's lights: they remember their levels for the twin's camera.</summary>
/// <param name="channels">The lights of the scene.</param>
public sealed class SimulatedLights(IReadOnlyList<string> channels) : ILights
{
    public IReadOnlyList<string> Channels => channels;

    /// <summary>Channel to level, 0 to 1; what is not in it is off.</summary>
    public IReadOnlyDictionary<string, double> Levels { get; private set; } = new Dictionary<string, double>();

    public Task SetAsync(IReadOnlyDictionary<string, double> levels, CancellationToken cancel)
    {
        Levels = levels;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
