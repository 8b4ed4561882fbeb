using DataRig.Jobs;
using DataRig.Rig;

namespace DataRig.Tests;

/// <summary>What the guided move advises, by how the motor is wired.</summary>
public sealed class DoctorMoveTests
{
    [Theory]
    [InlineData(5, true, "n", "\"enableActiveLow\": false")]
    [InlineData(5, false, "n", "\"enableActiveLow\": true")]
    [InlineData(null, true, "y", "wire its EN to a pin")]
    [InlineData(5, true, "y", "does not hear the board")]
    public async Task An_enable_pin_that_does_not_free_the_motor(int? pin, bool activeLow, string holds, string remedy)
    {
        GpioTurntableOptions wired = new() { Motor = new GpioMotorOptions { StepPin = 1, DirectionPin = 2, EnablePin = pin, EnableActiveLow = activeLow } };

        IReadOnlyList<Finding> findings = await MoveAsync(wired, new FakeBoard { HasSwitch = false }, $"s\n\n{holds}\nn\n");

        Assert.Contains(remedy, Assert.Single(findings).Remedy);
    }

    [Theory]
    [InlineData("gpio", true, "\"switchActiveLow\": false")]
    [InlineData("gpio", false, "\"switchActiveLow\": true")]
    [InlineData("riglink", true, "\"switchOpens\": false")]
    [InlineData("riglink", false, "\"switchOpens\": true")]
    [InlineData("grbl", false, "$5=1")]
    [InlineData("marlin", false, "X_MIN_ENDSTOP_HIT_STATE")]
    [InlineData("another", false, "NO instead of NC")]
    public async Task A_switch_that_is_seen_the_wrong_way_round(string dialect, bool set, string remedy)
    {
        BoardTurntableOptions wired = dialect == "gpio"
            ? new GpioTurntableOptions { Motor = new GpioMotorOptions { StepPin = 1, DirectionPin = 2, SwitchPin = 3, SwitchActiveLow = set } }
            : new SerialTurntableOptions { Board = new() { RigLink = new() { SwitchOpens = set } } };
        FakeBoard board = new() { Dialect = dialect };
        board.Switch.Enqueue(true);
        board.Switch.Enqueue(false);

        IReadOnlyList<Finding> findings = await MoveAsync(wired, board, "s\ns\n\n\n");

        Assert.Contains(remedy, Assert.Single(findings).Remedy);
    }

    [Fact]
    public async Task An_arm_is_moved_as_well_and_no_farther_than_it_has_room()
    {
        SerialTurntableOptions armed = new() { Board = new(), Elevation = new ElevationOptions() };
        FakeBoard little = new() { HasSwitch = false }, much = new() { HasSwitch = false };

        await MoveAsync(armed, little, "\n1\n\n1\ns\n", degrees: 10);
        IReadOnlyList<Finding> findings = await MoveAsync(armed, much, "\n1\n\n1\ns\n", degrees: 90);

        Assert.Equal(["turntable", "elevation arm"], findings.Select(f => f.What));
        Assert.True(much.Moves[0].TargetMicrosteps > little.Moves[0].TargetMicrosteps);
        Assert.Equal(2, much.Moves.Count(m => m.Axis == Axis.Elevation));
        Assert.Equal(little.Moves.Where(m => m.Axis == Axis.Elevation), much.Moves.Where(m => m.Axis == Axis.Elevation));
    }

    private static Task<IReadOnlyList<Finding>> MoveAsync(BoardTurntableOptions wired, FakeBoard board, string answers, double degrees = 10) =>
        new DoctorMove(wired, new DoctorQuestions(new StringReader(answers), new StringWriter())).RunAsync(board, degrees, TestContext.Current.CancellationToken);
}
