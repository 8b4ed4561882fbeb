using DataRig.Core;

namespace DataRig.Rig.Simulation;

/// <summary>
/// A turntable with a stepper's kinematics and no motor. It knows where it stands at any instant of its
/// clock: ramping up, cruising, swinging after the stop, still. The camera of the twin asks for that.
/// </summary>
public sealed class SimulatedTurntable(SimulatedTurntableOptions options, Seed seed, TimeProvider time) : ITurntable
{
    /// <summary>The swing after a stop: a damped oscillation of a light printed table, until friction holds it.</summary>
    private const double SwingDecaySeconds = 0.04;
    private const double SwingHertz = 18;
    private const double SwingEndsSeconds = 0.2;

    private readonly Stepper _stepper = options.Stepper();
    private readonly DateTimeOffset _poweredAt = time.GetUtcNow();
    private long _from;
    private long _to;
    private long _withinTurn;
    private DateTimeOffset? _startedAt;

    /// <summary>Where the table really stands now, in [0, 360), with its swing and its landing error.</summary>
    public double ActualDegrees
    {
        get
        {
            TimeSpan elapsed = time.GetUtcNow() - (_startedAt ?? _poweredAt);
            MotionProfile motion = Motion();
            double sinceStop = (elapsed - motion.Duration).TotalSeconds;
            double shortOf = motion.DegreesAt(elapsed) - motion.DegreesAt(motion.Duration);
            double swing = sinceStop < 0 || sinceStop >= SwingEndsSeconds || _from == _to
                ? 0
                : options.SwingDegrees * Math.Exp(-sinceStop / SwingDecaySeconds) * Math.Sin(2 * Math.PI * SwingHertz * sinceStop);
            return Angle.Normalize(_stepper.ToDegrees(_withinTurn) + LandingErrorDegrees() + shortOf + swing);
        }
    }

    public Task<TablePosition> HomeAsync(CancellationToken cancel)
    {
        _from = _to = _withinTurn = 0;
        _startedAt = time.GetUtcNow();
        return Task.FromResult(Position());
    }

    public async Task<TablePosition> MoveToStopAsync(int stop, int stops, CancellationToken cancel)
    {
        // The table always turns on, never back, as a real one does to keep its gears on one flank.
        _from = _to;
        _to = _stepper.StopOnward(stop, stops, _from);
        _withinTurn = _stepper.StopMicrosteps(stop, stops);
        _startedAt = time.GetUtcNow();
        await Task.Delay(Motion().Duration + TimeSpan.FromMilliseconds(options.SettleMs), time, cancel).ConfigureAwait(false);
        return Position();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private MotionProfile Motion() =>
        new(_stepper.ToDegrees(_to - _from), options.SpeedDegreesPerSecond, options.AccelerationDegreesPerSecondSquared);

    /// <summary>A wheel's eccentricity and its teeth: the error belongs to the place, so a resumed session meets it again.</summary>
    private double LandingErrorDegrees() => seed.At(_withinTurn).Normal("turntable.landing", 0, options.PositionErrorDegrees);

    private TablePosition Position() => new(Angle.Normalize(_stepper.ToDegrees(_withinTurn)), _to, time.GetUtcNow());
}
