using System.Globalization;
using DataRig.Core;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>Measures gear and play against the index switch, and says what to write into the configuration.</summary>
internal static class DoctorCalibration
{
    /// <summary>Turns that differ by more than this, in degrees of the table, are told of.</summary>
    private const double MostSpreadDegrees = 0.1;

    /// <param name="board">Left with its motors free.</param>
    /// <exception cref="WorkFailedException">Nobody answers, the board has no switch, or it was not met.</exception>
    public static async Task<IReadOnlyList<Finding>> RunAsync(IBoard board, BoardTurntableOptions options, int turns, DoctorQuestions person, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        if (!await person.ReadyAsync($"The turntable will turn {turns + 1} times or a little more, and back and forth at its switch, for some minutes. Clear it, and keep a hand at the motor supply's plug.", cancel).ConfigureAwait(false))
        {
            return [];
        }

        return await DoctorMove.FreeAfterAsync(board, async () => Judge(options, await Calibration.MeasureAsync(board, options, turns, progress, cancel).ConfigureAwait(false))).ConfigureAwait(false);
    }

    /// <summary>What a measurement means for the settings.</summary>
    public static IReadOnlyList<Finding> Judge(BoardTurntableOptions options, CalibrationResult result)
    {
        double spreadDegrees = result.TurnSpreadMicrosteps * 360 / result.MicrostepsPerTurn;
        GearRatio configured = options.GearRatio, shouldBe = result.SuggestedGearRatio;
        bool sameGear = (long)configured.Motor * shouldBe.Table == (long)shouldBe.Motor * configured.Table;
        bool samePlay = options.BacklashDegrees >= result.BacklashDegrees;
        return
        [
            spreadDegrees <= MostSpreadDegrees
                ? new Finding("turns", true, Text($"{result.Turns} turns of {result.MicrostepsPerTurn:0.##} microsteps, alike to {result.TurnSpreadMicrosteps:0} ({spreadDegrees:F3} degrees)"))
                : new Finding("turns", false, Text($"{result.Turns} turns of {result.MicrostepsPerTurn:0.##} microsteps differ by up to {result.TurnSpreadMicrosteps:0} ({spreadDegrees:F2} degrees)"), "tighten the belt and the switch, lower \"accelerationDegreesPerSecondSquared\" by half, and measure again"),
            new Finding("gear", sameGear, Text($"{shouldBe.Motor} turns of the motor to {shouldBe.Table} of the table; configured are {configured.Motor} to {configured.Table}"), sameGear ? null : Text($"set under \"turntable\": \"gearRatio\": [{shouldBe.Motor}, {shouldBe.Table}]")),
            new Finding("backlash", samePlay, Text($"{result.BacklashDegrees:F3} degrees of play, the switch's own in it; configured are {options.BacklashDegrees:0.###}"), samePlay ? null : Text($"set under \"turntable\": \"backlashDegrees\": {result.SuggestedBacklashDegrees:0.##}")),
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
