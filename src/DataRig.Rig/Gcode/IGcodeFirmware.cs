using DataRig.Core;

namespace DataRig.Rig.Gcode;

/// <summary>
/// What is particular to one firmware that speaks G-code: its commands, and how it proves where its motors stand. What is
/// believed of the board, and what is done when that breaks, is <see cref="GcodeBoard"/>'s.
/// </summary>
internal interface IGcodeFirmware
{
    /// <summary>Its lines. The one who greets the board owns them.</summary>
    GcodeLink Link { get; }

    /// <summary>Every axis that a spoiled line could move and that the board reports.</summary>
    IReadOnlyList<GcodeAxis> Axes { get; }

    /// <summary>Whether it has a switch to home by.</summary>
    bool IndexSwitch { get; }

    /// <summary>Up to here its numbers tell one microstep from the next.</summary>
    long FarthestMicrosteps { get; }

    /// <summary>Whether it gave up by itself and waits for its reset button: greeting it is in vain.</summary>
    bool HasHalted { get; }

    GcodeAxis AxisOf(Axis axis);

    /// <param name="version">What <see cref="VersionAsync"/> gave.</param>
    BoardIdentity Identify(string version);

    /// <summary>Says something to a board that may be booting or of another kind, and waits for no answer.</summary>
    Task KnockAsync(CancellationToken cancel);

    /// <returns>Whether a line is one that this firmware says, or only another; null where many do.</returns>
    bool? IsIts(string line);

    /// <summary>Asks for its name once.</summary>
    /// <returns>Null where the answer did not come whole.</returns>
    Task<string?> VersionAsync(CancellationToken cancel);

    /// <summary>Chooses the units and modes that the commands here rely on, and reads the axes' scales and counts.</summary>
    /// <exception cref="WorkFailedException">The board is set up in a way that makes exact work impossible.</exception>
    Task PrepareAsync(CancellationToken cancel);

    /// <summary>
    /// Whether a board that was restarted is proven to stand where the axes' counts say, and counts on from there; it is
    /// then ready for work again.
    /// </summary>
    Task<bool> RemembersAsync(CancellationToken cancel);

    /// <summary>How long a way takes.</summary>
    TimeSpan Duration(GcodeAxis axis, long way, BoardMove move);

    /// <summary>Sends the axes to absolute counts, waits until all motors stand, and reads where.</summary>
    /// <param name="axis">The one that the speeds are meant for.</param>
    /// <param name="duration">The time it should take.</param>
    Task GoAsync(GcodeAxis axis, BoardMove move, IEnumerable<(GcodeAxis Axis, long Count)> places, TimeSpan duration, CancellationToken cancel);

    /// <summary>Finds an axis' switch, counts from there, and reads where all axes stand.</summary>
    Task HomeAsync(GcodeAxis axis, CancellationToken cancel);

    /// <summary>Waits until all motors stand and reads where; a long count may begin anew, since the caller is about to.</summary>
    Task RecountAsync(GcodeAxis axis, CancellationToken cancel);

    /// <summary>Holds the motors by current or lets them go; a board that let go is greeted anew.</summary>
    Task HoldAsync(bool hold, CancellationToken cancel);

    /// <param name="level">0 to 1.</param>
    Task SetLightAsync(int channel, double level, CancellationToken cancel);

    Task<bool> ReadSwitchAsync(GcodeAxis axis, CancellationToken cancel);
}
