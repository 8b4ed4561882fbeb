namespace DataRig.Rig.Simulation;

/// <summary>The twin's lights: they remember their level for the twin's camera.</summary>
public sealed class SimulatedLights : ILights
{
    public double Level { get; private set; }

    public Task SetAsync(double level, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 1);
        Level = level;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
