using DataRig.Core;

namespace DataRig.Rig;

/// <summary>What a person saw the axis do.</summary>
public enum Seen
{
    /// <summary>It turned forward by about the right angle.</summary>
    AsExpected,

    /// <summary>It turned the other way.</summary>
    WrongWay,

    /// <summary>It turned forward by another angle.</summary>
    WrongAngle,

    /// <summary>It hummed, shook or went back and forth.</summary>
    Shook,

    /// <summary>Nothing moved.</summary>
    Nothing,
}

/// <summary>
/// A small move that a person watches, to learn how an axis is wired before anything relies on it: forward, a question, and back.
/// Forward is the table turning counter-clockwise seen from above, and the arm going up.
/// </summary>
/// <param name="axis">Which axis.</param>
/// <param name="options">How it is configured.</param>
public sealed class GuidedMove(Axis axis, AxisOptions options)
{
    private readonly BoardAxis _axis = new(axis, options with
    {
        Home = Homing.Here,
        SpeedDegreesPerSecond = options.SpeedDegreesPerSecond / 4,
        AccelerationDegreesPerSecondSquared = options.AccelerationDegreesPerSecondSquared / 4,
    });

    /// <summary>Switches the current on and turns forward, at a quarter of the configured speed and acceleration.</summary>
    /// <param name="degrees">A small angle that is safe from here, such as 10.</param>
    /// <returns>The microsteps that the board says it made.</returns>
    public async Task<long> ForwardAsync(IBoard board, double degrees, CancellationToken cancel)
    {
        await _axis.HomeAsync(board, 0, cancel).ConfigureAwait(false);
        await _axis.MoveAsync(board, _axis.Stepper.ToMicrosteps(degrees), cancel).ConfigureAwait(false);
        return _axis.At!.Value;
    }

    /// <summary>Turns back to where it began.</summary>
    public Task BackAsync(IBoard board, CancellationToken cancel) => _axis.MoveAsync(board, 0, cancel);

    /// <summary>What to change after what was seen, or null where nothing is to be changed.</summary>
    /// <param name="ordered">The angle that was ordered.</param>
    /// <param name="observed">The angle that was seen, for <see cref="Seen.WrongAngle"/>.</param>
    public string? Advice(Seen seen, double ordered, double observed = 0) => seen switch
    {
        Seen.AsExpected => null,
        Seen.WrongWay => $"Set \"reversed\": {(options.Reversed ? "false" : "true")} for this axis, or swap the two wires of one coil with the power off.",
        Seen.WrongAngle => WrongAngle(ordered, observed),
        Seen.Shook => "A motor that shakes has its coils mixed up, too little current, or too much speed: see that each pair of wires is one coil (a few ohms between them), turn the driver's current up to what the motor's label says, and lower \"speedDegreesPerSecond\" and \"accelerationDegreesPerSecondSquared\".",
        Seen.Nothing => "A motor that holds firmly but does not turn gets no steps: see the wires of step and direction. One that turns freely by hand gets no current: see the motor's own power supply, the enable pin and its active level, and that the driver's SLEEP and RESET are joined.",
        _ => throw new ArgumentOutOfRangeException(nameof(seen)),
    };

    private string WrongAngle(double ordered, double observed)
    {
        double ratio = observed / ordered;
        if (!(ratio > 0))
        {
            return "Measure the angle that it turned and say it in degrees.";
        }

        // A jumper set wrong makes it a power of two; anything else is the gear.
        double power = Math.Log2(ratio);
        int microsteps = (int)Math.Round(options.Microsteps / Math.Pow(2, Math.Round(power)));
        return Math.Abs(power - Math.Round(power)) < 0.15 && microsteps is >= 1 and <= 256 && microsteps != options.Microsteps
            ? $"It turned {ratio:F2} times as far as it should, so the driver makes {microsteps} microsteps of a step, not {options.Microsteps}: set \"microsteps\": {microsteps}, or move the driver's jumpers."
            : $"It turned {ratio:F2} times as far as it should: the \"gearRatio\" is to be about {(double)options.GearRatio.Motor / options.GearRatio.Table / ratio:F3} turns of the motor to one of the table. Count the teeth, or run 'datarig doctor --calibrate' where there is an index switch.";
    }
}
