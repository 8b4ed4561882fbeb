using DataRig.Core;

namespace DataRig.Rig;

/// <summary>What a board turns.</summary>
public enum Axis
{
    /// <summary>The turntable.</summary>
    Table,

    /// <summary>The arm that lifts the camera.</summary>
    Elevation,
}

/// <summary>Who answered at the other end of the line.</summary>
/// <param name="Dialect">What it speaks: <c>riglink</c>, <c>marlin</c>, <c>grbl</c> or <c>gpio</c>.</param>
/// <param name="Firmware">Its own name and version.</param>
/// <param name="HasIndexSwitch">Whether it can find the table's zero by a switch.</param>
/// <param name="LightChannels">How many lights it can dim.</param>
public sealed record BoardIdentity(string Dialect, string Firmware, bool HasIndexSwitch, int LightChannels);

/// <summary>A move to an absolute place; the same move twice ends in the same place.</summary>
/// <param name="Axis">What to turn.</param>
/// <param name="TargetMicrosteps">The count to arrive at.</param>
/// <param name="MicrostepsPerSecond">Top speed, above 0.</param>
/// <param name="MicrostepsPerSecondSquared">Acceleration and deceleration, above 0.</param>
public readonly record struct BoardMove(Axis Axis, long TargetMicrosteps, double MicrostepsPerSecond, double MicrostepsPerSecondSquared);

/// <summary>
/// A motor board behind one of the dialects, all in microsteps of its motors. One call at a time. Made connected and
/// greeted; after a <see cref="LinkLostException"/> it is of no more use and another one is made.
/// </summary>
public interface IBoard : IAsyncDisposable
{
    BoardIdentity Identity { get; }

    /// <summary>
    /// Seeks the axis' switch and counts from there. The sign of the move's target is the direction to seek in, and its size the
    /// furthest to go; a board whose firmware has its own homing cycle may go by that instead.
    /// </summary>
    /// <returns>The count there, as the board itself reports it.</returns>
    /// <exception cref="PositionLostException">The switch was not found, or the board refuses.</exception>
    /// <exception cref="LinkLostException">The board no longer answers.</exception>
    Task<long> HomeAsync(BoardMove slowly, CancellationToken cancel);

    /// <summary>Calls the place where the axis stands now by another count; nothing moves.</summary>
    /// <returns>The count that the board itself reports afterwards.</returns>
    Task<long> SetPositionAsync(Axis axis, long microsteps, CancellationToken cancel);

    /// <summary>Moves, and waits until the motor stands.</summary>
    /// <returns>The count that the board itself reports after it stopped.</returns>
    /// <exception cref="PositionLostException">The board was reset or stopped on the way; nothing may be believed until it is homed.</exception>
    /// <exception cref="LinkLostException">The board no longer answers.</exception>
    Task<long> MoveAsync(BoardMove move, CancellationToken cancel);

    /// <summary>Whether the motors hold their place by current, or turn freely.</summary>
    Task HoldAsync(bool hold, CancellationToken cancel);

    /// <param name="channel">From 0, below <see cref="BoardIdentity.LightChannels"/>.</param>
    /// <param name="level">0 is off, 1 is full.</param>
    Task SetLightAsync(int channel, double level, CancellationToken cancel);

    /// <summary>Whether the axis' switch is met where the axis stands.</summary>
    /// <exception cref="WorkFailedException">This kind of board cannot tell.</exception>
    Task<bool> ReadSwitchAsync(Axis axis, CancellationToken cancel) =>
        throw new WorkFailedException($"A {Identity.Dialect} board cannot tell whether its switch is met, and the switch is needed here; leave this check out.");
}
