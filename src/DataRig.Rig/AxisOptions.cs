using System.ComponentModel.DataAnnotations;

namespace DataRig.Rig;

/// <summary>How an axis finds its zero.</summary>
public enum Homing
{
    /// <summary>Zero is where the axis stands when homed; a person has put it there.</summary>
    Here,

    /// <summary>Zero is where the axis meets its switch.</summary>
    Switch,
}

/// <summary>A stepper motor, its gear and how it is moved: what the turntable and the elevation arm have in common.</summary>
public abstract record AxisOptions
{
    /// <summary>Full steps of the motor in one turn of its shaft; 200 for a 1.8 degree motor.</summary>
    [Range(1, 100_000)]
    public int FullStepsPerRevolution { get; init; } = 200;

    /// <summary>Microsteps in a full step, as the driver's jumpers set it.</summary>
    [Range(1, 256)]
    public int Microsteps { get; init; } = 16;

    /// <summary>Turns of the motor for one turn of the table: [motor, table] teeth or turns, such as [20, 3].</summary>
    public GearRatio GearRatio { get; init; } = new(1, 1);

    /// <summary>Top speed of the table, not of the motor.</summary>
    [Range(0.01, 3600)]
    public double SpeedDegreesPerSecond { get; init; } = 90;

    [Range(0.01, 36_000)]
    public double AccelerationDegreesPerSecondSquared { get; init; } = 180;

    /// <summary>The wait after the last step before the table counts as still.</summary>
    [Range(0, 60_000)]
    public int SettleMs { get; init; } = 250;

    /// <summary>Whether the motor is wired or geared the other way round, so that its forward turns the table back.</summary>
    public bool Reversed { get; init; }

    /// <summary>The play of the gear, in degrees of the table; every position is then arrived at from the same side.</summary>
    [Range(0, 20)]
    public double BacklashDegrees { get; init; }

    /// <summary>Whether zero is the place of a switch, or wherever the axis stands when it is homed.</summary>
    public Homing Home { get; init; } = Homing.Here;

    /// <summary>The motor and gear as arithmetic.</summary>
    public Stepper Stepper() => new(FullStepsPerRevolution, Microsteps, GearRatio);
}
