using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace DataRig.Rig;

/// <summary>How the table turns. The driver is chosen by <c>"driver"</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "driver")]
[JsonDerivedType(typeof(SimulatedTurntableOptions), "simulated")]
[JsonDerivedType(typeof(SerialTurntableOptions), "serial")]
[JsonDerivedType(typeof(GpioTurntableOptions), "gpio")]
public abstract record TurntableOptions : AxisOptions;

/// <summary>A turntable whose motor hangs on a board, whichever way that is reached.</summary>
public abstract record BoardTurntableOptions : TurntableOptions
{
    /// <summary>The arm that lifts the camera, where the rig has one.</summary>
    public ElevationOptions? Elevation { get; init; }
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
