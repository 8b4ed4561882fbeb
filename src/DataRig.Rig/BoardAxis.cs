using DataRig.Core;

namespace DataRig.Rig;

/// <summary>
/// One motor of a board, counted forwards whichever way it is wired, and proven: after every move the board's own count
/// has to be the one it was sent to. Counts begin at home.
/// </summary>
internal sealed class BoardAxis(Axis axis, AxisOptions options)
{
    private readonly int _sign = options.Reversed ? -1 : 1;
    private readonly long _backlash = (long)Math.Ceiling(options.BacklashDegrees * options.Stepper().MicrostepsPerDegree);

    /// <summary>Whether the last move went forward far enough to press the gear's teeth against their front flanks.</summary>
    private bool _takenUp;

    public Stepper Stepper { get; } = options.Stepper();

    /// <summary>Where the axis is proven to stand, or null where nobody knows.</summary>
    public long? At { get; private set; }

    private string Name => axis == Axis.Table ? "turntable" : "elevation arm";

    /// <summary>Makes zero: by the switch, or here.</summary>
    /// <param name="seekDegrees">How far to look for the switch at most; negative looks backwards.</param>
    public async Task HomeAsync(IBoard board, double seekDegrees, CancellationToken cancel)
    {
        At = null;
        await board.HoldAsync(true, cancel).ConfigureAwait(false);
        if (options.Home == Homing.Switch)
        {
            await board.HomeAsync(Move(Stepper.ToMicrosteps(seekDegrees)), cancel).ConfigureAwait(false);
        }

        await CallAsync(board, 0, cancel).ConfigureAwait(false);
        _takenUp = false;
    }

    /// <summary>Arrives from below, whatever lies before: a target behind, or too near to take up the play, is overshot backwards first.</summary>
    public async Task ArriveAsync(IBoard board, long target, CancellationToken cancel)
    {
        long at = At ?? throw new PositionLostException($"Nobody knows where the {Name} stands; home it first.");
        if (target < at || (!_takenUp && target - at < _backlash))
        {
            await MoveAsync(board, target - _backlash, cancel).ConfigureAwait(false);
            at = target - _backlash;
        }

        await MoveAsync(board, target, cancel).ConfigureAwait(false);
        _takenUp |= target - at >= _backlash;
    }

    /// <summary>Goes straight to a count and proves it, from whichever side.</summary>
    /// <exception cref="PositionLostException">The board reports another count than it was sent to.</exception>
    public async Task MoveAsync(IBoard board, long target, CancellationToken cancel)
    {
        _takenUp &= target >= At;
        At = null;
        long reported = _sign * await board.MoveAsync(Move(target), cancel).ConfigureAwait(false);
        if (reported != target)
        {
            throw new PositionLostException(
                $"The {Name} was sent to {Stepper.ToDegrees(target):F2} degrees but the board says that it stopped at {Stepper.ToDegrees(reported):F2}, {Math.Abs(target - reported)} microsteps away. See that nothing blocks it and home it again; if this repeats, lower its speed or acceleration.");
        }

        At = target;
    }

    /// <summary>Calls the place where the axis stands by another count.</summary>
    public async Task CallAsync(IBoard board, long count, CancellationToken cancel)
    {
        At = null;
        long reported = _sign * await board.SetPositionAsync(axis, _sign * count, cancel).ConfigureAwait(false);
        if (reported != count)
        {
            throw new PositionLostException($"The board was told to count the {Name} from {count} but counts it from {reported}; reset the board and home again.");
        }

        At = count;
    }

    private BoardMove Move(long target) =>
        new(axis, _sign * target, options.SpeedDegreesPerSecond * Stepper.MicrostepsPerDegree, options.AccelerationDegreesPerSecondSquared * Stepper.MicrostepsPerDegree);
}
