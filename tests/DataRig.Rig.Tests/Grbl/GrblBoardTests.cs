using DataRig.Core;
using DataRig.Rig.Grbl;
using DataRig.Rig.Tests.Lines;

namespace DataRig.Rig.Tests.Grbl;

public sealed class GrblBoardTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>
    /// Without checksums a spoiled line may turn the table elsewhere for a moment. What is guaranteed: whenever a move
    /// returns, the motors stand at the plan's step, on all axes, and the report is right.
    /// </summary>
    [Fact]
    public async Task Through_a_bad_cable_every_move_ends_at_the_plans_step_and_every_position_is_right()
    {
        (ITransport near, ITransport far) = MemoryLine.Pair();
        await using ScriptedGrbl device = new(far);
        Seed seed = new(23);
        (ITransport host, FaultProxy proxy) = FaultProxy.Before(near, Faults.Share(0.01), seed);
        await using FaultProxy _ = proxy;
        await using GrblBoard board = (await GrblBoard.TryGreetAsync(host, new GrblOptions(), QuickTimings.Value, TimeProvider.System, Never))!;
        await board.SetPositionAsync(Axis.Table, 0, Never);
        long origin = device.Steps(), place = 0;

        for (int i = 0; i < QuickTimings.Moves; i++)
        {
            place += seed.At(i).Below("way", 4000) - 1980;
            long reported = await board.MoveAsync(new BoardMove(Axis.Table, place, 5000, 20_000), Never);

            Assert.Equal(place, reported);
            Assert.Equal(place, device.Steps() - origin);
            Assert.Equal(0, device.Steps(1));
            Assert.Equal(0, device.Steps(2));
            Assert.False(device.IsMoving);
        }

        Assert.True(proxy.Spoiled > QuickTimings.Moves / 2);
    }

    [Fact]
    public async Task A_move_ends_when_the_motor_stands()
    {
        await using Rig rig = await Rig.OpenAsync(d => d.MoveTime = TimeSpan.FromMilliseconds(150));

        Task<long> move = rig.Board.MoveAsync(new BoardMove(Axis.Table, 800, 8000, 800_000), Never);
        await WaitFor(() => rig.Device.IsMoving);
        Assert.False(move.IsCompleted);

        Assert.Equal(800, await move);
        Assert.False(rig.Device.IsMoving);
        Assert.Equal(800, rig.Device.Steps());
    }

    [Fact]
    public async Task Every_microstep_within_reach_is_told_from_the_next()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { });

        foreach (long target in (long[])[1, 2, 3, -7, 21_333, 999_999, -1_000_000, 0])
        {
            Assert.Equal(target, await rig.Board.MoveAsync(new BoardMove(Axis.Table, target, 1e6, 1e9), Never));
            Assert.Equal(target, rig.Device.Steps());
        }

        WorkFailedException far = await Assert.ThrowsAsync<WorkFailedException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 1_000_001, 1e6, 1e9), Never));
        Assert.Contains("too coarse", far.Message);
    }

    [Fact]
    public async Task The_second_axis_moves_alone()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { });
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 5000, 5000), Never);

        Assert.Equal(55, await rig.Board.MoveAsync(new BoardMove(Axis.Elevation, 55, 5000, 5000), Never));
        Assert.Equal((100, 55), (rig.Device.Steps(), rig.Device.Steps(1)));
    }

    [Fact]
    public async Task A_hold_made_by_noise_is_let_go()
    {
        await using Rig rig = await Rig.OpenAsync(d => d.MoveTime = TimeSpan.FromMilliseconds(50));
        Task<long> move = rig.Board.MoveAsync(new BoardMove(Axis.Table, 800, 8000, 800_000), Never);
        await WaitFor(() => rig.Device.IsMoving);
        await rig.Host.WriteAsync("!"u8.ToArray(), Never);

        Assert.Equal(800, await move);
    }

    [Theory]
    [InlineData(ScriptedGrbl.Banner)]
    [InlineData("\0\0Grb##\r\n")]
    public async Task A_reset_is_seen_even_where_its_banner_is_lost(string banner)
    {
        await using Rig rig = await Rig.OpenAsync(d => d.Settings[22] = 1, new GrblOptions { IndexSwitch = true });
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 8000, 80_000), Never);

        await rig.Device.ResetAsync(banner);

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 200, 8000, 80_000), Never));
        Assert.Contains("was reset", lost.Message);
        await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 200, 8000, 80_000), Never));
        Assert.Equal(0, await rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never));
        Assert.Equal(200, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 200, 8000, 80_000), Never));
        Assert.Equal(-777 + 200, rig.Device.Steps());
    }

    [Fact]
    public async Task A_reset_in_mid_move_is_seen()
    {
        await using Rig rig = await Rig.OpenAsync(d => d.MoveTime = TimeSpan.FromMilliseconds(100));
        Task<long> move = rig.Board.MoveAsync(new BoardMove(Axis.Table, 3000, 8000, 80_000), Never);
        await WaitFor(() => rig.Device.IsMoving);

        await rig.Device.ResetAsync("#\r\n");

        await Assert.ThrowsAsync<PositionLostException>(() => move);
        Assert.Equal(0, await rig.Board.SetPositionAsync(Axis.Table, 0, Never));
    }

    [Fact]
    public async Task An_alarm_is_said_in_plain_words()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { });
        await rig.Device.SayAsync("ALARM:1\r\n");

        PositionLostException alarm = await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 1, 100, 100), Never));
        Assert.Contains("a limit switch was hit", alarm.Message);
    }

    [Fact]
    public async Task Homing_that_the_board_refuses_is_said_in_plain_words()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { }, new GrblOptions { IndexSwitch = true });

        WorkFailedException refused = await Assert.ThrowsAsync<WorkFailedException>(() => rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never));
        Assert.Contains("$22=1", refused.Message);
    }

    [Theory]
    [InlineData(100, 8.889f, "$100=9")]
    [InlineData(100, 800, "$100=250")]
    [InlineData(13, 1, "$13=0")]
    [InlineData(20, 1, "$20=0")]
    [InlineData(10, 0, "$10=1")]
    [InlineData(32, 1, "$32=0")]
    public async Task A_setting_that_makes_exact_work_impossible_is_named_with_its_cure(int setting, float value, string cure)
    {
        WorkFailedException unfit = await Assert.ThrowsAsync<WorkFailedException>(() => Rig.OpenAsync(d => d.Settings[setting] = value));

        Assert.Contains(cure, unfit.Message);
    }

    [Fact]
    public async Task A_board_that_lets_go_between_moves_cannot_be_told_to_hold()
    {
        await using Rig rig = await Rig.OpenAsync(d => d.Settings[1] = 25);

        WorkFailedException unfit = await Assert.ThrowsAsync<WorkFailedException>(() => rig.Board.HoldAsync(true, Never));
        Assert.Contains("$1=255", unfit.Message);
    }

    [Fact]
    public async Task Letting_go_is_sleep_and_holding_wakes_the_board()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { });

        await rig.Board.HoldAsync(false, Never);
        Assert.Contains("$SLP", rig.Device.Taken);
        await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 1, 100, 100), Never));
        await rig.Board.HoldAsync(true, Never);
        await rig.Board.SetPositionAsync(Axis.Table, 0, Never);

        Assert.Equal(5, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 5, 1000, 1000), Never));
    }

    [Fact]
    public async Task The_light_is_the_spindle()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { }, new GrblOptions { SpindleLight = true });

        await rig.Board.SetLightAsync(0, 0.25, Never);
        Assert.Equal(250, rig.Device.Spindle);
        await rig.Board.SetLightAsync(0, 0, Never);
        Assert.Equal(0, rig.Device.Spindle);
    }

    [Fact]
    public async Task The_switch_can_be_read()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { });
        Assert.False(await rig.Board.ReadSwitchAsync(Axis.Table, Never));
        rig.Device.IsSwitchMet = true;
        Assert.True(await rig.Board.ReadSwitchAsync(Axis.Table, Never));
        Assert.False(await rig.Board.ReadSwitchAsync(Axis.Elevation, Never));
    }

    [Fact]
    public async Task Silence_is_a_lost_link()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { }, silences: 6);
        rig.Device.IsSilent = true;

        await Assert.ThrowsAsync<LinkLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 1e6, 1e9), Never));
    }

    [Fact]
    public async Task Something_else_at_the_line_is_not_greeted()
    {
        (ITransport host, ITransport far) = MemoryLine.Pair();
        await far.WriteAsync("start\necho:Marlin 2.1.2\n"u8.ToArray(), Never);
        Assert.Null(await GrblBoard.TryGreetAsync(host, new GrblOptions(), QuickTimings.Value with { Boot = TimeSpan.FromMilliseconds(300) }, TimeProvider.System, Never));
    }

    private static async Task WaitFor(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1);
        }
    }

    private sealed class Rig : IAsyncDisposable
    {
        public required ITransport Host { get; init; }

        public required ScriptedGrbl Device { get; init; }

        public required GrblBoard Board { get; init; }

        public static async Task<Rig> OpenAsync(Action<ScriptedGrbl> set, GrblOptions? options = null, int silences = 100)
        {
            (ITransport host, ITransport far) = MemoryLine.Pair();
            ScriptedGrbl device = new(far);
            set(device);
            GrblBoard board = (await GrblBoard.TryGreetAsync(host, options ?? new GrblOptions(), QuickTimings.Value with { Silences = silences }, TimeProvider.System, Never))!;
            Assert.Equal("Grbl 1.1h", board.Identity.Firmware);
            return new Rig { Host = host, Device = device, Board = board };
        }

        public async ValueTask DisposeAsync()
        {
            await Board.DisposeAsync();
            await Device.DisposeAsync();
        }
    }
}
