using System.CommandLine;
using System.Globalization;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig dataset audit</c>: what could spoil training or figures.</summary>
internal static class DatasetAuditCommand
{
    /// <summary>Findings of a kind that are listed; there may be thousands.</summary>
    private const int Listed = 20;

    public static Command Create()
    {
        Option<bool> filesOnly = new("--files-only") { Description = "Look at files and labels alone, not into the pictures." };
        Command command = new("audit", "Look for missing, broken, doubled and leaking pictures, for labels that do not fit, for frames that show nothing, and for light that gives parts away. Ends with 1 if there is what could spoil training or figures.") { Flags.Data, filesOnly };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            using Dataset dataset = Dataset.Open(parsed.GetValue(Flags.Data) ?? "data");
            AuditReport report = await output.WithProgressAsync(progress => AuditJob.RunAsync(dataset, parsed.GetValue(filesOnly), progress, cancel)).ConfigureAwait(false);
            output.Result(
                new { frames = report.Frames, files = report.Files, sound = report.Sound, findings = report.Findings.Select(f => new { issue = f.Issue, frame = f.Frame?.Value, where = f.Where, what = f.What }), skipped = report.Skipped },
                console => Draw(console, report));
            return report.Sound ? 0 : 1;
        });
        return command;
    }

    private static void Draw(IAnsiConsole console, AuditReport report)
    {
        Table counts = new Table().Border(TableBorder.Simple).AddColumn("finding").AddColumn(new TableColumn("count").RightAligned());
        foreach (AuditFinding[] kind in report.Findings.GroupBy(f => f.Issue).Select(g => g.ToArray()))
        {
            foreach (AuditFinding finding in kind.Take(Listed))
            {
                console.MarkupLineInterpolated($"[yellow]{finding.Where}[/]: {finding.What}");
            }

            if (kind.Length > Listed)
            {
                console.MarkupLineInterpolated($"and {kind.Length - Listed} more of this kind; --json lists all");
            }

            counts.AddRow(Name(kind[0].Issue), kind.Length.ToString(CultureInfo.InvariantCulture));
        }

        if (report.Findings.Count > 0)
        {
            console.Write(counts);
        }

        foreach (string skipped in report.Skipped)
        {
            console.MarkupLineInterpolated($"[grey]{skipped}[/]");
        }

        console.MarkupLineInterpolated($"{report.Frames} frames and {report.Files} picture files looked at, {report.Findings.Count} findings");
    }

    private static string Name(AuditIssue issue) => issue switch
    {
        AuditIssue.MissingImage => "missing pictures",
        AuditIssue.ChangedImage => "changed pictures",
        AuditIssue.UndecodableImage => "broken pictures",
        AuditIssue.WrongSize => "pictures of another size than the catalog says",
        AuditIssue.BoxOutside => "boxes outside their picture",
        AuditIssue.EmptyMask => "empty or damaged masks",
        AuditIssue.NearEmpty => "frames that show next to nothing",
        AuditIssue.NotEmpty => "empty tables that are not empty",
        AuditIssue.LabelOutlier => "labels that do not fit",
        AuditIssue.ContradictingParts => "pictures under two parts",
        AuditIssue.LeakedAcrossSplit => "pictures on both sides of the split",
        AuditIssue.NearDuplicate => "pictures that look the same",
        AuditIssue.ClassTint => "parts that the light gives away",
        AuditIssue.NotInSplit => "groups without a role in the split",
        AuditIssue.OrphanImage => "files that no frame names",
        _ => "frames that the capture marked",
    };
}
