using System.Globalization;
using System.Text;
using DataRig.Learning.Proving;
using static DataRig.Report.FigureText;
using static DataRig.Report.HtmlPage;

namespace DataRig.Report;

/// <summary>Shares as bars, one below the other, with their intervals as a thin line: plain HTML, so that a telephone breaks it as it likes.</summary>
internal static class BarList
{
    /// <param name="html">Where it goes.</param>
    /// <param name="rows">Names, shares in [0, 1], and what else is to be said in small print.</param>
    public static void Draw(StringBuilder html, IReadOnlyList<(string Name, Figure Share, string Small)> rows)
    {
        html.Append("<ul class=\"bars\">");
        foreach ((string name, Figure share, string small) in rows)
        {
            double value = share.Value ?? 0;
            string line = share is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $"<u style=\"left:{100 * low:F1}%;width:{100 * (high - low):F1}%\"></u>") : "";
            html.Append(CultureInfo.InvariantCulture, $"<li{(value < Good ? " class=\"weak\"" : "")}><span>{E(name)} <small>{E(small)}</small></span><div class=\"track\"><i style=\"width:{100 * value:F1}%\"></i>{line}</div><b>{Percent(share.Value)}</b></li>");
        }

        html.Append("</ul>");
    }
}
