namespace DataRig.Rig.Gpio;

/// <summary>
/// The shortest times between steps that a motor follows. Its height is how many intervals lie behind since standstill: each may
/// be one higher than the last, up to the top speed, and from any height as many steps lead down to a stop. The intervals are those of
/// constant acceleration, x = a t^2 / 2, with the steps at x = 1/2, 3/2, 5/2...
/// </summary>
internal sealed class StepRamp
{
    private readonly double _scale;
    private readonly double _shortest;

    /// <param name="stepsPerSecond">Top speed, above 0.</param>
    /// <param name="stepsPerSecondSquared">Acceleration, above 0.</param>
    /// <param name="shortestNanoseconds">What the driver chip needs between two steps whatever the speed.</param>
    public StepRamp(double stepsPerSecond, double stepsPerSecondSquared, long shortestNanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepsPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepsPerSecondSquared);
        _shortest = Math.Max(1e9 / stepsPerSecond, shortestNanoseconds);
        _scale = 1e9 * Math.Sqrt(2 / stepsPerSecondSquared);
        Lead = (long)Math.Ceiling(Math.Max(_shortest, 1e9 / Math.Sqrt(stepsPerSecondSquared)));
        Top = Climb(_shortest);
    }

    /// <summary>The time from standstill to the first step, and from the last one to standstill, in nanoseconds.</summary>
    public long Lead { get; }

    /// <summary>The height at which the top speed is reached.</summary>
    public long Top { get; }

    /// <summary>The shortest time to the next step, in nanoseconds.</summary>
    /// <param name="height">At least 0.</param>
    public long Interval(long height) =>
        // sqrt(2/a) (sqrt(h + 3/2) - sqrt(h + 1/2)), written so that nothing cancels.
        (long)Math.Ceiling(Math.Max(_shortest, _scale / (Math.Sqrt(height + 1.5) + Math.Sqrt(height + 0.5))));

    /// <summary>The height of a motor that took a given time for its last step: the lowest whose interval is no longer.</summary>
    public long HeightAfter(long nanoseconds) => Math.Min(Top, Climb(nanoseconds));

    private long Climb(double nanoseconds)
    {
        // With s = sqrt(h + 3/2) + sqrt(h + 1/2), and 1/s their difference, sqrt(h + 3/2) = (s + 1/s) / 2.
        double s = _scale / nanoseconds, root = (s + (1 / s)) / 2;
        return s * s <= 1 ? 0 : Math.Max(0, (long)Math.Ceiling((root * root) - 1.5));
    }
}
