namespace DataRig.Rig.Tests;

public sealed class MotionProfileTests
{
    [Fact]
    public void A_long_move_is_a_trapezoid()
    {
        // 90 degrees at 45/s with 90/s^2: half a second up (11.25), 1.5 s at speed (67.5), half a second down.
        MotionProfile motion = new(90, 45, 90);

        Assert.Equal(2.5, motion.Duration.TotalSeconds, 6);
        Assert.Equal(11.25, motion.DegreesAt(TimeSpan.FromSeconds(0.5)), 6);
        Assert.Equal(45, motion.DegreesAt(TimeSpan.FromSeconds(1.25)), 6);
        Assert.Equal(78.75, motion.DegreesAt(TimeSpan.FromSeconds(2)), 6);
        Assert.Equal(90, motion.DegreesAt(TimeSpan.FromSeconds(9)), 6);
    }

    [Fact]
    public void A_short_move_never_reaches_the_top_speed()
    {
        MotionProfile motion = new(10, 1000, 10);

        Assert.Equal(2, motion.Duration.TotalSeconds, 6);
        Assert.Equal(5, motion.DegreesAt(TimeSpan.FromSeconds(1)), 6);
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(0)]
    [InlineData(200)]
    public void It_ends_where_it_should_and_never_overshoots(double degrees)
    {
        MotionProfile motion = new(degrees, 50, 80);
        double before = 0;
        for (int i = 0; i <= 100; i++)
        {
            double at = Math.Abs(motion.DegreesAt(motion.Duration * (i / 100.0)));
            Assert.True(at >= before - 1e-9);
            before = at;
        }

        Assert.Equal(Math.Abs(degrees), before, 6);
    }
}
