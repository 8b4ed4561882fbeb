using System.Globalization;
using DataRig.Learning;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary>A model's figures as a table in the terminal.</summary>
internal static class MetricsTable
{
    public static void Draw(IAnsiConsole console, Metrics metrics)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("part").AddColumn("most often taken for");
        foreach (string name in new[] { "frames", "precision", "recall", "F1" })
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        for (int row = 0; row < metrics.Parts.Count; row++)
        {
            PartMetrics part = metrics.Parts[row];
            string[] figures = part.Support == 0
                ? ["-", "-", "-"]
                : [Percent(part.Precision), Coloured(part.Recall), Percent(part.F1)];
            table.AddRow([Markup.Escape(part.Part.Value), Markup.Escape(WorstConfusion(metrics, row)), part.Support.ToString(CultureInfo.InvariantCulture), .. figures]);
        }

        table.AddRow("[bold]all[/]", "", metrics.Confusion.Total.ToString(CultureInfo.InvariantCulture), $"[bold]{Percent(metrics.MacroPrecision)}[/]", $"[bold]{Percent(metrics.MacroRecall)}[/]", $"[bold]{Percent(metrics.MacroF1)}[/]");
        console.Write(table);
    }

    private static string WorstConfusion(Metrics metrics, int row)
    {
        if (metrics.Parts[row].Support == 0)
        {
            return "unprovable: one item only";
        }

        (long count, int other) = Enumerable.Range(0, metrics.Parts.Count).Where(c => c != row).Select(c => (metrics.Confusion[row, c], c)).DefaultIfEmpty((0, 0)).Max();
        return count == 0 ? "" : $"{metrics.Parts[other].Part} ({count})";
    }

    private static string Coloured(double recall) => $"[{(recall >= 0.95 ? "green" : recall >= 0.8 ? "yellow" : "red")}]{Percent(recall)}[/]";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1}%");
}
