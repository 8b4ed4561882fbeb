using DataRig.Core;

namespace DataRig.Rig;

/// <summary>What turning past the index switch has shown.</summary>
/// <param name="Turns">Turns of the table that were measured.</param>
/// <param name="MicrostepsPerTurn">The mean over all of them.</param>
/// <param name="TurnSpreadMicrosteps">The longest turn less the shortest.</param>
/// <param name="BacklashMicrosteps">The mean way that the motor turns back before the table follows; the switch's own play is in it.</param>
/// <param name="BacklashSpreadMicrosteps">The widest less the narrowest.</param>
/// <param name="BacklashDegrees">The same as an angle of the table as it was measured.</param>
/// <param name="SuggestedGearRatio">The simplest ratio that explains the turns, with the motor and microsteps as configured.</param>
public sealed record CalibrationResult(
    int Turns,
    double MicrostepsPerTurn,
    double TurnSpreadMicrosteps,
    double BacklashMicrosteps,
    double BacklashSpreadMicrosteps,
    double BacklashDegrees,
    GearRatio SuggestedGearRatio)
{
    /// <summary>The backlash to configure: what was measured at its widest and a tenth more, in hundredths of a degree.</summary>
    public double SuggestedBacklashDegrees =>
        Math.Ceiling((BacklashDegrees + (BacklashSpreadMicrosteps * 180 / MicrostepsPerTurn)) * 110) / 100;
}

/// <summary>
/// Measures a turntable against its index switch: the same edge of the switch, met again after each turn, tells the microsteps in
/// a turn; the same edge met from its two sides tells the play of the gear.
/// </summary>
public static class Calibration
{
    /// <summary>How far a search may miss the settings: the switch is looked for over two configured turns.</summary>
    private const double SearchTurns = 2;

    /// <param name="board">A board that can read its switch. It is homed, turned, and left standing at the switch.</param>
    /// <param name="options">The settings to begin with; they may be wrong by half.</param>
    /// <param name="turns">How many turns to measure, at least 1; more tell the ratio more finely.</param>
    /// <exception cref="WorkFailedException">The board has no switch or cannot read it, or the switch was not met.</exception>
    public static async Task<CalibrationResult> MeasureAsync(IBoard board, TurntableOptions options, int turns, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentOutOfRangeException.ThrowIfLessThan(turns, 1);
        if (!board.Identity.HasIndexSwitch)
        {
            throw new WorkFailedException($"Calibration measures against an index switch, and the {board.Identity.Dialect} board ({board.Identity.Firmware}) says that it has none. Wire one and set it up, or measure by hand: see docs/turntable.md.");
        }

        BoardAxis axis = new(Axis.Table, options with { Home = Homing.Here });
        await axis.HomeAsync(board, 0, cancel).ConfigureAwait(false);
        SwitchEdge edge = new(board, axis, cancel);
        List<long> met = [], play = [];
        long turn = axis.Stepper.StopMicrosteps(1, 1), from = 0;
        for (int i = 0; i <= turns; i++)
        {
            progress.Report(new StageProgress("Calibrate", i, turns, i == 0 ? "looking for the switch" : $"turn {i}"));
            long at = await edge.ClosingForwardAsync(from, (long)(SearchTurns * turn)).ConfigureAwait(false);
            met.Add(at);
            play.Add(at - await edge.OpeningBackwardAsync(at).ConfigureAwait(false));

            // The next turn begins past the switch; from the second on it is known how long a turn really is.
            from = at + (i == 0 ? edge.Coarse : met[^1] - met[^2] - (4 * edge.Coarse));
        }

        progress.Report(new StageProgress("Calibrate", turns, turns));
        long[] lengths = [.. met.Skip(1).Zip(met, (b, a) => b - a)];
        double mean = (double)(met[^1] - met[0]) / turns;
        double error = Math.Max(1, lengths.Max() - lengths.Min()) / (double)turns;
        return new CalibrationResult(
            turns,
            mean,
            lengths.Max() - lengths.Min(),
            play.Average(),
            play.Max() - play.Min(),
            play.Average() * 360 / mean,
            Simplest(mean, error, (long)options.FullStepsPerRevolution * options.Microsteps));
    }

    /// <summary>The ratio with the smallest table turns that lies within the error of what was measured.</summary>
    internal static GearRatio Simplest(double microstepsPerTurn, double error, long motorMicrosteps)
    {
        for (int table = 1; ; table++)
        {
            int motor = (int)Math.Max(1, Math.Round(microstepsPerTurn * table / motorMicrosteps));
            if (Math.Abs(((double)motor * motorMicrosteps / table) - microstepsPerTurn) <= error || table == 1_000)
            {
                return new GearRatio(motor, table);
            }
        }
    }

    /// <summary>Finds one edge of the switch to the microstep, always coming from the same side.</summary>
    private sealed class SwitchEdge(IBoard board, BoardAxis axis, CancellationToken cancel)
    {
        /// <summary>The steps of a search: half a degree, and so the narrowest switch that is found for certain.</summary>
        public long Coarse { get; } = Math.Max(2, axis.Stepper.ToMicrosteps(0.5));

        /// <summary>Where the switch closes as the table turns on from an open place.</summary>
        public async Task<long> ClosingForwardAsync(long from, long within)
        {
            long at = from;
            await GoAsync(at).ConfigureAwait(false);
            await PassAsync(true, within).ConfigureAwait(false); // begun on the switch: leave it first
            long began = axis.At!.Value;
            await PassAsync(false, within).ConfigureAwait(false);
            at = axis.At!.Value;
            return at == began
                ? throw Stuck("open", within)
                : await CloseInAsync(at - Coarse, at, +1, closes: true).ConfigureAwait(false);
        }

        /// <summary>Where the switch opens as the table turns back off the edge that it has just met.</summary>
        public async Task<long> OpeningBackwardAsync(long edge)
        {
            await GoAsync(edge + Coarse).ConfigureAwait(false);
            long at = edge;
            for (int tries = 0; await MetAtAsync(at).ConfigureAwait(false); tries++)
            {
                at -= Coarse;
                if (tries == 60)
                {
                    throw Stuck("closed", 60 * Coarse);
                }
            }

            return await CloseInAsync(at + Coarse, at, -1, closes: false).ConfigureAwait(false) + 1;
        }

        /// <summary>Turns on in coarse steps while the switch is as said.</summary>
        private async Task PassAsync(bool met, long within)
        {
            long end = axis.At!.Value + within;
            for (long at = axis.At.Value; await MetAtAsync(at).ConfigureAwait(false) == met; at += Coarse)
            {
                if (at > end)
                {
                    throw Stuck(met ? "closed" : "open", within);
                }
            }
        }

        /// <summary>Halves the way between a place before the edge and one behind it, coming from far enough before it each time.</summary>
        private async Task<long> CloseInAsync(long before, long behind, int direction, bool closes)
        {
            long runUp = direction * Coarse * 8;
            while (Math.Abs(behind - before) > 1)
            {
                long middle = before + ((behind - before) / 2);
                await GoAsync(before - runUp).ConfigureAwait(false);
                (before, behind) = await MetAtAsync(middle).ConfigureAwait(false) == closes ? (before, middle) : (middle, behind);
            }

            await GoAsync(before - runUp).ConfigureAwait(false);
            await GoAsync(behind).ConfigureAwait(false);
            return behind;
        }

        private async Task<bool> MetAtAsync(long at)
        {
            await GoAsync(at).ConfigureAwait(false);
            return await board.ReadSwitchAsync(Axis.Table, cancel).ConfigureAwait(false);
        }

        private Task GoAsync(long at) => axis.At == at ? Task.CompletedTask : axis.MoveAsync(board, at, cancel);

        private static WorkFailedException Stuck(string level, long within) =>
            new($"The index switch stayed {level} over {within} microsteps. See that the table really turns and that something passes the switch once a turn; if it reads {level} even by hand, look at its wires and its active level.");
    }
}
