namespace DataRig.Rig;

/// <summary>A rig that is ready: what moves, what looks, what lights, who places, and whose clock counts. Owns all of them.</summary>
public sealed class CaptureRig(ITurntable turntable, ICamera camera, ILights lights, IOperator hands, TimeProvider time) : IAsyncDisposable
{
    public ITurntable Turntable { get; } = turntable;

    public ICamera Camera { get; } = camera;

    public ILights Lights { get; } = lights;

    public IOperator Operator { get; } = hands;

    public TimeProvider Time { get; } = time;

    public async ValueTask DisposeAsync()
    {
        await Lights.DisposeAsync().ConfigureAwait(false);
        await Camera.DisposeAsync().ConfigureAwait(false);
        await Turntable.DisposeAsync().ConfigureAwait(false);
    }
}
