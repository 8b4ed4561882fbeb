namespace DataRig.Rig.Tests;

public sealed class StepperTests
{
    [Fact]
    public void A_direct_drive_counts_its_microsteps()
    {
        Stepper stepper = new(200, 16, new GearRatio(1, 1));

        Assert.Equal(3200, stepper.StopMicrosteps(1, 1));
        Assert.Equal(800, stepper.ToMicrosteps(90));
        Assert.Equal(0.1125, stepper.ResolutionDegrees, 12);
        Assert.Equal(90, stepper.ToDegrees(800));
    }

    [Fact]
    public void A_gear_with_a_fractional_step_count_does_not_drift_over_a_thousand_turns()
    {
        // 200 x 16 x 20/3 = 21333.3 microsteps a turn: rounding each turn would lose 333 steps in a thousand.
        Stepper stepper = new(200, 16, new GearRatio(20, 3));

        long thousandTurns = stepper.StopMicrosteps(7 * 1000, 7);

        Assert.Equal(21_333_333, thousandTurns);
        Assert.Equal(360_000, stepper.ToDegrees(thousandTurns), stepper.ResolutionDegrees);
    }

    [Theory]
    [InlineData(62)]
    [InlineData(7)]
    [InlineData(3600)]
    public void Stops_are_as_even_as_the_motor_allows(int stops)
    {
        Stepper stepper = new(200, 16, new GearRatio(20, 3));

        for (int stop = 0; stop < stops; stop++)
        {
            double reached = stepper.ToDegrees(stepper.StopMicrosteps(stop, stops));
            Assert.InRange(reached - (stop * 360.0 / stops), -stepper.ResolutionDegrees / 2 - 1e-9, stepper.ResolutionDegrees / 2 + 1e-9);
        }
    }
}
