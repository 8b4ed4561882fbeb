using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig dataset leaks</c>: what both sides of a split have in common.</summary>
internal static class DatasetLeaks
{
    public static Command Create()
    {
        Option<bool> fix = new("--fix") { Description = "Move whole items to one side until nothing is on both." };
        Option<bool> drop = new("--drop") { Description = "Put the held-out frame of each pair aside, as 'dataset trash' does; for frames that are filed under the wrong item." };
        Command command = new("leaks", "Look for held-out frames that training knows already: the same file, the same picture in another guise, a stop of the same sweep. Ends with 1 if there are any.") { Flags.Data, Flags.Seed, fix, drop };
        command.Validators.Add(result =>
        {
            if (result.GetValue(fix) && result.GetValue(drop))
            {
                result.AddError("--fix moves items and --drop puts frames aside; ask for one of them.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            using Dataset dataset = Dataset.Open(parsed.GetValue(Flags.Data) ?? "data");
            Split split = SplitJob.EnsureSplit(dataset, new Seed(parsed.GetValue(Flags.Seed) ?? 1));
            LeakOutcome outcome = await output.WithProgressAsync(progress => Task.Run(() =>
                parsed.GetValue(fix) ? LeakJob.Fix(dataset, split, progress, cancel)
                : parsed.GetValue(drop) ? LeakJob.Drop(dataset, split, new EditedBy(Environment.UserName, "leaks", "held out, but known to training"), progress, cancel)
                : LeakJob.Look(dataset, split, progress, cancel))).ConfigureAwait(false);
            output.Result(Json(outcome), console => Draw(console, outcome));
            return outcome.Report.Leaks.Count == 0 ? 0 : 1;
        });
        return command;
    }

    /// <summary>Says which groups were moved.</summary>
    public static string Sentence(LeakMove move) => $"{move.Group} moves from {Name(move.From)} to {Name(move.To)}";

    private static object Json(LeakOutcome outcome) => new
    {
        known = outcome.Report.Known,
        held = outcome.Report.Held,
        leaks = outcome.Report.Leaks.Select(l => new { kind = l.Kind, held = Json(l.Held), known = Json(l.Known) }),
        sheet = outcome.Sheet,
        moved = outcome.Moves.Select(m => new { group = m.Group.ToString(), from = m.From, to = m.To }),
        dropped = outcome.Dropped.Select(Json),
    };

    private static object Json(FrameRecord frame) => new { frame = frame.Id.Value, part = frame.Part.Value, item = frame.Item.Value, picture = frame.ImagePath };

    private static void Draw(IAnsiConsole console, LeakOutcome outcome)
    {
        foreach (LeakMove move in outcome.Moves)
        {
            console.MarkupLineInterpolated($"{Sentence(move)}");
        }

        foreach (FrameRecord frame in outcome.Dropped)
        {
            console.MarkupLineInterpolated($"frame {frame.Id} ({frame.Part} {frame.Item}) is put aside");
        }

        foreach (Leak leak in outcome.Report.Leaks)
        {
            console.MarkupLineInterpolated($"[yellow]{LeakJob.Sentence(leak)}[/]");
        }

        if (outcome.Sheet is { } sheet)
        {
            console.MarkupLineInterpolated($"pairs  {sheet}");
        }

        if (outcome.Moves.Count > 0)
        {
            foreach (string remark in SplitSummary.Of(outcome.Split).Remarks)
            {
                console.MarkupLineInterpolated($"[yellow]{remark}[/]");
            }
        }

        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{outcome.Report.Leaks.Count} of {outcome.Report.Held} held-out frames are known to training, of {outcome.Report.Known} frames");
    }

    private static string Name(SplitRole role) => role.ToString().ToLowerInvariant();
}
