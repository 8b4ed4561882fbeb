using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Report;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig train --sweep</c>: many trainings compared.</summary>
internal static class SweepCommand
{
    public static async Task<int> RunAsync(Output output, string data, string? snapshot, string file, TrainingOptions configured, string folder, bool allowLeaks, CancellationToken cancel)
    {
        (SweepFile sweep, IReadOnlyList<SweepVariant> variants) = SweepFile.Read(file, configured);
        using Dataset dataset = snapshot is null ? Dataset.Open(data) : Dataset.OpenSnapshot(data, snapshot);
        IReadOnlyList<SweepCell> cells = await output.WithProgressAsync(progress =>
            Task.Factory.StartNew(() => new SweepJob(dataset, sweep, variants, folder) { AllowLeaks = allowLeaks }.Run(file, progress, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ConfigureAwait(false);
        IReadOnlyList<SweepRow> rows = SweepJob.Rows(cells, sweep.SortBy);
        string page = Path.GetFullPath(Path.Combine(folder, "sweep.html"));
        File.WriteAllText(page, SweepPage.Draw(sweep, rows));
        output.Result(new { sortBy = sweep.SortBy, varied = sweep.Vary.Keys, rows, trainings = cells, page }, console =>
        {
            Table table = new Table().Border(TableBorder.Simple);
            foreach (string head in SweepTable.Heads(sweep))
            {
                table.AddColumn(Markup.Escape(head));
            }

            foreach (SweepRow row in rows)
            {
                table.AddRow([.. SweepTable.Cells(row).Select(Markup.Escape)]);
            }

            console.Write(table);
            foreach (SweepRow row in rows.Where(r => r.Failure is not null))
            {
                console.MarkupLineInterpolated($"[yellow]{string.Join(", ", row.Values)}: {row.Failure}[/]");
            }

            console.MarkupLineInterpolated($"page   {page}");
        });
        return rows.Any(r => r.Failure is not null) ? 1 : 0;
    }
}
