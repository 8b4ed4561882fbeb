using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig doctor</c>: what of this machine and its rig works, and what to do about the rest.</summary>
internal static class DoctorCommand
{
    private const double UsualDegrees = 10;
    private const int UsualTurns = 3;

    public static Command Create()
    {
        Option<string?> shot = new("--shot") { Description = "Keep the test shot.", HelpName = "FILE" };
        Option<double?> move = new("--move") { Description = "Instead of the checks, turn by so many degrees (default 10) and back, and ask what was seen.", HelpName = "DEGREES", Arity = ArgumentArity.ZeroOrOne };
        Option<int?> calibrate = new("--calibrate") { Description = "Instead of the checks, measure gear and play against the index switch over so many turns (default 3).", HelpName = "TURNS", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("doctor", "Check the machine, the rig and the configuration, and say what to mend.") { Flags.Rig, Flags.Data, shot, move, calibrate };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetResult(move) is not null && parsed.GetResult(calibrate) is not null)
            {
                parsed.AddError("--move and --calibrate are two things: first --move, then --calibrate.");
            }
        });
        Within(move, 0.1, 720, "degrees");
        Within(calibrate, 1, 100, "turns");
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            string rigFile = RigFile.Find(parsed.GetValue(Flags.Rig));
            DoctorReach reach = new();
            DoctorQuestions person = new(Console.In, Console.Error);
            IReadOnlyList<Finding> findings =
                parsed.GetResult(move) is not null
                    ? await AtTheBoardAsync(rigFile, reach, (board, table) => new DoctorMove(table, person).RunAsync(board, parsed.GetValue(move) ?? UsualDegrees, cancel), cancel).ConfigureAwait(false)
                : parsed.GetResult(calibrate) is not null
                    ? await AtTheBoardAsync(rigFile, reach, (board, table) => DoctorCalibration.RunAsync(board, table, parsed.GetValue(calibrate) ?? UsualTurns, person, new ProgressLines(Console.Error, TimeProvider.System), cancel), cancel).ConfigureAwait(false)
                : await output.WithProgressAsync(progress => new Doctor(rigFile, parsed.GetValue(Flags.Data) ?? Environment.CurrentDirectory, parsed.GetValue(shot), reach).ExamineAsync(progress, cancel)).ConfigureAwait(false);
            bool healthy = findings.All(f => f.Good);
            output.Result(new { healthy, findings }, console => Show(console, findings));
            return healthy ? 0 : 1;
        });
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> AtTheBoardAsync(string rigFile, DoctorReach reach, Func<IBoard, BoardTurntableOptions, Task<IReadOnlyList<Finding>>> work, CancellationToken cancel)
    {
        if (RigFile.Read(rigFile).Turntable is not BoardTurntableOptions table)
        {
            throw new WorkFailedException($"The turntable of {rigFile} is simulated and has no motor to move; name your rig's configuration with --rig.");
        }

        (IBoard board, _) = await reach.BoardAsync(table, cancel).ConfigureAwait(false);
        await using (board.ConfigureAwait(false))
        {
            return await work(board, table).ConfigureAwait(false);
        }
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            console.MarkupLine($"{(finding.Good ? "[green]ok  [/]" : "[red]bad [/]")} {Markup.Escape(finding.What),-14} {Markup.Escape(finding.Found)}");
            if (finding.Remedy is not null)
            {
                console.MarkupLineInterpolated($"                    [yellow]{finding.Remedy}[/]");
            }
        }
    }

    /// <summary>Refuses a number beyond its range; what is no number at all the parser refuses by itself.</summary>
    private static void Within(Option option, double least, double most, string unit) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ } token] && double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !(value >= least && value <= most))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} takes from {least} to {most} {unit}, found {token.Value}."));
        }
    });
}
