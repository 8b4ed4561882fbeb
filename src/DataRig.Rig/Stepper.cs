using System.Numerics;

namespace DataRig.Rig;

/// <summary>
/// The arithmetic between angles of the table and microsteps of its motor. Microsteps in one turn of
/// the table are a fraction; positions are counted without wrapping, so a thousand turns do not drift.
/// </summary>
public sealed class Stepper
{
    private readonly long _microsteps;
    private readonly long _turns;

    /// <param name="fullStepsPerRevolution">Full steps in one turn of the motor.</param>
    /// <param name="microsteps">Microsteps in a full step.</param>
    /// <param name="gear">Turns of the motor over turns of the table.</param>
    public Stepper(int fullStepsPerRevolution, int microsteps, GearRatio gear)
    {
        ArgumentNullException.ThrowIfNull(gear);
        _microsteps = (long)fullStepsPerRevolution * microsteps * gear.Motor;
        _turns = gear.Table;
        CycleMicrosteps = _microsteps / (long)BigInteger.GreatestCommonDivisor(_microsteps, _turns);
    }

    /// <summary>
    /// The microsteps after which table and motor stand to each other as before: the least whole number of turns of the
    /// table that is a whole number of microsteps. Taking any number of them off a count loses nothing.
    /// </summary>
    public long CycleMicrosteps { get; }

    /// <summary>Microsteps in a degree of the table.</summary>
    public double MicrostepsPerDegree => _microsteps / (360.0 * _turns);

    /// <summary>The smallest turn the motor can make, in degrees of the table.</summary>
    public double ResolutionDegrees => 360.0 * _turns / _microsteps;

    /// <summary>The microstep nearest to an angle; the angle is not wrapped, so 720 is two turns on.</summary>
    public long ToMicrosteps(double degrees) => (long)Math.Round(degrees * _microsteps / (360.0 * _turns), MidpointRounding.AwayFromZero);

    /// <summary>The angle of a microstep count, exact up to one rounding.</summary>
    public double ToDegrees(long microsteps)
    {
        // Whole turns are taken out in integers first: far from zero the fraction keeps its precision.
        (BigInteger turns, BigInteger rest) = BigInteger.DivRem((BigInteger)microsteps * _turns, _microsteps);
        return ((double)turns * 360.0) + ((double)rest * 360.0 / _microsteps);
    }

    /// <summary>
    /// The microstep count for stop k of n even stops in a turn; k of n and beyond are the next turns'. Each
    /// is rounded on its own, so the errors of earlier stops never add up.
    /// </summary>
    public long StopMicrosteps(long stop, int stops) =>
        (long)Math.Round((decimal)stop * _microsteps / (_turns * (decimal)stops), MidpointRounding.AwayFromZero);

    /// <summary>The first count at or after another one where a stop of a turn is met: a table that only ever turns on goes there.</summary>
    /// <param name="stop">0 to <paramref name="stops"/> - 1.</param>
    /// <param name="from">Where the table stands, at least 0.</param>
    public long StopOnward(int stop, int stops, long from)
    {
        long turn = (long)((BigInteger)from * _turns / _microsteps);
        long target = StopMicrosteps((turn * stops) + stop, stops);
        return target >= from ? target : StopMicrosteps(((turn + 1) * stops) + stop, stops);
    }
}
