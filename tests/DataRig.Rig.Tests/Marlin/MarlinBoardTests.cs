using DataRig.Core;
using DataRig.Rig.Marlin;
using DataRig.Rig.Tests.Gcode;
using DataRig.Rig.Tests.Lines;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.Marlin;

/// <summary>What is particular to Marlin; <see cref="GcodeBoardTests"/> has what it shares.</summary>
public sealed class MarlinBoardTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>Every line is checked, if by 8 bits only: in 10,000 moves a line that passed though spoiled may cost a homing.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Through_a_bad_cable_every_step_is_made_and_every_position_is_right(bool okAfterResend, bool workspaces)
    {
        (ITransport near, ITransport far) = MemoryLine.Pair();
        await using ScriptedMarlin device = new(far) { OkAfterResend = okAfterResend, HasWorkspaces = workspaces, Scale = 88.889f };

        int lost = await BadCable.ProveAsync(near, device, host => new MarlinFirmware(host, new MarlinOptions { IndexSwitch = true }, QuickTimings.Value, TimeProvider.System), new Seed(17), output);

        Assert.InRange(lost, 0, QuickTimings.Moves / 5000);
    }

    [Fact]
    public async Task A_board_that_counts_its_lines_from_elsewhere_is_told_the_number_and_loses_nothing()
    {
        await using GcodeRig<ScriptedMarlin> rig = await GcodeRig.MarlinAsync(_ => { });
        await rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 8000, 80_000), Never);
        await rig.Host.WriteAsync(MarlinLine.Encode(52_401, "M110"), Never);

        Assert.Equal(200, await rig.Board.MoveAsync(new BoardMove(Axis.Table, 200, 8000, 80_000), Never));
        Assert.Equal(200, rig.Device.Steps());
    }

    [Fact]
    public Task Busy_is_patience_and_no_answer() => Patience.HoldsAsync(async times =>
    {
        LineTimings timings = QuickTimings.Value with { Answer = TimeSpan.FromMilliseconds(40 * times), Silences = 2 };
        await using GcodeRig<ScriptedMarlin> rig = await GcodeRig.MarlinAsync(d => d.BusyEvery = timings.Answer / 4, timings: timings);
        rig.Device.MoveTime = 8 * timings.Answer; // longer than all the silences that would end the link
        rig.Device.Taken.Clear();

        Assert.Equal(-80, await rig.Board.MoveAsync(new BoardMove(Axis.Table, -80, 80_000, 800_000), Never));

        Assert.Equal(1, rig.Device.Taken.Count(t => t == "M400"));
    });

    [Fact]
    public async Task The_caller_counts_microsteps_whatever_the_boards_unit_is()
    {
        await using GcodeRig<ScriptedMarlin> rig = await GcodeRig.MarlinAsync(_ => { }, scale: 8.8888889f);

        foreach (long target in (long[])[1, 2, 3, -7, 21_333, 1_000_001, 3_999_999, -3_999_999, 0])
        {
            Assert.Equal(target, await rig.Board.MoveAsync(new BoardMove(Axis.Table, target, 1e6, 1e9), Never));
            Assert.Equal(target, rig.Device.Steps());
        }
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    public async Task A_long_count_begins_anew_where_the_build_can_do_that(bool workspaces, bool subcodes, bool anew)
    {
        await using GcodeRig<ScriptedMarlin> rig = await GcodeRig.MarlinAsync(d => (d.HasWorkspaces, d.HasSubcodes) = (workspaces, subcodes));
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
    public async Task A_board_that_halts_is_said_in_its_own_words()
    {
        await using GcodeRig<ScriptedMarlin> rig = await GcodeRig.MarlinAsync(_ => { });
        await rig.Device.SayAsync("Error:Printer halted. kill() called!\n");
        rig.Device.IsSilent = true;

        PositionLostException halted = await Assert.ThrowsAsync<PositionLostException>(() => rig.Board.MoveAsync(new BoardMove(Axis.Table, 100, 8000, 80_000), Never));

        Assert.Contains("kill() called", halted.Message);
        Assert.Contains("reset button", halted.Message);
    }

    [Fact]
    public async Task A_switch_that_the_firmware_was_built_without_is_named()
    {
        await using GcodeRig<ScriptedMarlin> rig = await GcodeRig.MarlinAsync(_ => { });

        WorkFailedException none = await Assert.ThrowsAsync<WorkFailedException>(() => rig.Board.ReadSwitchAsync(Axis.Elevation, Never));
        Assert.Contains("Y endstop", none.Message);
    }

    [Fact]
    public async Task Lights_and_holding_are_plain_commands()
    {
        await using GcodeRig<ScriptedMarlin> rig = await GcodeRig.MarlinAsync(_ => { }, new MarlinOptions { Lights = ["M106 P0", "M355"] });
        rig.Device.Taken.Clear();

        await rig.Board.SetLightAsync(0, 0.5, Never);
        await rig.Board.SetLightAsync(1, 1, Never);
        await rig.Board.SetLightAsync(1, 0, Never);
        await rig.Board.HoldAsync(true, Never);
        await rig.Board.HoldAsync(false, Never);

        Assert.Equal(["M106 P0 S128", "M355 S1 P255", "M355 S0", "M400", "M17", "M400", "M84"], rig.Device.Taken);
        Assert.Equal(2, rig.Board.Identity.LightChannels);
    }

    [Fact]
    public async Task Lights_that_burned_before_a_reset_burn_after_it()
    {
        await using GcodeRig<ScriptedMarlin> rig = await GcodeRig.MarlinAsync(_ => { }, new MarlinOptions { IndexSwitch = true, Lights = ["M106 P0", "M355"] });
        await rig.Board.SetLightAsync(0, 0.5, Never);
        await rig.Device.ResetAsync();
        rig.Device.Taken.Clear();

        await rig.Board.HomeAsync(new BoardMove(Axis.Table, 0, 500, 1000), Never);

        Assert.Contains("M106 P0 S128", rig.Device.Taken);
        Assert.DoesNotContain(rig.Device.Taken, t => t.StartsWith("M355", StringComparison.Ordinal));
    }
}
