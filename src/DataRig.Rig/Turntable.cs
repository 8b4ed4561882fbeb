namespace DataRig.Rig;

/// <summary>A position that the turntable itself vouches for, after it stopped and settled.</summary>
/// <param name="AzimuthDegrees">How far the table stands from its start, in [0, 360).</param>
/// <param name="Microsteps">The motor's count, without wrapping.</param>
/// <param name="SettledAt">When the table counted as still; a picture taken before is not of this position.</param>
public readonly record struct TablePosition(double AzimuthDegrees, long Microsteps, DateTimeOffset SettledAt);

/// <summary>A table that turns and proves where it stands.</summary>
public interface ITurntable : IAsyncDisposable
{
    /// <summary>
    /// Takes the present position, or that of the index switch where there is one, as zero; connects first where the link is
    /// not there or was lost. After a fault this is the way back.
    /// </summary>
    /// <exception cref="Core.WorkFailedException">There is no board, or its zero was not found.</exception>
    Task<TablePosition> HomeAsync(CancellationToken cancel);

    /// <summary>Turns to one of a number of even stops of a turn, waits until the table is still, and proves it.</summary>
    /// <exception cref="PositionLostException">The position could not be proven; home and go on.</exception>
    /// <exception cref="LinkLostException">The board no longer answers; home and go on.</exception>
    Task<TablePosition> MoveToStopAsync(int stop, int stops, CancellationToken cancel);
}
