using System.Globalization;
using System.Text;
using DataRig.Jobs;

namespace DataRig.Report;

/// <summary>Shares with their intervals, one below the other, as inline SVG.</summary>
internal static class IntervalChart
{
    private const int Width = 760, Left = 260, Right = 60, Row = 26, Top = 34;

    /// <param name="title">Above the chart.</param>
    /// <param name="rows">Names and shares in [0, 1]; one without a share has no mark.</param>
    public static string Draw(string title, IReadOnlyList<(string Name, Estimate? Share)> rows)
    {
        int height = Top + (rows.Count * Row) + 24;
        double X(double share) => Left + ((Width - Left - Right) * share);
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{HtmlPage.E(title)}\"><text x=\"{Left}\" y=\"18\" class=\"title\">{HtmlPage.E(title)}</text>");
        for (int tenth = 0; tenth <= 10; tenth += 2)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(tenth / 10.0):F1}\" x2=\"{X(tenth / 10.0):F1}\" y1=\"{Top - 6}\" y2=\"{height - 20}\" class=\"grid\"/><text x=\"{X(tenth / 10.0):F1}\" y=\"{height - 6}\" class=\"tick\" text-anchor=\"middle\">{10 * tenth}%</text>");
        }

        for (int i = 0; i < rows.Count; i++)
        {
            double y = Top + ((i + 0.5) * Row);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 10}\" y=\"{y + 4:F1}\" class=\"tick\" text-anchor=\"end\">{HtmlPage.E(rows[i].Name)}</text>");
            if (rows[i].Share is not { } share)
            {
                continue;
            }

            if (share is { Low: { } low, High: { } high })
            {
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(low):F1}\" x2=\"{X(high):F1}\" y1=\"{y:F1}\" y2=\"{y:F1}\" stroke=\"#2f6fde\" stroke-width=\"3\" stroke-linecap=\"round\" opacity=\"0.45\"/>");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(share.Mean):F1}\" cy=\"{y:F1}\" r=\"5\" fill=\"#2f6fde\"/><text x=\"{Width - Right + 8}\" y=\"{y + 4:F1}\" class=\"tick\">{100 * share.Mean:F1}%</text>");
        }

        return svg.Append("</svg>").ToString();
    }
}
