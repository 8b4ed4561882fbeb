using DataRig.Core;
using DataRig.Rig.Grbl;
using DataRig.Rig.Tests.Gcode;
using DataRig.Rig.Tests.Lines;

namespace DataRig.Rig.Tests.Grbl;

/// <summary>What is particular to grbl; <see cref="GcodeBoardTests"/> has what it shares.</summary>
public sealed class GrblBoardTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly GrblOptions WithSwitch = new() { IndexSwitch = true };

    /// <summary>
    /// Without checksums a spoiled line may turn the table elsewhere for a moment, and a flipped bit makes a reset of an 8. What is
    /// guaranteed: whenever a move returns, the motors stand at the plan's step, on all axes, and the report is right. A
    /// reset at rest is got over without a homing, unless it comes where the board's count would prove nothing.
    /// </summary>
    [Fact]
    public async Task Through_a_bad_cable_every_move_ends_at_the_plans_step_and_every_position_is_right()
    {
        (ITransport near, ITransport far) = MemoryLine.Pair();
        await using ScriptedGrbl device = new(far);
        device.Settings[22] = 1;

        int lost = await BadCable.ProveAsync(near, device, host => new GrblFirmware(host, WithSwitch, QuickTimings.Value, TimeProvider.System), new Seed(23), output);

        output.WriteLine($"The board was reset {device.SoftResets} times by spoiled bytes, {device.Taken.Count(t => t == "$C")} of them to leave the check mode that a $g had become.");
        Assert.InRange(lost, 0, 1 + (QuickTimings.Moves / 500));
    }

    [Fact]
    public async Task A_hold_made_by_noise_is_let_go()
    {
        await using GcodeRig<ScriptedGrbl> rig = await GcodeRig.GrblAsync(_ => { });
        TaskCompletionSource arrived = new();
        Task<long> move = await rig.MovingAsync(800, arrived.Task);
        await rig.Host.WriteAsync("!"u8.ToArray(), Never);
        arrived.SetResult();

        Assert.Equal(800, await move);

        await rig.Host.WriteAsync("!"u8.ToArray(), Never); // and at rest, where it holds up whatever comes next
        Assert.Equal(900, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 900, 8000, 800_000), Never));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_soft_reset_at_rest_loses_nothing(bool indexSwitch) => Patience.HoldsAsync(async _ =>
    {
        await using GcodeRig<ScriptedGrbl> rig = await GcodeRig.GrblAsync(d => d.Settings[22] = indexSwitch ? 1 : 0, new GrblOptions { IndexSwitch = indexSwitch, SpindleLight = true });
        await rig.Board.SetPositionAsync(Axis.Table, 5000, Never);
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 5100, 8000, 80_000), Never);
        await rig.Board.SetLightAsync(0, 0.25, Never);

        await ResetAsync(rig);

        // Heard of before the next line is sent, unless the machine is busy.
        Assert.Equal(5200, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 5200, 8000, 80_000), Never));
        Assert.Equal(200, rig.Device.Steps());
        Assert.Equal(250, rig.Device.Spindle); // the reset had put it out
        Assert.Equal(1, rig.Device.SoftResets);
    });

    [Fact]
    public async Task A_soft_reset_in_motion_is_a_lost_position()
    {
        await using GcodeRig<ScriptedGrbl> rig = await GcodeRig.GrblAsync(_ => { });
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 8000, 80_000), Never);
        Task<long> move = await rig.MovingAsync(3000);

        await ResetAsync(rig);

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => move);
        Assert.Contains("reset in motion", lost.Message);
        Assert.Equal(0, await rig.Board.SetPositionAsync(Axis.Table, 0, Never));
    }

    /// <summary>At zero, where a start from power counts from, too; and where the board may have been sent to from there.</summary>
    [Theory]
    [InlineData(0, 3000)]
    [InlineData(100, 100)]
    public async Task Where_the_count_proves_nothing_a_soft_reset_is_a_lost_position(long at, long to)
    {
        await using GcodeRig<ScriptedGrbl> rig = await GcodeRig.GrblAsync(_ => { });
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, at, 8000, 80_000), Never);
        rig.Device.ResetsAtDwell = at == to;
        if (at != to)
        {
            await ResetAsync(rig);
        }

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, to, 8000, 80_000), Never));
        Assert.Contains("was reset", lost.Message);
        Assert.Equal(0, await rig.Board.SetPositionAsync(Axis.Table, 0, Never));
    }

    [Fact]
    public async Task Check_mode_is_left()
    {
        await using GcodeRig<ScriptedGrbl> rig = await GcodeRig.GrblAsync(_ => { });
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 8000, 80_000), Never);
        await rig.Host.WriteAsync("$c\n"u8.ToArray(), Never); // what a flipped bit makes of $g

        Assert.Equal(200, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 200, 8000, 80_000), Never));
        Assert.Equal(200, rig.Device.Steps());
    }

    [Fact]
    public async Task An_alarm_is_said_in_plain_words()
    {
        await using GcodeRig<ScriptedGrbl> rig = await GcodeRig.GrblAsync(_ => { });
        await rig.Device.SayAsync("ALARM:1\r\n");

        PositionLostException alarm = await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 1, 100, 100), Never));
        Assert.Contains("a limit switch was hit", alarm.Message);
    }

    [Fact]
    public async Task Homing_that_the_board_refuses_is_said_in_plain_words()
    {
        await using GcodeRig<ScriptedGrbl> rig = await GcodeRig.GrblAsync(_ => { }, WithSwitch);

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
        WorkFailedException unfit = await Assert.ThrowsAsync<WorkFailedException>(() => GcodeRig.GrblAsync(d => d.Settings[setting] = value));

        Assert.Contains(cure, unfit.Message);
    }

    [Fact]
    public async Task A_board_that_lets_go_between_moves_cannot_be_told_to_hold()
    {
        await using GcodeRig<ScriptedGrbl> rig = await GcodeRig.GrblAsync(d => d.Settings[1] = 25);

        WorkFailedException unfit = await Assert.ThrowsAsync<WorkFailedException>(() => rig.Board.HoldAsync(true, Never));
        Assert.Contains("$1=255", unfit.Message);
    }

    [Fact]
    public async Task Letting_go_is_sleep()
    {
        await using GcodeRig<ScriptedGrbl> rig = await GcodeRig.GrblAsync(_ => { });

        await rig.Board.HoldAsync(false, Never);

        Assert.Contains("$SLP", rig.Device.Taken);
    }

    [Fact]
    public async Task The_light_is_the_spindle()
    {
        await using GcodeRig<ScriptedGrbl> rig = await GcodeRig.GrblAsync(_ => { }, new GrblOptions { SpindleLight = true });

        await rig.Board.SetLightAsync(0, 0.25, Never);
        Assert.Equal(250, rig.Device.Spindle);
        await rig.Board.SetLightAsync(0, 0, Never);
        Assert.Equal(0, rig.Device.Spindle);
    }

    [Theory]
    [InlineData("1200", "1200")]
    [InlineData("1280.5", "1279.9")]
    [InlineData("1208", "1207")]
    [InlineData("12.58", "12.57")]
    [InlineData("850", "850")] // a twelfth of the speed is no small price
    public void A_feed_rate_is_said_without_what_a_flipped_bit_makes_a_reset(string feed, string said) => Assert.Equal(said, GrblFirmware.WithoutReset(feed));

    private static async Task ResetAsync(GcodeRig<ScriptedGrbl> rig)
    {
        await rig.Host.WriteAsync(new[] { GrblLink.Reset }, Never);
        await Patience.UntilAsync(() => rig.Device.SoftResets > 0);
    }
}
