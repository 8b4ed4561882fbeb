using System.Globalization;
using DataRig.Core;
using DataRig.Learning;
using DataRig.Learning.Proving;
using Spectre.Console;
using static DataRig.Report.FigureText;

namespace DataRig.Commands;

/// <summary>A model's figures as a table in the terminal.</summary>
internal static class MetricsTable
{
    /// <param name="few">Parts of too few items, whose figures are marked.</param>
    public static void Draw(IAnsiConsole console, Metrics metrics, IReadOnlyList<PartId>? few = null)
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
            table.AddRow([Markup.Escape(part.Part.Value) + (few?.Contains(part.Part) == true ? " *" : ""), Markup.Escape(WorstConfusion(metrics, row)), part.Support.ToString(CultureInfo.InvariantCulture), .. figures]);
        }

        table.AddRow("[bold]all[/]", "", metrics.Confusion.Total.ToString(CultureInfo.InvariantCulture), $"[bold]{Percent(metrics.MacroPrecision)}[/]", $"[bold]{Percent(metrics.MacroRecall)}[/]", $"[bold]{Percent(metrics.MacroF1)}[/]");
        console.Write(table);
        if (few is { Count: > 0 })
        {
            console.MarkupLine("[grey]* of two items only: another choice of the two may give quite other figures[/]");
        }
    }

    /// <summary>The figures over all parts with their intervals, then what is weak of each kind of slice.</summary>
    public static void Draw(IAnsiConsole console, ProofFigures figures, IReadOnlyList<Slice> slices)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("over all parts").AddColumn(new TableColumn("figure").RightAligned()).AddColumn(new TableColumn($"95% interval over {figures.Items} items").RightAligned());
        foreach ((string name, Figure figure) in new[]
        {
            ("accuracy", figures.Accuracy), ("one of the two likeliest", figures.Top2), ("macro F1", figures.MacroF1), (string.Create(CultureInfo.InvariantCulture, $"macro F{figures.Beta}"), figures.MacroFBeta),
            ("macro ROC area", figures.MacroRocArea), ("macro precision-recall area", figures.MacroPrecisionArea),
        })
        {
            table.AddRow(name, figure.Value is { } value ? Percent(value) : "-", figure is { Low: { } low, High: { } high } ? $"{Percent(low)} to {Percent(high)}" : "too few items");
        }

        console.Write(table);
        foreach (IGrouping<SliceKind, Slice> kind in slices.GroupBy(s => s.Kind).Where(k => k.Count() > 1))
        {
            string worst = string.Join(", ", kind.OrderBy(s => s.Accuracy.Value).Take(3).Select(s => $"{s.Name} {Percent(s.Accuracy.Value ?? 0)}"));
            console.MarkupLineInterpolated($"[grey]weakest by {kind.Key.ToString().ToLowerInvariant()}:[/] {worst}");
        }
    }

    private static string WorstConfusion(Metrics metrics, int row)
    {
        if (metrics.Parts[row].Support == 0)
        {
            return "not proven: no item held out";
        }

        (long count, int other) = Enumerable.Range(0, metrics.Parts.Count).Where(c => c != row).Select(c => (metrics.Confusion[row, c], c)).DefaultIfEmpty((0, 0)).Max();
        return count == 0 ? "" : $"{metrics.Parts[other].Part} ({count})";
    }

    private static string Coloured(double recall) => $"[{(recall >= 0.95 ? "green" : recall >= 0.8 ? "yellow" : "red")}]{Percent(recall)}[/]";
}
