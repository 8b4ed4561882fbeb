using System.Device.Gpio;
using System.Device.Pwm;
using CsCheck;
using DataRig.Core;
using DataRig.Rig.Gpio;

namespace DataRig.Rig.Tests.Gpio;

public sealed class GpioBoardTests
{
    private static readonly GpioMotorOptions Motor = new() { StepPin = RecordingDriver.StepPin, DirectionPin = RecordingDriver.DirectionPin, EnablePin = RecordingDriver.EnablePin };
    private static readonly GpioTurntableOptions Options = new() { Motor = Motor };

    private static BoardMove To(long target, double speed = 5_000, double acceleration = 20_000) => new(Axis.Table, target, speed, acceleration);

    private static async Task<GpioBoard> HeldAsync(RecordingDriver driver, VirtualStepClock clock, GpioTurntableOptions? options = null)
    {
        GpioBoard board = new(driver, "test pins", options ?? Options, clock);
        await board.HoldAsync(true, default);
        await board.SetPositionAsync(Axis.Table, 0, default);
        return board;
    }

    [Fact]
    public void Every_move_makes_its_steps_symmetrically_and_within_speed_and_acceleration() =>
        Gen.Select(Gen.Double[10, 50_000], Gen.Double[10, 500_000], Gen.Int[1, 2_000]).Sample(
            (speed, acceleration, steps) =>
            {
                VirtualStepClock clock = new();
                RecordingDriver driver = new(clock);
                using PinBoard pins = new(driver);
                GpioMotor motor = new(Motor, 16, pins, clock);
                motor.Step(-steps, motor.Ramp(speed, acceleration), null, default);

                Assert.Equal(-steps, driver.Shaft);
                Assert.Equal(-steps, motor.Count);
                IReadOnlyList<long> intervals = driver.Intervals();
                Assert.Equal(steps - 1, intervals.Count);
                Assert.Equal(intervals, intervals.Reverse());
                Assert.All(intervals, i => Assert.True(i >= (1e9 / speed) - 1e-3));
                for (int i = 1; i < intervals.Count; i++)
                {
                    double a = intervals[i - 1] / 1e9, b = intervals[i] / 1e9;
                    double rounding = 2e-9 / (Math.Min(a, b) * Math.Min(a, b)) / Math.Max(a, b);
                    Assert.True(Math.Abs((1 / b) - (1 / a)) / ((a + b) / 2) <= (acceleration * (1 + 1e-6)) + rounding);
                }
            });

    [Theory]
    [InlineData(StepperChip.A4988)]
    [InlineData(StepperChip.Drv8825)]
    [InlineData(StepperChip.Tmc)]
    [InlineData(StepperChip.Boxed)]
    public void Whatever_holds_it_up_no_interval_is_shorter_than_the_ramp_allows(StepperChip chip) =>
        Gen.Select(Gen.ULong, Gen.Double[100, 20_000], Gen.Double[100, 200_000], Gen.Int[1, 500], Gen.Int[0, 2]).Sample(
            (seed, speed, acceleration, steps, busy) =>
            {
                VirtualStepClock clock = new(new Seed(seed), busy switch { 0 => 0.0005, 1 => 0.005, _ => 0.1 });
                RecordingDriver driver = new(clock);
                using PinBoard pins = new(driver);
                int microsteps = 1 << (int)(seed % 6);
                GpioMotor motor = new(Motor with { Chip = chip }, microsteps, pins, clock);
                StepperTimings timings = StepperTimings.Of(chip);
                StepRamp ramp = motor.Ramp(speed, acceleration);
                motor.Step(steps, ramp, null, default);

                Assert.Equal(steps, driver.Shaft);
                IReadOnlyList<long> took = driver.Intervals();
                for (int i = 0; i < took.Count; i++)
                {
                    Assert.True(took[i] >= ramp.Interval(Math.Min(i, steps - 2 - i)), $"interval {i} of {steps - 1}");

                    // After a hold-up the motor is slow, whatever the plan was: it may only gain speed as the ramp does, from no more
                    // speed than the lateness that it rides over leaves it.
                    Assert.True(i == 0 || took[i] >= ramp.Interval(ramp.HeightAfter((long)(took[i - 1] / GpioMotor.RidesOver(microsteps))) + 1), $"interval {i}: {took[Math.Max(0, i - 1)]}, {took[i]}");
                }

                Edge[] pulses = [.. driver.Edges.Where(e => e.Pin == RecordingDriver.StepPin)];
                Assert.All(pulses.Skip(1).Zip(pulses, (b, a) => b.At - a.At), width => Assert.True(width >= timings.Pulse));
                Assert.True(driver.Steps()[0] - driver.Edges.Last(e => e.Pin == RecordingDriver.DirectionPin).At >= timings.DirectionSetup);
            });

    [Fact]
    public async Task A_move_there_and_back_ends_where_it_began()
    {
        VirtualStepClock clock = new(new Seed(3), 0.01);
        RecordingDriver driver = new(clock);
        await using GpioBoard board = await HeldAsync(driver, clock);

        Assert.Equal(700, await board.MoveAsync(To(700), default));
        Assert.Equal(700, driver.Shaft);
        Assert.Equal(-40, await board.MoveAsync(To(-40), default));
        Assert.Equal(-40, driver.Shaft);
        Assert.Equal(-40, await board.MoveAsync(To(-40), default)); // the same move twice ends in the same place
        Assert.Equal(740 + 700, driver.Steps().Count);
        foreach (Edge turn in driver.Edges.Where(e => e.Pin == RecordingDriver.DirectionPin).Skip(1))
        {
            Assert.True(driver.Steps().First(s => s > turn.At) - turn.At >= 1_000);
            Assert.True(turn.At - driver.Steps().LastOrDefault(s => s < turn.At) >= 1_000_000, "the motor stands before it turns back");
        }
    }

    [Fact]
    public async Task Current_comes_first_and_goes_when_it_ends()
    {
        VirtualStepClock clock = new();
        RecordingDriver driver = new(clock);
        GpioBoard board = await HeldAsync(driver, clock);
        await board.MoveAsync(To(10), default);
        long on = driver.Edges.Single(e => e.Pin == RecordingDriver.EnablePin && !e.High).At;
        Assert.True(driver.Steps()[0] - on >= 20_000_000);

        await board.DisposeAsync();

        Assert.True(driver.Level(RecordingDriver.EnablePin));
        Assert.True(driver.Disposed);
    }

    [Fact]
    public async Task A_motor_that_was_free_to_turn_is_nowhere()
    {
        VirtualStepClock clock = new();
        RecordingDriver driver = new(clock);
        await using GpioBoard board = await HeldAsync(driver, clock);
        await board.HoldAsync(false, default);
        await board.HoldAsync(true, default);

        await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(To(10), default));
        Assert.Empty(driver.Steps());
        await board.SetPositionAsync(Axis.Table, 5, default);
        Assert.Equal(10, await board.MoveAsync(To(10), default));
        Assert.Equal(5, driver.Shaft);
    }

    [Fact]
    public async Task A_cancelled_move_runs_down_its_ramp_and_stays_counted()
    {
        VirtualStepClock clock = new();
        RecordingDriver driver = new(clock);
        await using GpioBoard board = await HeldAsync(driver, clock);
        using CancellationTokenSource cancel = new();
        int writes = 0;
        driver.OnWrite = pin =>
        {
            if (pin == RecordingDriver.StepPin && ++writes == 600)
            {
                cancel.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => board.MoveAsync(To(100_000), cancel.Token));

        StepRamp ramp = new(5_000, 20_000, 0);
        IReadOnlyList<long> intervals = driver.Intervals();
        Assert.InRange(driver.Shaft, 500, 700);
        Assert.Equal(intervals, intervals.Reverse()); // it had reached no top speed: down as up
        Assert.Equal(ramp.Interval(0), intervals[^1]);
        Assert.Equal(0, await board.MoveAsync(To(0), default));
        Assert.Equal(0, driver.Shaft);
    }

    [Theory]
    [InlineData(0, 300)]     // before the switch
    [InlineData(1_100, 300)] // on it
    [InlineData(1_350, 300)] // just past it
    [InlineData(0, 3)]       // a flag so narrow that the motor runs past it
    [InlineData(2_900, 3)]
    [InlineData(0, 30)]      // a flag narrower than the play: backing off lands on it
    public async Task Homing_always_ends_on_the_same_step(long start, int width)
    {
        foreach (long play in new long[] { 0, 7, 40 })
        {
            VirtualStepClock clock = new(new Seed(5), 0.001);
            RecordingDriver driver = new(clock) { Shaft = start, Load = start, Play = play, Switch = at => Mod(at - 1_000, 3_200) < width };
            await using GpioBoard board = new(driver, "test pins", Options with { Motor = Motor with { SwitchPin = RecordingDriver.SwitchPin } }, clock);
            Assert.True(board.Identity.HasIndexSwitch);
            Assert.Equal(PinMode.InputPullUp, driver.Mode(RecordingDriver.SwitchPin));

            Assert.Equal(0, await board.HomeAsync(To(3_400, 2_000, 10_000), default));

            Assert.Equal(0, Mod(driver.Load - 1_000, 3_200));
            Assert.Equal(driver.Load, driver.Shaft - play); // on the forward flank
            Assert.True(await board.ReadSwitchAsync(Axis.Table, default));
            Assert.Equal(-50, await board.MoveAsync(To(-50), default));
        }
    }

    [Fact]
    public async Task Homing_backwards_with_a_switch_that_opens_where_it_is_met()
    {
        VirtualStepClock clock = new();
        RecordingDriver driver = new(clock) { Shaft = 500, Load = 500, Switch = at => at <= 20, SwitchActiveLow = false };
        await using GpioBoard board = new(driver, "test pins", Options with { Motor = Motor with { SwitchPin = RecordingDriver.SwitchPin, SwitchActiveLow = false } }, clock);

        await board.HomeAsync(To(-1_000), default);

        Assert.Equal(20, driver.Load);
        Assert.Equal(PinMode.InputPullDown, driver.Mode(RecordingDriver.SwitchPin));
    }

    [Theory]
    [InlineData(false, "was not met")]
    [InlineData(true, "stays closed")]
    public async Task A_switch_that_never_changes_ends_the_search_with_a_sentence(bool level, string sentence)
    {
        VirtualStepClock clock = new();
        RecordingDriver driver = new(clock) { Switch = _ => level };
        await using GpioBoard board = new(driver, "test pins", Options with { Motor = Motor with { SwitchPin = RecordingDriver.SwitchPin } }, clock);

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => board.HomeAsync(To(1_000), default));

        Assert.Contains(sentence, lost.Message);
        Assert.Contains("GPIO 26", lost.Message);
        Assert.Equal(1_000, driver.Steps().Count);
        await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(To(10), default));
    }

    [Fact]
    public async Task Sparks_on_the_switchs_wire_are_not_the_switch()
    {
        VirtualStepClock clock = new();
        int reads = 0;
        RecordingDriver driver = new(clock);
        driver.Switch = at => Mod(at - 1_000, 3_200) < 100 || ++reads % 37 == 0;
        await using GpioBoard board = new(driver, "test pins", Options with { Motor = Motor with { SwitchPin = RecordingDriver.SwitchPin } }, clock);

        await board.HomeAsync(To(3_400), default);

        Assert.Equal(1_000, driver.Load);
    }

    [Fact]
    public async Task A_board_without_a_switch_says_which_pin_to_set()
    {
        VirtualStepClock clock = new();
        await using GpioBoard board = await HeldAsync(new RecordingDriver(clock), clock);

        Assert.Contains("\"switchPin\"", (await Assert.ThrowsAsync<WorkFailedException>(() => board.HomeAsync(To(100), default))).Message);
        Assert.Contains("\"switchPin\"", (await Assert.ThrowsAsync<WorkFailedException>(() => board.ReadSwitchAsync(Axis.Table, default))).Message);
        Assert.Contains("\"elevationMotor\"", (await Assert.ThrowsAsync<WorkFailedException>(() => board.SetPositionAsync(Axis.Elevation, 0, default))).Message);
    }

    [Fact]
    public void A_busy_pin_is_named_and_the_others_are_given_back()
    {
        VirtualStepClock clock = new();
        RecordingDriver driver = new(clock) { OnOpen = pin => _ = pin == RecordingDriver.DirectionPin ? throw new IOException("Device or resource busy") : 0 };

        WorkFailedException busy = Assert.Throws<WorkFailedException>(() => new GpioBoard(driver, "test pins", Options, clock));

        Assert.Contains("GPIO 21 cannot be used for \"direction\" (Device or resource busy)", busy.Message);
        Assert.True(driver.Disposed);
    }

    [Fact]
    public async Task Pins_that_fail_in_the_middle_of_a_move_are_a_lost_link()
    {
        VirtualStepClock clock = new();
        RecordingDriver driver = new(clock);
        await using GpioBoard board = await HeldAsync(driver, clock);
        int writes = 0;
        driver.OnWrite = pin => _ = pin == RecordingDriver.StepPin && ++writes is > 20 and < 25 ? throw new IOException("No such device") : 0;

        await Assert.ThrowsAsync<LinkLostException>(() => board.MoveAsync(To(100), default));
        await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(To(100), default));
    }

    [Fact]
    public async Task One_dead_pin_does_not_keep_the_others_on()
    {
        VirtualStepClock clock = new();
        RecordingDriver driver = new(clock);
        GpioBoard board = await HeldAsync(driver, clock, Options with { Lights = [new() { Pin = RecordingDriver.LightPin }] });
        await board.SetLightAsync(0, 1, default);
        driver.OnWrite = pin => _ = pin == RecordingDriver.EnablePin ? throw new IOException("No such device") : 0;

        await board.DisposeAsync();
        await board.DisposeAsync();

        Assert.False(driver.Level(RecordingDriver.LightPin));
        Assert.True(driver.Disposed);
    }

    [Fact]
    public async Task A_motor_that_runs_when_its_board_is_disposed_is_brought_to_a_stand_first()
    {
        VirtualStepClock clock = new();
        RecordingDriver driver = new(clock);
        GpioBoard board = await HeldAsync(driver, clock);
        TaskCompletionSource running = new();
        using ManualResetEventSlim go = new();
        int writes = 0;
        driver.OnWrite = pin =>
        {
            if (pin == RecordingDriver.StepPin && ++writes == 400)
            {
                running.SetResult();
                go.Wait();
            }
        };
        Task<long> move = board.MoveAsync(To(1_000_000), default);
        await running.Task;
        Task closing = board.DisposeAsync().AsTask();
        go.Set();
        await closing;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move);
        Assert.Equal(new StepRamp(5_000, 20_000, 0).Interval(0), driver.Intervals()[^1]);
        Assert.True(driver.Level(RecordingDriver.EnablePin));
    }

    [Fact]
    public async Task Lights_on_pins_switch_and_lights_on_pwm_dim()
    {
        VirtualStepClock clock = new();
        RecordingDriver driver = new(clock);
        FakePwm pwm = new();
        GpioBoard board = new(driver, "test pins", Options with { Lights = [new() { Pin = RecordingDriver.LightPin }, new() { PwmChannel = 0 }] }, clock, _ => pwm);
        Assert.Equal(2, board.Identity.LightChannels);
        Assert.False(driver.Level(RecordingDriver.LightPin));

        await board.SetLightAsync(0, 1, default);
        await board.SetLightAsync(1, 0.3, default);
        Assert.True(driver.Level(RecordingDriver.LightPin));
        Assert.Equal(0.3, pwm.DutyCycle);
        Assert.Contains("only on or off", (await Assert.ThrowsAsync<WorkFailedException>(() => board.SetLightAsync(0, 0.5, default))).Message);
        Assert.Contains("channel 2", (await Assert.ThrowsAsync<WorkFailedException>(() => board.SetLightAsync(2, 1, default))).Message);

        await board.DisposeAsync();
        Assert.False(driver.Level(RecordingDriver.LightPin));
        Assert.Equal(0, pwm.DutyCycle);
    }

    [Fact]
    public async Task A_whole_turntable_on_pins_proves_its_stops()
    {
        VirtualStepClock clock = new(new Seed(9), 0.0005);
        RecordingDriver driver = new(clock) { Shaft = 700, Load = 700, Play = 20, Switch = at => Mod(at, 3_200) < 150 };
        GpioTurntableOptions options = Options with { Home = Homing.Switch, BacklashDegrees = 3, Motor = Motor with { SwitchPin = RecordingDriver.SwitchPin } };
        await using BoardConnection connection = new(_ => Task.FromResult<IBoard>(new GpioBoard(driver, "test pins", options, clock)));
        await using BoardTurntable table = new(connection, options, new Rig.Simulation.VirtualTime(DateTimeOffset.UnixEpoch));
        await table.HomeAsync(default);

        for (int stop = 0; stop < 5; stop++)
        {
            TablePosition position = await table.MoveToStopAsync(stop, 4, default);
            Assert.Equal(stop % 4 * 90, position.AzimuthDegrees, 9);
            Assert.Equal(stop * 800, Mod(driver.Load, 3_200) + (stop / 4 * 3_200));
        }
    }

    private static long Mod(long value, long turn) => ((value % turn) + turn) % turn;

    private sealed class FakePwm : PwmChannel
    {
        public override int Frequency { get; set; } = 1;

        public override double DutyCycle { get; set; } = 0.5;

        public override void Start()
        {
        }

        public override void Stop()
        {
        }
    }
}
