using DataRig.Core;

namespace DataRig.Rig;

/// <summary>
/// A turntable, with an arm for the camera where there is one, on any motor board. The table only ever turns on, so that its gear
/// stays on one flank; a position counts once the board itself reports it.
/// </summary>
/// <param name="connection">The board; shared with the lights, so whoever made it disposes it.</param>
/// <param name="time">Whose clock the settling is waited on.</param>
public sealed class BoardTurntable(BoardConnection connection, BoardTurntableOptions options, TimeProvider time) : ITurntable
{
    /// <summary>
    /// Beyond this the count is begun anew. A board that counts in 32-bit floats, as G-code firmwares do, is exact to a
    /// sixty-fourth of a microstep here; and no board's integers are ever at their end.
    /// </summary>
    private const long LongCount = 1 << 18;

    /// <summary>A switch is looked for over a turn and a little more.</summary>
    private const double SeekDegrees = 380;

    private readonly BoardAxis _table = new(Axis.Table, options);
    private readonly BoardAxis? _arm = options.Elevation is { } elevation ? new BoardAxis(Axis.Elevation, elevation) : null;
    private IBoard? _homed;
    private long _takenOff;

    public bool FindsZero => options.Home == Homing.Switch && options.Elevation is null or { Home: Homing.Switch };

    public Task<TablePosition> HomeAsync(CancellationToken cancel) => connection.WithAsync(
        async board =>
        {
            _homed = null;
            if (options.Home == Homing.Switch && !board.Identity.HasIndexSwitch)
            {
                throw new WorkFailedException($"The turntable is to be homed by its switch, but the {board.Identity.Dialect} board ({board.Identity.Firmware}) says that it has none. Wire and set up the switch, or set \"home\": \"here\" under \"turntable\" and turn the table to its mark by hand.");
            }

            await _table.HomeAsync(board, SeekDegrees, cancel).ConfigureAwait(false);
            if (_arm is not null)
            {
                await _arm.HomeAsync(board, ArmSeekDegrees(options.Elevation!), cancel).ConfigureAwait(false);
            }

            _takenOff = 0;
            _homed = board;
            return await SettleAsync(options.SettleMs, cancel).ConfigureAwait(false);
        },
        cancel);

    public Task<TablePosition> MoveToStopAsync(int stop, int stops, CancellationToken cancel) => connection.WithAsync(
        async board =>
        {
            await ShortenAsync(Homed(board), cancel).ConfigureAwait(false);
            await _table.ArriveAsync(board, _table.Stepper.StopOnward(stop, stops, _table.At ?? 0), cancel).ConfigureAwait(false);
            return await SettleAsync(options.SettleMs, cancel).ConfigureAwait(false);
        },
        cancel);

    public Task<double> ElevateAsync(double degrees, CancellationToken cancel)
    {
        if (options.Elevation is not { } arm)
        {
            throw ITurntable.NoArm(degrees);
        }

        if (!(degrees >= arm.MinDegrees && degrees <= arm.MaxDegrees))
        {
            throw new WorkFailedException($"The plan asks for the camera at {degrees:F1} degrees, but the elevation arm goes from {arm.MinDegrees:F1} to {arm.MaxDegrees:F1}; change the plan, or the arm's range under \"turntable\".\"elevation\".");
        }

        return connection.WithAsync(
            async board =>
            {
                await _arm!.ArriveAsync(Homed(board), _arm.Stepper.ToMicrosteps(degrees - arm.HomeDegrees), cancel).ConfigureAwait(false);
                await SettleAsync(arm.SettleMs, cancel).ConfigureAwait(false);
                return arm.HomeDegrees + _arm.Stepper.ToDegrees(_arm.At!.Value);
            },
            cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Zero belongs to one connection: a board that was connected anew, by whoever shares it, may have been reset meanwhile.</summary>
    private IBoard Homed(IBoard board) =>
        ReferenceEquals(board, _homed) ? board : throw new PositionLostException("The board was connected anew, so nobody knows where the turntable stands; home it first.");

    /// <summary>Takes whole gear cycles off a long count; exact, because a cycle is a whole number of microsteps and of turns.</summary>
    private async Task ShortenAsync(IBoard board, CancellationToken cancel)
    {
        if (_table.At is not > LongCount)
        {
            return;
        }

        long left = _table.At.Value % _table.Stepper.CycleMicrosteps;
        if (left < _table.At)
        {
            _takenOff += _table.At.Value - left;
            await _table.CallAsync(board, left, cancel).ConfigureAwait(false);
        }
    }

    private async Task<TablePosition> SettleAsync(int settleMs, CancellationToken cancel)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(settleMs), time, cancel).ConfigureAwait(false);
        long at = _table.At!.Value;
        return new TablePosition(Angle.Normalize(_table.Stepper.ToDegrees(at)), _takenOff + at, time.GetUtcNow());
    }

    /// <summary>The arm's switch sits at the nearer end of its range; the whole range and a little more is searched.</summary>
    private static double ArmSeekDegrees(ElevationOptions arm)
    {
        double range = (arm.MaxDegrees - arm.MinDegrees) * 1.1;
        return arm.HomeDegrees - arm.MinDegrees <= arm.MaxDegrees - arm.HomeDegrees ? -range : range;
    }
}
