using System.ComponentModel.DataAnnotations;
using DataRig.Core.Configuration;

namespace DataRig.Rig;

/// <summary>
/// A turntable whose stepper driver hangs on this computer's own pins, as on a Raspberry Pi. Pins are named by their GPIO
/// number (BCM), not by their place on the header.
/// </summary>
public sealed record GpioTurntableOptions : BoardTurntableOptions, IValidatedOptions
{
    /// <summary>The pins of the table's motor.</summary>
    public required GpioMotorOptions Motor { get; init; }

    /// <summary>The pins of the elevation arm's motor, where there is one.</summary>
    public GpioMotorOptions? ElevationMotor { get; init; }

    /// <summary>Lights on pins, the first of them channel 0.</summary>
    public IReadOnlyList<GpioLightOptions> Lights { get; init; } = [];

    /// <summary>The number in <c>/dev/gpiochipN</c>; by default the chip of the 40-pin header is found by its label.</summary>
    [Range(0, 255)]
    public int? GpioChip { get; init; }

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (Elevation is null != ElevationMotor is null)
        {
            yield return (Elevation is null ? "elevationMotor" : "elevation", "an elevation arm needs both: \"elevation\" says how it moves, \"elevationMotor\" which pins it hangs on");
        }

        if (Home == Homing.Switch && Motor.SwitchPin is null)
        {
            yield return ("home", "homing by the switch needs the switch's pin: set \"switchPin\" under \"motor\", or \"home\" to \"here\"");
        }

        if (Elevation is { Home: Homing.Switch } && ElevationMotor is { SwitchPin: null })
        {
            yield return ("elevation", "homing the arm by its switch needs the switch's pin: set \"switchPin\" under \"elevationMotor\", or \"home\" to \"here\"");
        }

        int[] pins = [.. Motor.Pins(), .. ElevationMotor?.Pins() ?? [], .. Lights.Select(l => l.Pin).OfType<int>()];
        foreach (int twice in pins.GroupBy(p => p).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return ("", $"GPIO {twice} is used twice; each wire has a pin of its own");
        }

        foreach (GpioLightOptions light in Lights)
        {
            if (light.Pin is null == light.PwmChannel is null)
            {
                yield return ("lights", "each light has either a \"pin\" that is switched, or a \"pwmChannel\" that is dimmed");
            }
        }
    }
}

/// <summary>The chip that drives the motor's coils; it decides how short the pulses may be.</summary>
public enum StepperChip
{
    /// <summary>Allegro A4988, the red or green stick.</summary>
    A4988,

    /// <summary>Texas Instruments DRV8825, the purple stick.</summary>
    Drv8825,

    /// <summary>Trinamic TMC2100, 2208, 2209 or 2225 with step and direction pins.</summary>
    Tmc,

    /// <summary>A boxed driver behind optocouplers: TB6600, DM542 and the like.</summary>
    Boxed,
}

/// <summary>How one motor is wired.</summary>
public sealed record GpioMotorOptions
{
    /// <summary>A microstep at each rising edge.</summary>
    [Range(0, 511)]
    public required int StepPin { get; init; }

    /// <summary>High turns forward, unless the axis is <c>reversed</c>.</summary>
    [Range(0, 511)]
    public required int DirectionPin { get; init; }

    /// <summary>Switches the coils' current; without it the driver is always on.</summary>
    [Range(0, 511)]
    public int? EnablePin { get; init; }

    /// <summary>Whether a low level switches the current on, as it does on the usual drivers.</summary>
    public bool EnableActiveLow { get; init; } = true;

    public StepperChip Chip { get; init; } = StepperChip.A4988;

    /// <summary>The index or end switch, where there is one.</summary>
    [Range(0, 511)]
    public int? SwitchPin { get; init; }

    /// <summary>Whether the switch pulls its pin low where it is met, as a switch to ground does.</summary>
    public bool SwitchActiveLow { get; init; } = true;

    /// <summary>Whether the computer's own resistor (about 50 kilohms) holds the pin at the level of an open switch.</summary>
    public bool SwitchPull { get; init; } = true;

    /// <summary>The pins that it takes.</summary>
    internal IEnumerable<int> Pins() => new[] { StepPin, DirectionPin, EnablePin, SwitchPin }.OfType<int>();
}

/// <summary>A light behind a transistor: on a pin, switched; or on a hardware PWM channel, dimmed.</summary>
public sealed record GpioLightOptions
{
    /// <summary>A pin that is on or off.</summary>
    [Range(0, 511)]
    public int? Pin { get; init; }

    /// <summary>Whether a low level lights it.</summary>
    public bool ActiveLow { get; init; }

    /// <summary>A channel of <c>/sys/class/pwm/pwmchipN</c>; it needs <c>dtoverlay=pwm</c> in <c>config.txt</c>.</summary>
    [Range(0, 15)]
    public int? PwmChannel { get; init; }

    [Range(0, 15)]
    public int PwmChip { get; init; }

    /// <summary>Fast enough that no exposure catches part of a period.</summary>
    [Range(50, 100_000)]
    public int PwmHertz { get; init; } = 10_000;
}
