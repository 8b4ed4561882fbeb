using DataRig.Core;
using DataRig.Rig.Simulation;

namespace DataRig.Rig.Tests.Simulation;

public sealed class SimulatedTurntableTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SimulatedTurntableOptions Options = new() { SpeedDegreesPerSecond = 45, AccelerationDegreesPerSecondSquared = 90, SettleMs = 300 };

    [Fact]
    public async Task A_move_takes_the_motors_time_on_the_virtual_clock_only()
    {
        VirtualTime time = new(Start);
        SimulatedTurntable table = new(Options, new Seed(1), time);
        await table.HomeAsync(default);

        TablePosition position = await table.MoveToStopAsync(1, 4, default);

        Assert.Equal(90, position.AzimuthDegrees, 9);
        Assert.Equal(2.5 + 0.3, (position.SettledAt - Start).TotalSeconds, 2);
    }

    [Fact]
    public async Task The_table_lands_near_the_stop_but_not_exactly_on_it()
    {
        VirtualTime time = new(Start);
        SimulatedTurntable table = new(Options, new Seed(1), time);
        double worst = 0;
        for (int stop = 0; stop < 16; stop++)
        {
            TablePosition position = await table.MoveToStopAsync(stop, 16, default);
            worst = Math.Max(worst, Math.Abs(Angle.Difference(position.AzimuthDegrees, table.ActualDegrees)));
        }

        Assert.InRange(worst, 1e-4, 5 * Options.PositionErrorDegrees);
    }

    [Fact]
    public async Task A_table_that_has_not_settled_is_still_swinging()
    {
        VirtualTime time = new(Start);
        SimulatedTurntable table = new(Options with { SettleMs = 10, PositionErrorDegrees = 0 }, new Seed(1), time);

        TablePosition position = await table.MoveToStopAsync(1, 4, default);

        Assert.InRange(Math.Abs(table.ActualDegrees - position.AzimuthDegrees), 0.1, Options.SwingDegrees);
    }

    [Fact]
    public async Task The_same_stop_is_met_alike_after_any_history()
    {
        VirtualTime time = new(Start);
        SimulatedTurntable whole = new(Options, new Seed(5), time), resumed = new(Options, new Seed(5), time);
        for (int stop = 0; stop < 12; stop++)
        {
            await whole.MoveToStopAsync(stop, 12, default);
        }

        await whole.MoveToStopAsync(7, 12, default);
        await resumed.MoveToStopAsync(7, 12, default);

        Assert.Equal(whole.ActualDegrees, resumed.ActualDegrees);
    }

    [Fact]
    public async Task It_only_ever_turns_forward()
    {
        SimulatedTurntable table = new(Options with { GearRatio = new GearRatio(20, 3) }, new Seed(5), new VirtualTime(Start));
        long before = -1;
        foreach (int stop in new[] { 0, 3, 1, 6, 0, 2 })
        {
            TablePosition position = await table.MoveToStopAsync(stop, 7, default);
            Assert.True(position.Microsteps > before);
            before = position.Microsteps;
        }
    }
}
