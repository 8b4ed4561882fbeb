using DataRig.Core;
using DataRig.Rig.Simulation;

namespace DataRig.Rig.Tests;

public sealed class BoardTurntableTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static (BoardTurntable Table, PlayfulBoard Board) Rig(TestOptions options, PlayfulBoard? board = null)
    {
        PlayfulBoard made = board ?? new();
        return (new BoardTurntable(new BoardConnection(_ => Task.FromResult<IBoard>(made)), options, new VirtualTime(Start)), made);
    }

    [Fact]
    public async Task A_stop_is_proven_by_the_boards_count_and_settled()
    {
        VirtualTime time = new(Start);
        PlayfulBoard board = new();
        BoardTurntable table = new(new BoardConnection(_ => Task.FromResult<IBoard>(board)), new TestOptions { SettleMs = 300 }, time);
        await table.HomeAsync(default);
        DateTimeOffset homed = time.GetUtcNow();

        TablePosition position = await table.MoveToStopAsync(1, 4, default);

        Assert.Equal(90, position.AzimuthDegrees, 9);
        Assert.Equal(800, position.Microsteps);
        Assert.Equal(TimeSpan.FromMilliseconds(300), position.SettledAt - homed);
        Assert.Equal(new BoardMove(Axis.Table, 800, 800, 1600), board.Moves[^1]);
    }

    [Fact]
    public async Task Twenty_thousand_stops_do_not_drift_and_stay_exact_on_a_board_that_counts_in_floats()
    {
        (BoardTurntable table, PlayfulBoard board) = Rig(new TestOptions { GearRatio = new GearRatio(20, 3) });
        await table.HomeAsync(default);
        TablePosition position = default;
        Stepper stepper = new(200, 16, new GearRatio(20, 3));
        for (int i = 0; i < 20_000; i++)
        {
            position = await table.MoveToStopAsync(i % 7, 7, default);
            Assert.InRange(Math.Abs(Angle.Difference(position.AzimuthDegrees, i % 7 * 360.0 / 7)), 0, stepper.ResolutionDegrees);
        }

        Assert.Equal(stepper.StopMicrosteps(19_999, 7), position.Microsteps);
        Assert.Equal(stepper.StopMicrosteps(19_999, 7), board.Load(), 1e-6);
        Assert.All(board.Moves, m => Assert.InRange(m.TargetMicrosteps, 0, 1 << 20));
    }

    [Fact]
    public async Task Stops_in_any_order_are_met_by_turning_on()
    {
        (BoardTurntable table, PlayfulBoard board) = Rig(new TestOptions());
        await table.HomeAsync(default);
        double before = 0;
        foreach (int stop in new[] { 3, 1, 6, 0, 0, 2 })
        {
            TablePosition position = await table.MoveToStopAsync(stop, 8, default);
            Assert.Equal(stop * 45, position.AzimuthDegrees, 9);
            Assert.True(board.Load() >= before);
            before = board.Load();
        }
    }

    [Fact]
    public async Task A_reversed_motor_gets_mirrored_counts()
    {
        (BoardTurntable table, PlayfulBoard board) = Rig(new TestOptions { Reversed = true });
        await table.HomeAsync(default);

        TablePosition position = await table.MoveToStopAsync(1, 4, default);

        Assert.Equal(90, position.AzimuthDegrees, 9);
        Assert.Equal(-800, board.Moves[^1].TargetMicrosteps);
    }

    [Fact]
    public async Task Play_in_the_gear_spoils_no_shot_not_even_the_first()
    {
        // 2 degrees of play: without taking it up, the table would stand 2 degrees behind until it has turned so far.
        double play = 2 * 3200 / 360.0;
        (BoardTurntable table, PlayfulBoard board) = Rig(new TestOptions { BacklashDegrees = 2.2 }, new PlayfulBoard { Play = play });
        await board.HoldAsync(true, default);
        await board.MoveAsync(new BoardMove(Axis.Table, -500, 1, 1), default); // the teeth lie on the wrong flank
        await table.HomeAsync(default);
        List<double> stands = [];
        for (int stop = 0; stop <= 16; stop++)
        {
            await table.MoveToStopAsync(stop % 16, 16, default);
            stands.Add(board.Load());
        }

        Assert.All(stands.Select((s, i) => s - stands[0] - (i * 200)), off => Assert.Equal(0, off, 1e-6));
        Assert.Equal(3, board.Moves.Take(4).Count(m => m.TargetMicrosteps <= 0)); // the backing up above, and one there and back
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(1)]
    public async Task A_count_that_is_a_few_steps_off_is_no_position(int off)
    {
        (BoardTurntable table, PlayfulBoard board) = Rig(new TestOptions());
        await table.HomeAsync(default);
        board.Fault = _ => off;

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => table.MoveToStopAsync(1, 4, default));
        Assert.Contains("90.00 degrees", lost.Message);

        board.Fault = _ => 0;
        await Assert.ThrowsAsync<PositionLostException>(() => table.MoveToStopAsync(1, 4, default)); // homing is the only way back
        await table.HomeAsync(default);
        Assert.Equal(90, (await table.MoveToStopAsync(1, 4, default)).AzimuthDegrees, 9);
    }

    [Fact]
    public async Task A_lost_link_is_mended_by_homing_on_a_new_board()
    {
        List<PlayfulBoard> boards = [];
        BoardConnection connection = new(_ =>
        {
            boards.Add(new PlayfulBoard());
            return Task.FromResult<IBoard>(boards[^1]);
        });
        BoardTurntable table = new(connection, new TestOptions(), new VirtualTime(Start));
        await table.HomeAsync(default);
        boards[0].Fault = _ => throw new LinkLostException("The cable is out.");

        await Assert.ThrowsAsync<LinkLostException>(() => table.MoveToStopAsync(1, 4, default));
        Assert.True(boards[0].Disposed);
        await Assert.ThrowsAsync<PositionLostException>(() => table.MoveToStopAsync(1, 4, default));
        await table.HomeAsync(default);

        Assert.Equal(90, (await table.MoveToStopAsync(1, 4, default)).AzimuthDegrees, 9);
        Assert.Equal(2, boards.Count);
    }

    [Fact]
    public async Task A_board_that_the_lights_connected_anew_has_not_been_homed()
    {
        List<PlayfulBoard> boards = [];
        BoardConnection connection = new(_ =>
        {
            boards.Add(new PlayfulBoard());
            return Task.FromResult<IBoard>(boards[^1]);
        });
        BoardTurntable table = new(connection, new TestOptions(), new VirtualTime(Start));
        await table.HomeAsync(default);
        await Assert.ThrowsAsync<LinkLostException>(() => connection.WithAsync<int>(_ => throw new LinkLostException("The cable is out."), default));
        await connection.OpenAsync(default);

        await Assert.ThrowsAsync<PositionLostException>(() => table.MoveToStopAsync(1, 4, default));
        Assert.Empty(boards[1].Moves);
    }

    [Fact]
    public async Task A_move_that_was_cancelled_on_the_way_proves_nothing()
    {
        (BoardTurntable table, PlayfulBoard board) = Rig(new TestOptions());
        await table.HomeAsync(default);
        board.Fault = _ => throw new OperationCanceledException();
        await Assert.ThrowsAsync<OperationCanceledException>(() => table.MoveToStopAsync(1, 4, default));
        board.Fault = _ => 0;

        await Assert.ThrowsAsync<PositionLostException>(() => table.MoveToStopAsync(2, 4, default));
    }

    [Fact]
    public async Task Only_a_switch_finds_zero_again()
    {
        PlayfulBoard board = new() { SwitchAt = 1000 };
        (BoardTurntable table, _) = Rig(new TestOptions { Home = Homing.Switch }, board);
        Assert.True(table.FindsZero);
        Assert.False(Rig(new TestOptions()).Table.FindsZero);
        Assert.False(Rig(new TestOptions { Home = Homing.Switch, Elevation = new ElevationOptions() }).Table.FindsZero);

        await table.HomeAsync(default);
        Assert.Equal(1000, board.Load(), 1e-6);
        await table.MoveToStopAsync(5, 8, default);
        await table.HomeAsync(default);
        Assert.Equal(0, (board.Load() - 1000) % 3200, 1e-6);
    }

    [Fact]
    public async Task A_board_without_a_switch_is_not_sent_to_look_for_one()
    {
        PlayfulBoard board = new() { Identity = new BoardIdentity("grbl", "Grbl 1.1h", false, 0) };
        (BoardTurntable table, _) = Rig(new TestOptions { Home = Homing.Switch }, board);

        WorkFailedException refused = await Assert.ThrowsAsync<WorkFailedException>(() => table.HomeAsync(default));

        Assert.Contains("\"home\": \"here\"", refused.Message);
        Assert.Empty(board.Moves);
    }

    [Fact]
    public async Task The_arm_is_proven_like_the_table_and_always_comes_from_below()
    {
        double play = 3200 / 360.0;
        TestOptions options = new() { Elevation = new ElevationOptions { HomeDegrees = 10, MinDegrees = 5, MaxDegrees = 60, BacklashDegrees = 1.5 } };
        (BoardTurntable table, PlayfulBoard board) = Rig(options, new PlayfulBoard { Play = play });
        await table.HomeAsync(default);

        Assert.Equal(44.9875, await table.ElevateAsync(45, default), 9);
        double up = board.Load(Axis.Elevation);
        Assert.Equal(20.0125, await table.ElevateAsync(20, default), 9);
        double down = board.Load(Axis.Elevation);
        await table.ElevateAsync(45, default);

        Assert.Equal(up, board.Load(Axis.Elevation), 1e-6);
        Assert.Equal(222, up - down, 1e-6);
        Assert.Equal(0, board.Load());
        board.Fault = _ => 5;
        Assert.Contains("elevation arm", (await Assert.ThrowsAsync<PositionLostException>(() => table.ElevateAsync(30, default))).Message);
    }

    [Theory]
    [InlineData(4.9)]
    [InlineData(60.1)]
    [InlineData(double.NaN)]
    public async Task An_angle_beyond_the_arm_moves_nothing(double degrees)
    {
        (BoardTurntable table, PlayfulBoard board) = Rig(new TestOptions { Elevation = new ElevationOptions { HomeDegrees = 10, MinDegrees = 5, MaxDegrees = 60 } });
        await table.HomeAsync(default);

        WorkFailedException refused = await Assert.ThrowsAsync<WorkFailedException>(() => table.ElevateAsync(degrees, default));

        Assert.Contains("from 5.0 to 60.0", refused.Message);
        Assert.Empty(board.Moves);
    }

    [Fact]
    public async Task A_table_without_an_arm_says_so()
    {
        Assert.Contains("no elevation arm", (await Assert.ThrowsAsync<WorkFailedException>(() => Rig(new TestOptions()).Table.ElevateAsync(30, default))).Message);
        ITurntable simulated = new SimulatedTurntable(new SimulatedTurntableOptions(), new Seed(1), new VirtualTime(Start));
        Assert.Contains("no elevation arm", (await Assert.ThrowsAsync<WorkFailedException>(() => simulated.ElevateAsync(30, default))).Message);
    }

    private sealed record TestOptions : BoardTurntableOptions;
}
