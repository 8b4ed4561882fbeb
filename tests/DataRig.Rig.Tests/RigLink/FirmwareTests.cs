using DataRig.Core;
using DataRig.Rig.RigLink;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>What the firmware's pins do.</summary>
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
}
