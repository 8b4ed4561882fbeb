using System.Globalization;
using System.Text;
using DataRig.Jobs;
using static DataRig.Report.HtmlPage;

namespace DataRig.Report;

/// <summary>A sweep as one HTML file: the plot, and the table under it.</summary>
internal static class SweepPage
{
    /// <param name="sweep">What varied.</param>
    /// <param name="rows">The best first.</param>
    public static string Draw(SweepFile sweep, IReadOnlyList<SweepRow> rows)
    {
        string metric = SweepTable.Name(sweep.SortBy);
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<h1>Sweep over {E(string.Join(", ", sweep.Vary.Keys))}</h1>");
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{sweep.Seeds.Count} trainings of each combination, each with items of its own held out. Intervals are 95% over the seeds (Student's t).</p><section>");
        html.Append(IntervalChart.Draw(metric, [.. rows.Select(r => (string.Join(", ", r.Values), r.By(sweep.SortBy)))]));
        html.Append("</section><section><div class=\"scroll\"><table><tr>");
        foreach (string head in SweepTable.Heads(sweep))
        {
            html.Append(CultureInfo.InvariantCulture, $"<th>{E(head)}</th>");
        }

        foreach (SweepRow row in rows)
        {
            html.Append("</tr><tr>");
            foreach (string cell in SweepTable.Cells(row))
            {
                html.Append(CultureInfo.InvariantCulture, $"<td>{E(cell)}</td>");
            }
        }

        html.Append("</tr></table></div>");
        foreach (SweepRow row in rows.Where(r => r.Failure is not null))
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"caveat\">{E(string.Join(", ", row.Values))}: {E(row.Failure!)}</p>");
        }

        return Page("Sweep", html.Append("</section>"));
    }
}
