using CsCheck;
using DataRig.Rig.Gpio;

namespace DataRig.Rig.Tests.Gpio;

public sealed class StepRampTests
{
    private static readonly Gen<StepRamp> Ramps = Gen.Select(Gen.Double[1, 200_000], Gen.Double[1, 2_000_000], (v, a) => new StepRamp(v, a, 0));

    [Fact]
    public void Neither_speed_nor_acceleration_ever_exceed_what_was_asked() =>
        Gen.Select(Gen.Double[1, 200_000], Gen.Double[1, 2_000_000], Gen.Long[0, 100_000]).Sample((v, a, height) =>
        {
            StepRamp ramp = new(v, a, 0);
            double first = ramp.Interval(height) / 1e9, second = ramp.Interval(height + 1) / 1e9;
            Assert.True(1 / first <= v * (1 + 1e-9));
            double acceleration = ((1 / second) - (1 / first)) / ((first + second) / 2);
            double rounding = 2e-9 / (second * second) / first; // what a nanosecond of each interval is worth
            Assert.True(acceleration <= (a * (1 + 1e-6)) + rounding, $"{acceleration} of {a}");
        });

    [Fact]
    public void It_takes_the_time_of_constant_acceleration() =>
        Ramps.Sample(ramp =>
        {
            // Up to any height below the top the intervals add up to the time that half a t^2 asks for: nothing is given away.
            long height = Math.Min(ramp.Top, 1000);
            double sum = ramp.Lead;
            for (long h = 0; h < height; h++)
            {
                sum += ramp.Interval(h);
            }

            double expected = ramp.Lead * Math.Sqrt((2 * height) + 1);
            Assert.True(ramp.Top == 0 || Math.Abs(sum - expected) <= height + 1 + (expected * 1e-9), $"{sum} for {expected}");
        });

    [Fact]
    public void The_height_after_an_interval_is_the_lowest_that_is_no_slower() =>
        Gen.Select(Ramps, Gen.Long[0, 50_000]).Sample((ramp, height) =>
        {
            long at = Math.Min(height, ramp.Top), took = ramp.Interval(at);
            long found = ramp.HeightAfter(took);
            Assert.True(ramp.Interval(found) <= took + 1);
            Assert.True(found == 0 || ramp.Interval(found - 1) >= took - 1);
            Assert.Equal(0, ramp.HeightAfter(long.MaxValue));
        });

    [Fact]
    public void The_top_is_where_the_speed_is_reached() =>
        Gen.Select(Gen.Double[1, 200_000], Gen.Double[1, 2_000_000]).Sample((v, a) =>
            Assert.InRange(new StepRamp(v, a, 0).Top, Math.Max(0, (v * v / (2 * a)) - 1.01), (v * v / (2 * a)) + 1.01));

    [Fact]
    public void A_chip_that_cannot_follow_slows_it() => Assert.Equal(20_000, new StepRamp(1_000_000, 1e9, 20_000).Interval(100_000));
}
