using DataRig.Core;
using DataRig.Rig.RigLink;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>What the firmware's pins do, and what becomes of a board to which things happen.</summary>
public sealed class FirmwareTests
{
    private static readonly BoardMove Seek = new(Axis.Table, 3300, 8_000, 200_000);

    [Theory]
    [InlineData("uno")]
    [InlineData("ramps")]
    public async Task No_step_is_earlier_than_the_ramp_allows_and_the_pulses_suit_the_drivers(string name)
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync(name);
        await using RigLinkBoard board = await simulated.GreetAsync();
        foreach (Axis axis in Enum.GetValues<Axis>())
        {
            await board.SetPositionAsync(axis, 0, default);
            foreach ((long way, double speed, double acceleration) in new[] { (400L, 10_000.0, 100_000.0), (-350, 10_000, 1_000_000), (60, 500, 4_000), (-3, 10_000, 1_000), (1, 9_999, 9) })
            {
                SimulatedBoard.State before = await simulated.StateAsync();
                long from = before.Axes[(int)axis].Steps;

                await board.MoveAsync(new BoardMove(axis, from + way, speed, acceleration), default);

                SimulatedBoard.Motor motor = (await simulated.StateAsync()).Axes[(int)axis];
                double allowed = Math.Max(1 / speed, 1 / Math.Sqrt(2 * acceleration * Math.Max(1, Math.Abs(way) / 2))) * 1e6;
                Assert.Equal(from + way, motor.Steps);
                Assert.InRange(motor.ShortestWaitUs, Math.Abs(way) == 1 ? -1 : allowed, (allowed * 1.02) + 20);
                Assert.True(motor.ShortestHighUs >= 2 && motor.ShortestDirectionUs >= 5, $"{motor}");
                Assert.True(motor.ShortestLowUs is -1 or >= 2, $"{motor}");
            }
        }
    }

    [Fact]
    public async Task A_late_step_stretches_and_is_never_caught_up()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using RigLinkBoard board = await simulated.GreetAsync();
        await board.SetPositionAsync(Axis.Table, 0, default);
        Task<long> move = board.MoveAsync(new BoardMove(Axis.Table, 3_000, 5_000, 100_000), default);
        SimulatedBoard.State state = await simulated.StateAsync();
        for (double shortest = double.MaxValue; !move.IsCompleted; shortest = state.Axes[0].ShortestWaitUs)
        {
            Assert.True(shortest is -1 or >= 200, $"two steps were {shortest} us apart");
            await simulated.SayAsync("stall 1700");
            await Task.Delay(3);
            state = await simulated.StateAsync();
        }

        Assert.Equal(3_000, await move);
        Assert.Equal(3_000, (await simulated.StateAsync()).Axes[0].Pulses);
    }

    [Theory]
    [InlineData(500, 3300, "from afar")]
    [InlineData(-10, 3300, "from on the switch")]
    [InlineData(-300, -3300, "backwards")]
    public async Task Homing_stands_on_the_switchs_edge(int at, int travel, string how)
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await simulated.SayAsync($"switch 0 {at} 40 3200");
        await using RigLinkBoard board = await simulated.GreetAsync();

        Assert.Equal(0, await board.HomeAsync(Seek with { TargetMicrosteps = travel }, default));

        // The edge that is met first: the near one forwards, the far one backwards.
        long edge = travel > 0 ? at : at + 39;
        Assert.Equal((how, edge), (how, (await simulated.StateAsync()).Axes[0].Steps));
        Assert.True(await board.ReadSwitchAsync(Axis.Table, default));
        Assert.Equal(100, await board.MoveAsync(Seek with { TargetMicrosteps = 100 }, default));
        Assert.Equal(edge + 100, (await simulated.StateAsync()).Axes[0].Steps);
        Assert.False(await board.ReadSwitchAsync(Axis.Table, default));
    }

    [Fact]
    public async Task A_switch_that_opens_at_the_zero_is_found_as_well()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await simulated.SayAsync("switch 0 540 3160 3200");
        await using RigLinkBoard board = await simulated.GreetAsync(options: new RigLinkOptions { SwitchOpens = true });

        Assert.Equal(0, await board.HomeAsync(Seek, default));

        Assert.Equal(500, (await simulated.StateAsync()).Axes[0].Steps);
    }

    [Theory]
    [InlineData("switch 0 100000 1 0", "did not find the switch")]
    [InlineData("switch 0 -100000 1 0", "stays closed")]
    public async Task A_switch_that_is_not_to_be_found_is_said(string wiring, string sentence)
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await simulated.SayAsync(wiring);
        await using RigLinkBoard board = await simulated.GreetAsync();

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => board.HomeAsync(Seek with { TargetMicrosteps = 1000 }, default));

        Assert.Contains(sentence, lost.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(Seek, default));
    }

    [Theory]
    [InlineData("reset pin")]
    [InlineData("hang")]
    public async Task A_reset_in_the_middle_of_a_move_is_seen_and_homing_recovers(string mishap)
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await simulated.SayAsync("switch 0 200 40 3200");
        await using RigLinkBoard board = await simulated.GreetAsync();
        await board.SetLightAsync(0, 0.5, default);
        await board.HomeAsync(Seek, default);
        Task<long> move = board.MoveAsync(new BoardMove(Axis.Table, 3000, 2_000, 50_000), default);
        while ((await simulated.StateAsync()).Axes[0].Steps < 300)
        {
            await Task.Delay(5);
        }

        await simulated.SayAsync(mishap);

        await Assert.ThrowsAsync<PositionLostException>(() => move);
        await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(Seek, default));
        await board.HoldAsync(true, default);
        await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(Seek, default));
        Assert.Equal(0, await board.HomeAsync(Seek, default));
        SimulatedBoard.State state = await simulated.StateAsync();
        Assert.Equal(200, ((state.Axes[0].Steps % 3200) + 3200) % 3200);
        Assert.Equal([128], state.Lights);
        Assert.Equal(64, await board.MoveAsync(Seek with { TargetMicrosteps = 64 }, default));
    }

    [Fact]
    public async Task A_cancelled_move_brakes_and_keeps_its_count()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using RigLinkBoard board = await simulated.GreetAsync();
        await board.SetPositionAsync(Axis.Table, 0, default);
        using CancellationTokenSource cancel = new();
        Task<long> move = board.MoveAsync(new BoardMove(Axis.Table, 100_000, 2_000, 10_000), cancel.Token);
        while ((await simulated.StateAsync()).Axes[0].Steps < 300)
        {
            await Task.Delay(5);
        }

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move);
        SimulatedBoard.State stopped = await simulated.StateAsync();
        Assert.InRange(stopped.Axes[0].Steps, 300, 20_000);
        Assert.Equal(0, await board.MoveAsync(new BoardMove(Axis.Table, 0, 10_000, 100_000), default));
        Assert.Equal(0, (await simulated.StateAsync()).Axes[0].Steps);
    }

    [Fact]
    public async Task A_board_whose_host_is_silent_brakes_goes_dark_and_at_last_frees_its_motors()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using RigLinkBoard board = await simulated.GreetAsync();
        await board.SetPositionAsync(Axis.Table, 0, default);
        await board.SetLightAsync(0, 1, default);
        Task<long> move = board.MoveAsync(new BoardMove(Axis.Table, 1_000_000, 1_000, 10_000), default);
        while ((await simulated.StateAsync()).Axes[0].Steps < 100)
        {
            await Task.Delay(5);
        }

        // The board's time runs ahead of the host's, who then seems to have said nothing for three seconds.
        await simulated.SayAsync("silence 3000");

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => move);
        SimulatedBoard.State state = await simulated.StateAsync();
        Assert.Contains("heard nothing for two seconds", lost.Message, StringComparison.Ordinal);
        Assert.Equal([0], state.Lights);
        Assert.True(state.Axes[0].Holds && state.Axes[0].Steps < 1_000_000);
        await simulated.SayAsync("silence 31000");
        await board.HoldAsync(true, default);
        state = await simulated.StateAsync();
        Assert.Equal([255], state.Lights);
        await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(Seek, default));
    }

    [Fact]
    public async Task Lights_dim_and_the_camera_is_triggered_for_as_long_as_asked()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync("ramps");
        await using RigLinkBoard board = await simulated.GreetAsync();
        Assert.Equal(3, board.Identity.LightChannels);
        await board.SetLightAsync(0, 0.25, default);
        await board.SetLightAsync(2, 1, default);

        await board.TriggerAsync(TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(20), default);

        SimulatedBoard.State state = await simulated.StateAsync();
        Assert.Equal([64, 0, 255], state.Lights);
        Assert.Equal(1, state.Triggers);
        Assert.InRange(state.TriggerMs, 19.9, 20.1);
        WorkFailedException none = await Assert.ThrowsAsync<WorkFailedException>(() => board.SetLightAsync(3, 1, default));
        Assert.Contains("3 lights", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_board_sleeps_and_a_living_host_is_enough_to_keep_it_awake_to_its_work()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using RigLinkBoard board = await simulated.GreetAsync();
        await board.SetPositionAsync(Axis.Table, 5, default);
        await board.HoldAsync(true, default);
        SimulatedBoard.State before = await simulated.StateAsync();
        SimulatedBoard.State after = before;
        while (after.Seconds < before.Seconds + 2.5)
        {
            await Task.Delay(50);
            after = await simulated.StateAsync();
        }

        double asleep = ((after.Asleep * after.Seconds) - (before.Asleep * before.Seconds)) / (after.Seconds - before.Seconds);
        Assert.InRange(asleep, 0.95, 1);
        Assert.Equal(6, await board.MoveAsync(Seek with { TargetMicrosteps = 6 }, default));
    }

    [Fact]
    public async Task A_host_that_comes_after_a_crashed_one_stops_what_that_began()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        ITransport line = simulated.Open();
        RigLinkBoard crashed = await simulated.GreetAsync(line);
        await crashed.SetPositionAsync(Axis.Table, 0, default);
        Task<long> move = crashed.MoveAsync(new BoardMove(Axis.Table, 100_000, 1_000, 10_000), default);
        while ((await simulated.StateAsync()).Axes[0].Steps < 50)
        {
            await Task.Delay(5);
        }

        await line.DisposeAsync();
        await Assert.ThrowsAsync<LinkLostException>(() => move);
        await Assert.ThrowsAsync<LinkLostException>(() => crashed.HoldAsync(true, default));
        await crashed.DisposeAsync();
        await using RigLinkBoard next = await simulated.GreetAsync();

        long stands = (await simulated.StateAsync()).Axes[0].Steps;
        Assert.InRange(stands, 50, 50_000);
        Assert.Equal(0, await next.MoveAsync(new BoardMove(Axis.Table, 0, 10_000, 100_000), default));
        Assert.Equal(0, (await simulated.StateAsync()).Axes[0].Steps);
    }

    [Theory]
    [InlineData(Dialect.Auto)]
    [InlineData(Dialect.Riglink)]
    public async Task It_is_found_by_its_answer(Dialect dialect)
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        BoardFinder finder = new(
            new SerialOptions { Port = simulated.Port, Dialect = dialect, RigLink = new RigLinkOptions { SwitchOpens = true } }, new Ports(TimeProvider.System), TimeProvider.System);

        await using IBoard board = await finder.FindAsync(default);

        Assert.Equal("riglink", board.Identity.Dialect);
        Assert.True(await board.ReadSwitchAsync(Axis.Table, default));
        await board.SetPositionAsync(Axis.Table, 0, default);
        Assert.Equal(20, await board.MoveAsync(Seek with { TargetMicrosteps = 20 }, default));
    }

    [Fact]
    public async Task Starts_are_counted_through_the_whole_ring_of_the_eeprom()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using ITransport line = simulated.Open();
        await using Line greeter = new(line, TimeProvider.System);
        Assert.NotNull(await greeter.GreetAsync(TimeSpan.FromSeconds(20), default));
        Assert.Equal(1, greeter.Epoch);
        for (int start = 0; start < 69; start++)
        {
            await simulated.SayAsync("reset pin");
            await simulated.SayAsync("silence 30");
        }

        Greeting? greeting = await greeter.GreetAsync(TimeSpan.FromSeconds(20), default);

        Assert.Equal(70, greeter.Epoch);
        Assert.Equal(ResetCause.Pin, greeting!.ResetCause);
    }

    [Fact]
    public async Task A_start_torn_by_a_power_loss_is_not_taken_for_the_last()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using ITransport line = simulated.Open();
        await using Line greeter = new(line, TimeProvider.System);
        Assert.NotNull(await greeter.GreetAsync(TimeSpan.FromSeconds(20), default));
        for (int milliseconds = 0; milliseconds < 15; milliseconds++)
        {
            ushort before = greeter.Epoch;
            await simulated.SayAsync("reset power");
            await simulated.SayAsync($"silence {milliseconds}");
            await simulated.SayAsync("reset power");
            await simulated.SayAsync("silence 30");

            Assert.NotNull(await greeter.GreetAsync(TimeSpan.FromSeconds(20), default));

            Assert.InRange(greeter.Epoch, before + 1, before + 2);
        }
    }

    [Fact]
    public async Task Noise_moves_no_motor_and_leaves_the_board_answering()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using ITransport line = simulated.Open();
        await using (RigLinkBoard before = await simulated.GreetAsync(new Unowned(line)))
        {
            await before.SetPositionAsync(Axis.Table, 7, default);
        }

        ulong state = 1;
        byte[] move = new Message(1, MessageKind.Request, 2, 1, Opcode.Move, Bodies.Move(Axis.Table, 500, 1_000_000, 10_000)).ToFrame();
        for (int piece = 0; piece < 200; piece++)
        {
            // A move that would be obeyed but for two spoiled bytes, and some that is nothing at all.
            byte[] noise = [.. move, .. BitConverter.GetBytes(Draws.SplitMix(ref state)), (byte)(piece % 2)];
            noise[1 + (piece % 20)] ^= (byte)(1 + (Draws.SplitMix(ref state) % 255));
            noise[1 + ((piece + 7) % 20)] ^= (byte)(1 + (Draws.SplitMix(ref state) % 255));
            await line.WriteAsync(noise, default);
        }

        await using RigLinkBoard after = await simulated.GreetAsync(new Unowned(line));
        Assert.Equal(7, await after.MoveAsync(Seek with { TargetMicrosteps = 7 }, default));
        Assert.Equal(0, (await simulated.StateAsync()).Axes.Sum(a => a.Pulses));
        Assert.Equal(8, await after.MoveAsync(Seek with { TargetMicrosteps = 8 }, default));
    }

    [Fact]
    public async Task What_the_board_cannot_do_is_said_before_anything_moves()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using RigLinkBoard board = await simulated.GreetAsync();
        await board.SetPositionAsync(Axis.Table, long.MaxValue / 2, default);

        WorkFailedException fast = await Assert.ThrowsAsync<WorkFailedException>(() => board.MoveAsync(new BoardMove(Axis.Table, long.MaxValue / 2, 20_000, 1), default));
        WorkFailedException far = await Assert.ThrowsAsync<WorkFailedException>(() => board.MoveAsync(new BoardMove(Axis.Table, 0, 10_000, 1), default));

        Assert.Contains("at most 10000 microsteps a second", fast.Message, StringComparison.Ordinal);
        Assert.Contains("check the gear ratio", far.Message, StringComparison.Ordinal);
        Assert.Equal((long.MaxValue / 2) - 3, await board.MoveAsync(new BoardMove(Axis.Table, (long.MaxValue / 2) - 3, 10_000, 1_000), default));
        Assert.Equal(3, (await simulated.StateAsync()).Axes[0].Pulses);
    }

    [Theory]
    [InlineData("uno", 32_768, 2_048)]
    [InlineData("ramps", 262_144, 8_192)]
    public async Task It_fits_with_room(string name, int flash, int ram)
    {
        await using SimulatedBoard built = await SimulatedBoard.StartAsync(name);
        byte[] elf = await File.ReadAllBytesAsync(SimulatedBoard.Elf(name));

        (long program, long data) = Sizes(elf);

        Assert.InRange(program, 1_000, flash / 2);
        Assert.InRange(data, 50, ram / 2);
    }

    /// <summary>Bytes in flash and in RAM: the loadable segments of a 32-bit ELF file.</summary>
    private static (long Flash, long Ram) Sizes(byte[] elf)
    {
        long flash = 0, ram = 0;
        int table = BitConverter.ToInt32(elf, 28), entry = BitConverter.ToInt16(elf, 42), entries = BitConverter.ToInt16(elf, 44);
        for (int i = 0; i < entries; i++)
        {
            int header = table + (i * entry);
            uint address = BitConverter.ToUInt32(elf, header + 8), inFile = BitConverter.ToUInt32(elf, header + 16), inMemory = BitConverter.ToUInt32(elf, header + 20);

            // avr-ld puts RAM at 0x800000 and EEPROM at 0x810000; data also lie in flash until they are copied.
            bool isRam = address is >= 0x800000 and < 0x810000, isFlash = address < 0x800000;
            flash += isRam || isFlash ? inFile : 0;
            ram += isRam ? inMemory : 0;
        }

        return (flash, ram);
    }

    /// <summary>A line that stays open when its user is done.</summary>
    private sealed class Unowned(ITransport line) : ITransport
    {
        public string Name => line.Name;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel) => line.ReadAsync(buffer, cancel);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => line.WriteAsync(bytes, cancel);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
