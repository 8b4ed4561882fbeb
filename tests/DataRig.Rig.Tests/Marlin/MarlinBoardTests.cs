using DataRig.Core;
using DataRig.Rig.Marlin;
using DataRig.Rig.Tests.Lines;

namespace DataRig.Rig.Tests.Marlin;

public sealed class MarlinBoardTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Through_a_bad_cable_every_step_is_made_and_every_position_is_right(bool okAfterResend, bool workspaces)
    {
        (ITransport near, ITransport far) = MemoryLine.Pair();
        await using ScriptedMarlin device = new(far) { OkAfterResend = okAfterResend, HasWorkspaces = workspaces, Scale = 88.889f };
        Seed seed = new(17);
        (ITransport host, FaultProxy proxy) = FaultProxy.Before(near, Faults.Share(0.01), seed);
        await using FaultProxy _ = proxy;
        await using MarlinBoard board = (await MarlinBoard.TryGreetAsync(host, new MarlinOptions(), QuickTimings.Value, TimeProvider.System, Never))!;
        await board.SetPositionAsync(Axis.Table, 0, Never);
        long origin = device.Steps(), place = 0;

        for (int i = 0; i < QuickTimings.Moves; i++)
        {
            place += seed.At(i).Below("way", 4000) - 1500;
            long reported = await board.MoveAsync(new BoardMove(Axis.Table, place, 5000, 20_000), Never);

            Assert.Equal(place, reported);
            Assert.Equal(place, device.Steps() - origin);
            Assert.False(device.IsMoving);
            Assert.Equal(0, device.Steps('Y'));
        }

        Assert.True(proxy.Spoiled > QuickTimings.Moves / 2);
    }

    [Fact]
    public async Task A_move_ends_when_the_motor_stands_not_when_the_board_has_heard_of_it()
    {
        await using Rig rig = await Rig.OpenAsync(d => d.MoveTime = TimeSpan.FromMilliseconds(150));

        Task<long> move = rig.Board.MoveAsync(new BoardMove(Axis.Table, 800, 8000, 800_000), Never);
        await WaitFor(() => rig.Device.IsMoving);
        Assert.False(move.IsCompleted);

        Assert.Equal(800, await move);
        Assert.False(rig.Device.IsMoving);
    }

    [Fact]
    public async Task Busy_is_patience_and_no_answer()
    {
        await using Rig rig = await Rig.OpenAsync(d =>
        {
            d.MoveTime = TimeSpan.FromSeconds(0.6); // longer than all the silences that would end the link
            d.BusyEvery = TimeSpan.FromMilliseconds(10);
        }, silences: 6);
        rig.Device.Taken.Clear();

        Assert.Equal(-80, await rig.Board.MoveAsync(new BoardMove(Axis.Table, -80, 80_000, 800_000), Never));

        Assert.Equal(1, rig.Device.Taken.Count(t => t == "M400"));
    }

    [Fact]
    public async Task The_caller_counts_microsteps_whatever_the_boards_unit_is()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { }, scale: 8.8888889f);

        foreach (long target in (long[])[1, 2, 3, -7, 21_333, 1_000_001, 3_999_999, -3_999_999, 0])
        {
            Assert.Equal(target, await rig.Board.MoveAsync(new BoardMove(Axis.Table, target, 1e6, 1e9), Never));
            Assert.Equal(target, rig.Device.Steps());
        }
    }

    [Fact]
    public async Task Positions_set_by_the_caller_need_no_count_of_the_boards()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { });
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 500, 8000, 80_000), Never);

        Assert.Equal(10_000_000, await rig.Board.SetPositionAsync(Axis.Table, 10_000_000, Never));
        Assert.Equal(10_000_100, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 10_000_100, 8000, 80_000), Never));
        Assert.Equal(600, rig.Device.Steps());
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    public async Task A_long_count_begins_anew_where_the_build_can_do_that(bool workspaces, bool subcodes, bool anew)
    {
        await using Rig rig = await Rig.OpenAsync(d => (d.HasWorkspaces, d.HasSubcodes) = (workspaces, subcodes));
        long total = 0;
        for (int i = 0; i < 4; i++)
        {
            total += await rig.Board.MoveAsync(new BoardMove(Axis.Table, 1_000_000, 1e6, 1e9), Never);
            Assert.Equal(0, await rig.Board.SetPositionAsync(Axis.Table, 0, Never));
            Assert.Equal(total, rig.Device.Steps());
        }

        Task<long> further = rig.Board.MoveAsync(new BoardMove(Axis.Table, 1000, 1e6, 1e9), Never);
        if (anew)
        {
            Assert.Equal(1000, await further);
            Assert.Equal(total + 1000, rig.Device.Steps());
        }
        else
        {
            await Assert.ThrowsAsync<WorkFailedException>(() => further);
        }
    }

    [Fact]
    public async Task Beyond_the_floats_it_refuses_rather_than_lands_beside()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { });

        WorkFailedException far = await Assert.ThrowsAsync<WorkFailedException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 4_000_001, 1e6, 1e9), Never));
        Assert.Contains("too coarse", far.Message);
        Assert.Equal(0, rig.Device.Steps());
    }

    [Fact]
    public async Task Homing_finds_the_switch()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { }, new MarlinOptions { IndexSwitch = true });
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 500, 8000, 80_000), Never);

        Assert.Equal(0, await rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never));
        Assert.Equal(-1234, rig.Device.Steps());
        Assert.True(rig.Board.Identity.HasIndexSwitch);
    }

    [Fact]
    public async Task A_reset_in_mid_move_is_seen_and_homing_mends_it()
    {
        await using Rig rig = await Rig.OpenAsync(d => d.MoveTime = TimeSpan.FromMilliseconds(100), new MarlinOptions { IndexSwitch = true });
        Task<long> move = rig.Board.MoveAsync(new BoardMove(Axis.Table, 3000, 8000, 80_000), Never);
        await WaitFor(() => rig.Device.IsMoving);

        await rig.Device.ResetAsync();

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => move);
        Assert.Contains("was reset", lost.Message);
        await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 10, 8000, 80_000), Never));
        Assert.Equal(0, await rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never));
        Assert.Equal(160, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 160, 8000, 80_000), Never));
        Assert.Equal(-1234 + 160, rig.Device.Steps());
    }

    [Fact]
    public async Task Homing_after_a_reset_needs_no_second_try()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { }, new MarlinOptions { IndexSwitch = true });
        await rig.Device.ResetAsync();

        Assert.Equal(0, await rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never));
    }

    [Fact]
    public async Task Endless_chatter_is_not_taken_for_an_answer()
    {
        (ITransport host, ITransport far) = MemoryLine.Pair();
        using CancellationTokenSource done = new();
        Task chatter = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await far.WriteAsync("T:21.3 B:22.4\n"u8.ToArray(), Never);
                await Task.Delay(1);
            }
        });

        Assert.Null(await MarlinBoard.TryGreetAsync(host, new MarlinOptions(), QuickTimings.Value with { Boot = TimeSpan.FromMilliseconds(200) }, TimeProvider.System, Never));
        await done.CancelAsync();
        await chatter;
    }

    [Fact]
    public async Task A_reset_whose_banner_is_lost_is_seen_by_the_line_numbers()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { });
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 8000, 80_000), Never);

        await rig.Device.ResetAsync(banner: "\0\0s#art\n");

        await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 8000, 80_000), Never));
    }

    [Fact]
    public async Task A_board_that_halts_is_said_in_its_own_words()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { });
        await rig.Device.SayAsync("Error:Printer halted. kill() called!\n");
        rig.Device.IsHalted = true;

        PositionLostException halted = await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 8000, 80_000), Never));

        Assert.Contains("kill() called", halted.Message);
        Assert.Contains("reset button", halted.Message);
    }

    [Fact]
    public async Task The_switch_can_be_read()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { });
        Assert.False(await rig.Board.ReadSwitchAsync(Axis.Table, Never));
        rig.Device.IsSwitchMet = true;
        Assert.True(await rig.Board.ReadSwitchAsync(Axis.Table, Never));
        WorkFailedException none = await Assert.ThrowsAsync<WorkFailedException>(() => rig.Board.ReadSwitchAsync(Axis.Elevation, Never));
        Assert.Contains("Y endstop", none.Message);
    }

    [Fact]
    public async Task Silence_is_a_lost_link()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { }, silences: 6);
        rig.Device.IsHalted = true;

        await Assert.ThrowsAsync<LinkLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 1e6, 1e9), Never));
    }

    [Fact]
    public async Task A_cancelled_move_leaves_the_board_usable()
    {
        await using Rig rig = await Rig.OpenAsync(d => d.MoveTime = TimeSpan.FromMilliseconds(60));
        using CancellationTokenSource cancel = new();
        Task<long> move = rig.Board.MoveAsync(new BoardMove(Axis.Table, 3000, 1e6, 1e9), cancel.Token);
        await WaitFor(() => rig.Device.IsMoving);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move);

        Assert.Equal(40, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 40, 1e6, 1e9), Never));
        Assert.Equal(40, rig.Device.Steps());
    }

    [Fact]
    public async Task Lights_and_holding_are_plain_commands()
    {
        await using Rig rig = await Rig.OpenAsync(_ => { }, new MarlinOptions { Lights = ["M106 P0", "M355"] });
        rig.Device.Taken.Clear();

        await rig.Board.SetLightAsync(0, 0.5, Never);
        await rig.Board.SetLightAsync(1, 1, Never);
        await rig.Board.SetLightAsync(1, 0, Never);
        await rig.Board.HoldAsync(true, Never);
        await rig.Board.HoldAsync(false, Never);

        Assert.Equal(["M106 P0 S128", "M355 S1 P255", "M355 S0", "M400", "M17", "M400", "M84"], rig.Device.Taken);
        Assert.Equal(2, rig.Board.Identity.LightChannels);
        await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 1, 100, 100), Never));
    }

    [Fact]
    public async Task Something_else_at_the_line_is_not_greeted()
    {
        (ITransport host, ITransport far) = MemoryLine.Pair();
        await far.WriteAsync("\r\nGrbl 1.1h ['$' for help]\r\n"u8.ToArray(), Never);
        Assert.Null(await MarlinBoard.TryGreetAsync(host, new MarlinOptions(), QuickTimings.Value with { Boot = TimeSpan.FromMilliseconds(300) }, TimeProvider.System, Never));
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
        public required ScriptedMarlin Device { get; init; }

        public required MarlinBoard Board { get; init; }

        public static async Task<Rig> OpenAsync(Action<ScriptedMarlin> set, MarlinOptions? options = null, int silences = 100, float scale = 80)
        {
            (ITransport host, ITransport far) = MemoryLine.Pair();
            ScriptedMarlin device = new(far) { Scale = scale };
            set(device);
            MarlinBoard board = (await MarlinBoard.TryGreetAsync(host, options ?? new MarlinOptions(), QuickTimings.Value with { Silences = silences }, TimeProvider.System, Never))!;
            Assert.Equal("marlin", board.Identity.Dialect);
            Assert.StartsWith("Marlin 2.1.2.5", board.Identity.Firmware);
            return new Rig { Device = device, Board = board };
        }

        public async ValueTask DisposeAsync()
        {
            await Board.DisposeAsync();
            await Device.DisposeAsync();
        }
    }
}
