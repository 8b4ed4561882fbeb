using System.Globalization;
using DataRig.Core;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>The first move of a new rig, watched by a person: direction, steps, the driver's enable and the switch's polarity.</summary>
/// <param name="options">How the turntable is configured.</param>
/// <param name="person">Who watches.</param>
internal sealed class DoctorMove(BoardTurntableOptions options, DoctorQuestions person)
{
    /// <summary>An arm has less room than a table.</summary>
    private const double MostArmDegrees = 10;

    private static readonly (Seen Seen, string Words)[] Sights =
    [
        (Seen.AsExpected, "It turned so, by about that angle."),
        (Seen.WrongWay, "It turned the other way."),
        (Seen.WrongAngle, "It turned so, but by another angle."),
        (Seen.Shook, "It hummed, shook, or went back and forth."),
        (Seen.Nothing, "Nothing moved."),
    ];

    /// <param name="board">Left with its motors free.</param>
    /// <param name="degrees">How far to turn, and back.</param>
    /// <exception cref="WorkFailedException">Nobody answers, or the board fails.</exception>
    public async Task<IReadOnlyList<Finding>> RunAsync(IBoard board, double degrees, CancellationToken cancel)
    {
        IReadOnlyList<Finding?> findings = await FreeAfterAsync<IReadOnlyList<Finding?>>(board, async () =>
        [
            await MoveAsync(board, Axis.Table, options, degrees, cancel).ConfigureAwait(false),
            options.Elevation is { } arm ? await MoveAsync(board, Axis.Elevation, arm, Math.Min(degrees, MostArmDegrees), cancel).ConfigureAwait(false) : null,
            await EnableAsync(board, cancel).ConfigureAwait(false),
            await SwitchAsync(board, cancel).ConfigureAwait(false),
        ]).ConfigureAwait(false);
        return [.. findings.OfType<Finding>()];
    }

    /// <summary>Does something and leaves the motors without current, whatever became of it.</summary>
    public static async Task<T> FreeAfterAsync<T>(IBoard board, Func<Task<T>> work)
    {
        T result;
        try
        {
            result = await work().ConfigureAwait(false);
        }
        catch
        {
            try
            {
                await board.HoldAsync(false, CancellationToken.None).ConfigureAwait(false);
            }
            catch (WorkFailedException)
            {
                // The first failure is the one to be told.
            }

            throw;
        }

        await board.HoldAsync(false, CancellationToken.None).ConfigureAwait(false);
        return result;
    }

    private async Task<Finding?> MoveAsync(IBoard board, Axis axis, AxisOptions motor, double degrees, CancellationToken cancel)
    {
        (string name, string way) = axis == Axis.Table ? ("turntable", "counter-clockwise seen from above") : ("elevation arm", "upwards");
        if (!await person.ReadyAsync(Text($"The {name} will turn {degrees:0.##} degrees {way}, slowly, and back. Take off what could catch, and keep a hand at the motor supply's plug."), cancel).ConfigureAwait(false))
        {
            return null;
        }

        GuidedMove move = new(axis, motor);
        long steps = await move.ForwardAsync(board, degrees, cancel).ConfigureAwait(false);
        try
        {
            Seen seen = Sights[await person.ChooseAsync(Text($"The board says that it made {steps} microsteps. What did you see?"), [.. Sights.Select(s => s.Words)], cancel).ConfigureAwait(false)].Seen;
            double observed = seen == Seen.WrongAngle ? await person.MeasureAsync("By about how many degrees?", cancel).ConfigureAwait(false) : 0;
            string saw = seen == Seen.WrongAngle ? Text($"{observed:0.##} degrees were seen") : Sights.First(s => s.Seen == seen).Words.TrimEnd('.').ToLowerInvariant();
            return new Finding(name, seen == Seen.AsExpected, Text($"{degrees:0.##} degrees, {steps} microsteps, were ordered; {saw}"), move.Advice(seen, degrees, observed));
        }
        finally
        {
            if (!cancel.IsCancellationRequested)
            {
                await move.BackAsync(board, cancel).ConfigureAwait(false);
            }
        }
    }

    private async Task<Finding?> EnableAsync(IBoard board, CancellationToken cancel)
    {
        await board.HoldAsync(true, cancel).ConfigureAwait(false);
        if (!await person.ReadyAsync("Now whether the motor's current can be switched: try with a finger to turn the table, gently.", cancel).ConfigureAwait(false))
        {
            return null;
        }

        bool holds = await person.IsSoAsync("Does it resist?", cancel).ConfigureAwait(false);
        await board.HoldAsync(false, cancel).ConfigureAwait(false);
        bool free = await person.IsSoAsync("The current is switched off. Does it turn freely now?", cancel).ConfigureAwait(false);
        string found = $"{(holds ? "it holds" : "it does not hold")} with the current on, {(free ? "and is free" : "and is not free")} with it off";
        return new Finding("driver enable", holds && free, found, (holds, free) switch
        {
            (true, true) => null,
            (false, false) => options is GpioTurntableOptions { Motor: { EnablePin: not null } motor }
                ? $"the enable pin works the other way round: set \"enableActiveLow\": {(motor.EnableActiveLow ? "false" : "true")} under \"motor\""
                : "the enable level is the other way round: invert it in the firmware (grbl $4, Marlin X_ENABLE_ON)",
            (false, true) => "the motor gets no current: see its own power supply, the fuse, the coils' plugs, and the driver's current setting",
            (true, false) => options is GpioTurntableOptions { Motor.EnablePin: null }
                ? "the driver is always on: wire its EN to a pin and set \"enablePin\", or leave it so and mind the heat"
                : "the driver's EN pin does not hear the board: see that wire, and that no jumper ties EN to ground (grbl: $1 below 255)",
        });
    }

    private async Task<Finding?> SwitchAsync(IBoard board, CancellationToken cancel)
    {
        if (!board.Identity.HasIndexSwitch || !await person.ReadyAsync("Now the index switch: turn the table by hand until nothing meets it.", cancel).ConfigureAwait(false))
        {
            return null;
        }

        bool open = await board.ReadSwitchAsync(Axis.Table, cancel).ConfigureAwait(false);
        if (!await person.ReadyAsync("Press the switch, or turn the table until it is met, and keep it so.", cancel).ConfigureAwait(false))
        {
            return null;
        }

        bool pressed = await board.ReadSwitchAsync(Axis.Table, cancel).ConfigureAwait(false);
        return (open, pressed) switch
        {
            (false, true) => new Finding("index switch", true, "the board sees it open and met as it is"),
            (true, false) => new Finding("index switch", false, "the board sees it the wrong way round", Inverted(board.Identity)),
            _ => new Finding("index switch", false, $"the board sees it {(open ? "met" : "open")} whether it is pressed or not", "see its two wires and which input they are at; a switch to ground needs a pull-up, and one at the plug for the other end stop is not looked at"),
        };
    }

    private string Inverted(BoardIdentity board) => (board.Dialect, options) switch
    {
        (_, GpioTurntableOptions gpio) => $"set \"switchActiveLow\": {(gpio.Motor.SwitchActiveLow ? "false" : "true")} under \"motor\"",
        ("riglink", SerialTurntableOptions serial) => $"set \"switchOpens\": {(serial.Board.RigLink.SwitchOpens ? "false" : "true")} under \"board\".\"rigLink\", or use the switch's other contact",
        ("grbl", _) => "invert it: send $5=1 to the board, or $5=0 where it is 1; or use the switch's other contact",
        ("marlin", _) => "use the switch's other contact (NO instead of NC), or build the firmware with the other X_MIN_ENDSTOP_HIT_STATE",
        _ => "use the switch's other contact, NO instead of NC",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
