using System.CommandLine;
using DataRig.Data;
using DataRig.Data.Formats;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig dataset corrections</c>: what people changed in another tool comes back.</summary>
internal static class DatasetCorrect
{
    public static Command Corrections()
    {
        string[] formats = [.. DatasetFormats.All.OfType<ICorrectedFormat>().Select(f => f.Name)];
        Argument<string> source = new("source") { Description = "What the tool exported: Label Studio's JSON, or the XML or zip file of \"CVAT for images 1.1\"; its pictures need not be there." };
        Option<string?> format = new("--format") { Description = $"The format it is in (default: found out): {string.Join(", ", formats)}.", HelpName = "FORMAT" };
        format.AcceptOnlyFromAmong(formats);
        Option<bool> theirs = new("--theirs") { Description = "Take what came back also where the frame was changed here since it was sent." };
        Command command = new("corrections", "Take the labels that people corrected in Label Studio or CVAT back, with who and when; 'dataset undo' undoes. Ends with 1 if there are conflicts.") { source, Flags.Data, format, theirs };
        command.SetAction((parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            using Dataset dataset = Dataset.Open(parsed.GetValue(Flags.Data) ?? "data");
            CorrectionOptions options = new() { Format = parsed.GetValue(format), Theirs = parsed.GetValue(theirs) };
            CorrectionResult result = DatasetCorrections.Run(dataset, parsed.GetValue(source)!, options, cancel);
            foreach (CorrectionConflict conflict in result.Conflicts)
            {
                output.Warn($"not taken: {conflict.Where}: {conflict.What}");
            }

            if (result.ConflictCount > result.Conflicts.Count)
            {
                output.Warn($"and {result.ConflictCount - result.Conflicts.Count} more.");
            }

            output.Result(
                new
                {
                    format = result.Format,
                    changed = result.Changed,
                    confirmed = result.Confirmed,
                    asTheyAre = result.AsTheyAre,
                    skipped = result.Skipped,
                    conflictCount = result.ConflictCount,
                    conflicts = result.Conflicts.Select(c => new { frame = c.Frame?.Value, where = c.Where, what = c.What }),
                    edits = result.Edits.Select(e => e.Id.Value),
                    dataset = dataset.Folder,
                    hash = dataset.Hash(),
                },
                console => console.MarkupLineInterpolated($"[green]{result.Changed}[/] frames changed, {result.Confirmed} confirmed, {result.AsTheyAre} as they are here, {result.Skipped} skipped, {result.ConflictCount} conflicts ({result.Format})"));
            return Task.FromResult(result.ConflictCount == 0 ? 0 : 1);
        });
        return command;
    }
}
