namespace DataRig.Rig;

/// <summary>
/// A symmetric trapezoid of speed over time: accelerate, cruise, decelerate; a triangle where the way
/// is too short to reach the top speed.
/// </summary>
public sealed class MotionProfile
{
    private readonly double _distance;
    private readonly double _acceleration;
    private readonly double _peak;
    private readonly double _rampSeconds;
    private readonly double _cruiseSeconds;

    /// <param name="distanceDegrees">How far to turn; negative turns back.</param>
    /// <param name="speedDegreesPerSecond">Top speed, above 0.</param>
    /// <param name="accelerationDegreesPerSecondSquared">Above 0.</param>
    public MotionProfile(double distanceDegrees, double speedDegreesPerSecond, double accelerationDegreesPerSecondSquared)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speedDegreesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(accelerationDegreesPerSecondSquared);
        _distance = distanceDegrees;
        _acceleration = accelerationDegreesPerSecondSquared;
        double way = Math.Abs(distanceDegrees);
        _peak = Math.Min(speedDegreesPerSecond, Math.Sqrt(way * _acceleration));
        _rampSeconds = _peak / _acceleration;
        _cruiseSeconds = _peak > 0 ? Math.Max(0, (way - (_peak * _rampSeconds)) / _peak) : 0;
    }

    public TimeSpan Duration => TimeSpan.FromSeconds((2 * _rampSeconds) + _cruiseSeconds);

    /// <summary>Degrees turned a given time after the start; 0 before it and the whole way after the end.</summary>
    public double DegreesAt(TimeSpan elapsed)
    {
        double t = Math.Clamp(elapsed.TotalSeconds, 0, Duration.TotalSeconds);
        double left = Duration.TotalSeconds - t;
        double way = Math.Abs(_distance);
        double turned =
            t < _rampSeconds ? 0.5 * _acceleration * t * t
            : left < _rampSeconds ? way - (0.5 * _acceleration * left * left)
            : (0.5 * _peak * _rampSeconds) + (_peak * (t - _rampSeconds));
        return Math.CopySign(turned, _distance);
    }
}
