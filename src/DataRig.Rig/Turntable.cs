using DataRig.Core;

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
    /// Whether homing finds the same zero again by itself. Where it does not, zero is wherever the table stands when homed: after
    /// a lost position in mid-sweep a person has to turn it back to its mark first.
    /// </summary>
    bool FindsZero => true;

    /// <summary>
    /// Takes the present position, or that of the index switch where there is one, as zero; connects first where the link is
    /// not there or was lost. After a fault this is the way back.
    /// </summary>
    /// <exception cref="WorkFailedException">There is no board, or its zero was not found.</exception>
    Task<TablePosition> HomeAsync(CancellationToken cancel);

    /// <summary>Turns to one of a number of even stops of a turn, waits until the table is still, and proves it.</summary>
    /// <exception cref="PositionLostException">The position could not be proven; home and go on.</exception>
    /// <exception cref="LinkLostException">The board no longer answers; home and go on.</exception>
    Task<TablePosition> MoveToStopAsync(int stop, int stops, CancellationToken cancel);

    /// <summary>Lifts or lowers the camera's arm, waits until it is still, and proves it.</summary>
    /// <param name="degrees">The camera's angle above the table's plane.</param>
    /// <returns>The angle that was proven, the nearest that the arm's motor can make.</returns>
    /// <exception cref="WorkFailedException">There is no such arm, or the angle is beyond its range.</exception>
    /// <exception cref="PositionLostException">The angle could not be proven; home and go on.</exception>
    /// <exception cref="LinkLostException">The board no longer answers; home and go on.</exception>
    Task<double> ElevateAsync(double degrees, CancellationToken cancel) => throw NoArm(degrees);

    /// <summary>What a table without an arm answers.</summary>
    internal static WorkFailedException NoArm(double degrees) =>
        new($"The plan asks for the camera at {degrees:F1} degrees, but this rig has no elevation arm; take the elevations out of the plan, or describe the arm under \"turntable\".\"elevation\".");
}
