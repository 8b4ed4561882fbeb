using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace DataRig.Rig;

/// <summary>How the table turns. The driver is chosen by <c>"driver"</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "driver")]
[JsonDerivedType(typeof(SimulatedTurntableOptions), "simulated")]
public abstract record TurntableOptions
{
    /// <summary>Full steps of the motor in one turn of its shaft; 200 for a 1.8 degree motor.</summary>
    [Range(1, 100_000)]
    public int FullStepsPerRevolution { get; init; } = 200;

    /// <summary>Microsteps in a full step, as the driver's jumpers set it.</summary>
    [Range(1, 256)]
    public int Microsteps { get; init; } = 16;

    /// <summary>Turns of the motor for one turn of the table: [motor, table] teeth or turns, such as [20, 3].</summary>
    public GearRatio GearRatio { get; init; } = new(1, 1);

    /// <summary>Top speed of the table.</summary>
    [Range(0.01, 3600)]
    public double SpeedDegreesPerSecond { get; init; } = 90;

    [Range(0.01, 36_000)]
    public double AccelerationDegreesPerSecondSquared { get; init; } = 180;

    /// <summary>The wait after the last step before the table counts as still.</summary>
    [Range(0, 60_000)]
    public int SettleMs { get; init; } = 250;

    /// <summary>The motor and gear as arithmetic.</summary>
    public Stepper Stepper() => new(FullStepsPerRevolution, Microsteps, GearRatio);
}

/// <summary>The digital twin's turntable: the same kinematics without the motor.</summary>
public sealed record SimulatedTurntableOptions : TurntableOptions
{
    /// <summary>How far a real table lands from the step it was sent to; drawn per stop, standard deviation.</summary>
    [Range(0, 5)]
    public double PositionErrorDegrees { get; init; } = 0.05;

    /// <summary>How far the table swings when it stops, before it settles.</summary>
    [Range(0, 5)]
    public double SwingDegrees { get; init; } = 0.4;
}
