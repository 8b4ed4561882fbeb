namespace DataRig.Rig;

/// <summary>A rig that is ready: what moves, what looks, what lights, who stands at it, and whose clock counts. Owns all of them.</summary>
public sealed class CaptureRig : IAsyncDisposable
{
    public required ITurntable Turntable { get; init; }

    public required ICamera Camera { get; init; }

    public required ILights Lights { get; init; }

    public required IOperator Operator { get; init; }

    /// <summary>Makes pixels of the camera's files.</summary>
    public required IPictureReader Reader { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The size that every picture must have; null where the first one decides.</summary>
    public (int Width, int Height)? PictureSize { get; init; }

    /// <summary>What the others stand on, such as the board of turntable and lights; disposed after them, in this order.</summary>
    public IReadOnlyList<IAsyncDisposable> Beneath { get; init; } = [];

    public async ValueTask DisposeAsync()
    {
        await Lights.DisposeAsync().ConfigureAwait(false);
        await Camera.DisposeAsync().ConfigureAwait(false);
        await Turntable.DisposeAsync().ConfigureAwait(false);
        foreach (IAsyncDisposable beneath in Beneath)
        {
            await beneath.DisposeAsync().ConfigureAwait(false);
        }
    }
}
