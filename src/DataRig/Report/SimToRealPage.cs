using System.Globalization;
using System.Text;
using DataRig.Jobs;
using static DataRig.Report.FigureText;
using static DataRig.Report.HtmlPage;

namespace DataRig.Report;

/// <summary>The comparison of trainings with and without renders as one HTML file.</summary>
internal static class SimToRealPage
{
    private const string With = "#2f6fde", Alone = "#d9730d";

    /// <param name="verdict">The outcome in one sentence.</param>
    /// <param name="rows">A row for each number of real frames.</param>
    /// <param name="cells">The trainings, for what is taken for what.</param>
    /// <param name="leaks">What was done about held-out photographs that leak; null where there are none.</param>
    public static string Draw(string verdict, IReadOnlyList<SimToRealRow> rows, IReadOnlyList<SimToRealCell> cells, string? leaks)
    {
        const string title = "From renders to photographs";
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<h1>{title}</h1><p class=\"note\">{E(verdict)}</p><section><h2>Accuracy on items never seen</h2>");
        html.Append("<p class=\"note\">Over the real frames of each part that were trained on, on held-out items of the parts that have several.");
        html.Append(leaks is null ? "</p>" : $" {E(leaks)}</p>");
        html.Append(LineChart.Draw(
            "Accuracy",
            [new Series("with renders", With, [.. rows.Select(r => r.WithRenders?.Mean)]), new Series("real frames alone", Alone, [.. rows.Select(r => r.Alone?.Mean)])],
            top: 1,
            [.. rows.Select(r => r.RealFrames.ToString(CultureInfo.InvariantCulture))]));
        html.Append("<div class=\"scroll\"><table><tr><th>real frames a part</th><th>real alone</th><th>with renders</th><th>with renders, all parts</th><th>renders alone, all photographs</th></tr>");
        foreach (SimToRealRow row in rows)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{row.RealFrames}</td><td>{Show(row.Alone)}</td><td>{Show(row.WithRenders)}</td><td>{Show(row.AllParts)}</td><td>{Show(row.AllPhotographs)}</td></tr>");
        }

        html.Append("</table></div></section>");
        foreach (SimToRealCell cell in cells.Where(c => c.Synthesis))
        {
            html.Append(CultureInfo.InvariantCulture, $"<section><h2>What is taken for what: seed {cell.Seed}, {cell.RealFrames} real frames a part</h2>");
            ConfusionTable(html, cell.Parts, cell.Confusion);
            html.Append("</section>");
        }

        return Page(title, html);
    }

    private static string Show(Estimate? estimate) => estimate switch
    {
        null => Percent(null),
        { Low: { } low, High: { } high } => $"{Percent(estimate.Mean)} ({Percent(low)} to {Percent(high)})",
        _ => Percent(estimate.Mean),
    };
}
