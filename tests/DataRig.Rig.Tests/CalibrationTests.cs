using CsCheck;
using DataRig.Core;

namespace DataRig.Rig.Tests;

public sealed class CalibrationTests
{
    private static readonly SimulatedTurntableOptions Options = new() { GearRatio = new GearRatio(20, 3) };

    private static Task<CalibrationResult> MeasureAsync(PlayfulBoard board, int turns, SimulatedTurntableOptions? options = null) =>
        Calibration.MeasureAsync(board, options ?? Options, turns, new Progress<StageProgress>(), default);

    [Theory]
    [InlineData(0.0, 12_345.0)]
    [InlineData(1.0, 12_345.0)]
    [InlineData(80.0, 12_345.0)]
    [InlineData(80.0, 0.0)] // begun on the switch
    [InlineData(7.25, 21_300.0)]
    public async Task The_gear_and_its_play_are_found_to_the_microstep(double play, double switchAt)
    {
        PlayfulBoard board = new() { Turn = 200 * 16 * 20 / 3.0, Play = play, SwitchAt = switchAt, SwitchWidth = 300 };

        CalibrationResult found = await MeasureAsync(board, 6);

        Assert.Equal(21_333.333, found.MicrostepsPerTurn, 1.0 / 6);
        Assert.InRange(found.TurnSpreadMicrosteps, 0, 1);
        Assert.InRange(found.BacklashMicrosteps, play, play + 2);
        Assert.Equal(new GearRatio(20, 3), found.SuggestedGearRatio);
        Assert.InRange(found.SuggestedBacklashDegrees, found.BacklashDegrees, (found.BacklashDegrees * 1.1) + 0.1);
    }

    [Fact]
    public async Task A_gear_that_was_configured_wrong_is_found_all_the_same()
    {
        PlayfulBoard board = new() { Turn = 200 * 16 * 5.5, SwitchAt = 900, SwitchWidth = 200 };

        CalibrationResult found = await MeasureAsync(board, 4, Options with { GearRatio = new GearRatio(4, 1) });

        Assert.Equal(new GearRatio(11, 2), found.SuggestedGearRatio);
    }

    [Fact]
    public async Task A_motor_that_turns_the_other_way_is_measured_the_other_way()
    {
        PlayfulBoard board = new() { Turn = 6_400, Play = 30, SwitchAt = 900, SwitchWidth = 200 };

        CalibrationResult found = await MeasureAsync(board, 2, Options with { GearRatio = new GearRatio(2, 1), Reversed = true });

        Assert.Equal(6_400, found.MicrostepsPerTurn);
        Assert.InRange(found.BacklashMicrosteps, 30, 32);
    }

    [Fact]
    public void Any_simple_gear_is_named_from_its_turns() =>
        Gen.Select(Gen.Int[1, 100], Gen.Int[1, 12]).Sample((motor, table) =>
        {
            GearRatio found = Calibration.Simplest(3_200.0 * motor / table, 0.2, 3_200);
            Assert.Equal(3_200.0 * motor / table, 3_200.0 * found.Motor / found.Table, 0.2);
            Assert.True(found.Table <= table);
        });

    [Theory]
    [InlineData(0, "stayed open")]
    [InlineData(1e9, "stayed closed")]
    public async Task A_switch_that_never_changes_is_an_answer_too(double width, string sentence)
    {
        WorkFailedException failed = await Assert.ThrowsAsync<WorkFailedException>(() => MeasureAsync(new PlayfulBoard { Turn = 21_333, SwitchWidth = width }, 1));

        Assert.Contains(sentence, failed.Message);
    }

    [Fact]
    public async Task A_board_without_a_switch_or_without_a_way_to_read_it_says_so()
    {
        PlayfulBoard none = new() { Identity = new BoardIdentity("grbl", "Grbl 1.1h", false, 0) };
        Assert.Contains("says that it has none", (await Assert.ThrowsAsync<WorkFailedException>(() => MeasureAsync(none, 1))).Message);
        Assert.Empty(none.Moves);

        Assert.Contains("cannot tell", (await Assert.ThrowsAsync<WorkFailedException>(() => ((IBoard)new BlindBoard()).ReadSwitchAsync(Axis.Table, default))).Message);
    }

    [Fact]
    public async Task The_guided_move_goes_there_and_back()
    {
        PlayfulBoard board = new();
        GuidedMove move = new(Axis.Table, new SimulatedTurntableOptions { Reversed = true });

        Assert.Equal(89, await move.ForwardAsync(board, 10, default));
        Assert.True(board.Holding);
        Assert.Equal(-89, board.Load());
        Assert.Equal(new BoardMove(Axis.Table, -89, 200, 400), board.Moves[^1]);
        await move.BackAsync(board, default);
        Assert.Equal(0, board.Load());
    }

    [Theory]
    [InlineData(Seen.WrongWay, 0, "\"reversed\": true")]
    [InlineData(Seen.WrongAngle, 20, "\"microsteps\": 8")]
    [InlineData(Seen.WrongAngle, 2.5, "\"microsteps\": 64")]
    [InlineData(Seen.WrongAngle, 15, "about 4.444 turns")]
    [InlineData(Seen.WrongAngle, 0, "Measure the angle")]
    [InlineData(Seen.Shook, 0, "coils")]
    [InlineData(Seen.Nothing, 0, "power supply")]
    public void What_was_seen_tells_what_to_change(Seen seen, double observed, string advice) =>
        Assert.Contains(advice, new GuidedMove(Axis.Table, Options).Advice(seen, 10, observed));

    [Fact]
    public void What_was_expected_needs_no_advice() => Assert.Null(new GuidedMove(Axis.Table, Options).Advice(Seen.AsExpected, 10));

    /// <summary>A board that implements no more than it must.</summary>
    private sealed class BlindBoard : IBoard
    {
        public BoardIdentity Identity { get; } = new("blind", "1", true, 0);

        public Task<long> HomeAsync(BoardMove slowly, CancellationToken cancel) => Task.FromResult(0L);

        public Task<long> SetPositionAsync(Axis axis, long microsteps, CancellationToken cancel) => Task.FromResult(microsteps);

        public Task<long> MoveAsync(BoardMove move, CancellationToken cancel) => Task.FromResult(move.TargetMicrosteps);

        public Task HoldAsync(bool hold, CancellationToken cancel) => Task.CompletedTask;

        public Task SetLightAsync(int channel, double level, CancellationToken cancel) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
