using System.Text.RegularExpressions;
using DataRig.Core;
using DataRig.Rig.Gcode;
using DataRig.Rig.Grbl;
using DataRig.Rig.Marlin;
using DataRig.Rig.Tests.Lines;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.Gcode;

/// <summary>What is claimed of every board that speaks G-code, whatever its firmware.</summary>
public sealed class GcodeBoardTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task A_move_ends_when_the_motor_stands_not_when_the_board_has_heard_of_it(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind);
        TaskCompletionSource arrived = new();

        Task<long> move = await rig.MovingAsync(800, arrived.Task);
        await Patience.UntilAsync(() => rig.Device.Taken[^1] is "M400" or ['G', '4', ..]);
        Assert.False(move.IsCompleted);
        arrived.SetResult();

        Assert.Equal(800, await move);
        Assert.False(rig.Device.IsMoving);
        Assert.Equal(800, rig.Device.Steps());
    }

    [Theory]
    [InlineData(GcodeRig.Grbl, 1_000_000)]
    [InlineData(GcodeRig.Marlin, 4_000_000)]
    public async Task Beyond_its_numbers_it_refuses_rather_than_lands_beside(string kind, long farthest)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind);
        foreach (long target in (long[])[1, 2, 3, -7, 21_333, farthest - 1, -farthest, 0])
        {
            Assert.Equal(target, await rig.Board.MoveAsync(new BoardMove(Axis.Table, target, 1e6, 1e9), Never));
            Assert.Equal(target, rig.Device.Steps());
        }

        WorkFailedException far = await Assert.ThrowsAsync<WorkFailedException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, farthest + 1, 1e6, 1e9), Never));
        Assert.Contains("too coarse", far.Message);
        Assert.Equal(0, rig.Device.Steps());
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task The_second_axis_moves_alone(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind);
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 5000, 5000), Never);

        Assert.Equal(55, await rig.Board.MoveAsync(new BoardMove(Axis.Elevation, 55, 5000, 5000), Never));
        Assert.Equal((100, 55), (rig.Device.Steps(), rig.Device.Steps('Y')));
    }

    [Theory]
    [InlineData(GcodeRig.Grbl, "Y-12.5")]
    [InlineData(GcodeRig.Grbl, "X334400.12")] // farther than a float tells one microstep from the next
    [InlineData(GcodeRig.Marlin, "Y-12.5")]
    [InlineData(GcodeRig.Marlin, "X334400.12")]
    [InlineData(GcodeRig.Marlin, "X-9334401")] // its report says two places that differ, as floats do so far away
    public async Task A_move_that_was_spoiled_into_another_is_put_right_however_far_it_led(string kind, string word)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind);
        int spoiled = 0;
        rig.Device.Understands = command => command.Contains("G1", StringComparison.Ordinal) && spoiled++ == 0 ? Regex.Replace(command, @"X[-\d.]+", word) : command;

        Assert.Equal(800, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 800, 8000, 800_000), Never));

        Assert.Equal((800, 0), (rig.Device.Steps(), rig.Device.Steps('Y')));
        Assert.Equal(2, spoiled);
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task Positions_set_by_the_caller_need_no_count_of_the_boards(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind);
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 500, 8000, 80_000), Never);

        Assert.Equal(10_000_000, await rig.Board.SetPositionAsync(Axis.Table, 10_000_000, Never));
        Assert.Equal(10_000_100, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 10_000_100, 8000, 80_000), Never));
        Assert.Equal(600, rig.Device.Steps());
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task Homing_finds_the_switch(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind, indexSwitch: true);
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 500, 8000, 80_000), Never);

        Assert.Equal(0, await rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never));
        Assert.Equal(rig.Device.SwitchAt, rig.Device.Steps());
        Assert.True(rig.Board.Identity.HasIndexSwitch);
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task Without_a_switch_homing_says_what_to_wire(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind);

        PositionLostException none = await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never));
        Assert.Contains("endstop of its X axis", none.Message);
    }

    [Theory]
    [InlineData(GcodeRig.Grbl, true, null)]
    [InlineData(GcodeRig.Grbl, true, "\0\0Grb##\r\n")]
    [InlineData(GcodeRig.Grbl, false, null)]
    [InlineData(GcodeRig.Grbl, false, "\0\0Grb##\r\n")]
    [InlineData(GcodeRig.Marlin, true, null)]
    [InlineData(GcodeRig.Marlin, true, "\0\0s#art\n")]
    [InlineData(GcodeRig.Marlin, false, null)]
    [InlineData(GcodeRig.Marlin, false, "\0\0s#art\n")]
    public async Task A_reset_is_seen_even_where_its_banner_is_lost_and_homing_mends_it(string kind, bool indexSwitch, string? banner)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind, indexSwitch);
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 8000, 80_000), Never);

        await rig.Device.ResetAsync(banner);

        await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 200, 8000, 80_000), Never));
        await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 200, 8000, 80_000), Never));
        long origin = indexSwitch ? rig.Device.SwitchAt : rig.Device.Steps();
        Assert.Equal(0, await (indexSwitch ? rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never) : rig.Board.SetPositionAsync(Axis.Table, 0, Never)));
        Assert.Equal(200, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 200, 8000, 80_000), Never));
        Assert.Equal(origin + 200, rig.Device.Steps());
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task A_reset_in_mid_move_is_seen_and_homing_mends_it(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind, indexSwitch: true);
        Task<long> move = await rig.MovingAsync(3000);

        await rig.Device.ResetAsync();

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => move);
        Assert.Contains("was reset", lost.Message);
        Assert.Equal(0, await rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never));
        Assert.Equal(160, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 160, 8000, 80_000), Never));
        Assert.Equal(rig.Device.SwitchAt + 160, rig.Device.Steps());
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task Homing_after_a_reset_needs_no_second_try(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind, indexSwitch: true);
        await rig.Device.ResetAsync();

        await rig.Board.HoldAsync(true, Never);
        await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 1, 100, 100), Never));
        Assert.Equal(0, await rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never));
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task A_board_that_let_go_is_not_believed_until_it_is_told_where_it_stands(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind);
        await rig.Board.HoldAsync(false, Never);
        await rig.Board.HoldAsync(false, Never);
        await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 1, 100, 100), Never));

        await rig.Board.HoldAsync(true, Never);
        await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 1, 100, 100), Never));
        await rig.Board.SetPositionAsync(Axis.Table, 0, Never);

        Assert.Equal(5, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 5, 1000, 1000), Never));
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task The_switch_can_be_read(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind);
        Assert.False(await rig.Board.ReadSwitchAsync(Axis.Table, Never));
        rig.Device.IsSwitchMet = true;
        Assert.True(await rig.Board.ReadSwitchAsync(Axis.Table, Never));
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task Silence_is_a_lost_link(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind);
        rig.Device.IsSilent = true;

        await Assert.ThrowsAsync<LinkLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 1e6, 1e9), Never));
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task A_cancelled_move_leaves_the_board_usable(string kind)
    {
        await using GcodeRig<ScriptedGcode> rig = await GcodeRig.OpenAsync(kind);
        TaskCompletionSource arrived = new();
        using CancellationTokenSource cancel = new();
        Task<long> move = await rig.MovingAsync(3000, arrived.Task, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move);
        arrived.SetResult();

        Assert.Equal(40, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 40, 1e6, 1e9), Never));
        Assert.Equal(40, rig.Device.Steps());
    }

    [Fact]
    public async Task Another_firmware_at_the_line_is_not_greeted()
    {
        LineTimings timings = QuickTimings.Value with { Boot = TimeSpan.FromMilliseconds(300) };
        (ITransport host, ITransport far) = MemoryLine.Pair();
        await far.WriteAsync("start\necho:Marlin 2.1.2\n"u8.ToArray(), Never);
        Assert.Null(await GcodeBoard.TryGreetAsync(new GrblFirmware(host, new GrblOptions(), timings, TimeProvider.System), Never));

        await far.WriteAsync("\r\nGrbl 1.1h ['$' for help]\r\n"u8.ToArray(), Never);
        Assert.Null(await GcodeBoard.TryGreetAsync(new MarlinFirmware(host, new MarlinOptions(), timings, TimeProvider.System), Never));
    }

    [Theory]
    [InlineData(GcodeRig.Grbl)]
    [InlineData(GcodeRig.Marlin)]
    public async Task Endless_chatter_is_not_taken_for_an_answer(string kind)
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

        LineTimings timings = QuickTimings.Value with { Boot = TimeSpan.FromMilliseconds(200) };
        IGcodeFirmware firmware = kind == GcodeRig.Grbl ? new GrblFirmware(host, new GrblOptions(), timings, TimeProvider.System) : new MarlinFirmware(host, new MarlinOptions(), timings, TimeProvider.System);
        Assert.Null(await GcodeBoard.TryGreetAsync(firmware, Never));
        await done.CancelAsync();
        await chatter;
    }
}
