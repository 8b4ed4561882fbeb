namespace DataRig.Rig.Gpio;

/// <summary>What a driver chip asks of its inputs, in nanoseconds, each with some margin over its datasheet for edges rounded by wires.</summary>
/// <param name="Pulse">The shortest high, and the shortest low, of the step input.</param>
/// <param name="DirectionSetup">How long before a step's edge the direction must stand.</param>
/// <param name="Energize">From current on to the first step: the rotor swings into its place, and some chips measure the coils.</param>
internal readonly record struct StepperTimings(long Pulse, long DirectionSetup, long Energize)
{
    public static StepperTimings Of(StepperChip chip) => chip switch
    {
        // A4988 datasheet, figure 1: step high and low 1 us, set-up 200 ns.
        StepperChip.A4988 => new(2_000, 1_000, 20_000_000),

        // DRV8825 datasheet, 6.6: step high and low 1.9 us, set-up 650 ns.
        StepperChip.Drv8825 => new(3_000, 2_000, 20_000_000),

        // TMC2209 datasheet, 13.1: step high and low 100 ns, set-up 20 ns; 6.1: 130 ms of standstill for StealthChop to tune itself.
        StepperChip.Tmc => new(1_000, 1_000, 150_000_000),

        // The optocouplers of TB6600 and DM542 boxes: pulses of 2.2 to 5 us, direction 5 us ahead.
        StepperChip.Boxed => new(10_000, 10_000, 50_000_000),
        _ => throw new ArgumentOutOfRangeException(nameof(chip)),
    };
}
