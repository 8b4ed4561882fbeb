using System.Globalization;
using System.Net;
using System.Text;

namespace DataRig.Report;

/// <summary>What all pages have in common: one HTML file that needs no network and no other file.</summary>
internal static class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light; --ink: #1d2433; --soft: #667085; --line: #e3e6ec; --paper: #fff; --accent: #2f6fde; }
        * { box-sizing: border-box; }
        body { margin: 0; background: #f4f5f8; color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 32px 24px 64px; }
        h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 0 0 12px; }
        section { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; margin: 18px 0; }
        p.note, figcaption { color: var(--soft); margin: 4px 0 12px; }
        .figures { display: flex; flex-wrap: wrap; gap: 12px; margin: 18px 0 0; padding: 0; list-style: none; }
        .figures li { flex: 1 1 150px; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; }
        .figures b { display: block; font-size: 24px; font-variant-numeric: tabular-nums; } .figures span { color: var(--soft); font-size: 13px; }
        .caveat { border-left: 4px solid #e5a50a; background: #fff9e8; padding: 8px 14px; margin: 10px 0 0; border-radius: 4px; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 20px; }
        figure { margin: 0; } img { max-width: 100%; height: auto; display: block; border-radius: 6px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: 5px 10px; text-align: right; border-bottom: 1px solid var(--line); }
        th { font-weight: 600; color: var(--soft); font-size: 13px; } th:first-child, td:first-child, td.text, th.text { text-align: left; }
        table.confusion td, table.confusion th { border: 1px solid var(--paper); min-width: 46px; padding: 7px 6px; text-align: center; }
        table.confusion td.none { color: #c3c8d2; background: #f7f8fa; }
        .errors { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 14px; } .errors figcaption { font-size: 13px; line-height: 1.35; margin: 6px 0 0; }
        .errors b { color: var(--ink); } .errors em { color: #c4314b; font-style: normal; font-weight: 600; }
        .chart { width: 100%; height: auto; font: 12px system-ui, sans-serif; } .chart .title { font-weight: 600; font-size: 13px; fill: var(--ink); }
        .chart .grid { stroke: var(--line); } .chart .tick { font-size: 11px; } .chart text:not([fill]) { fill: var(--soft); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        pre { background: #f7f8fa; border-radius: 6px; padding: 12px; overflow-x: auto; font-size: 12.5px; } details summary { cursor: pointer; color: var(--accent); }
        """;

    public static string Page(string title, StringBuilder body) =>
        $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{E(title)}</title><style>{Style}</style></head><body><main>{body}</main></body></html>\n";

    /// <param name="html">Where it goes.</param>
    /// <param name="parts">The rows and the columns.</param>
    /// <param name="counts">Frames of part [row] taken for part [column].</param>
    public static void ConfusionTable(StringBuilder html, IReadOnlyList<string> parts, IReadOnlyList<IReadOnlyList<long>> counts)
    {
        html.Append("<div class=\"scroll\"><table class=\"confusion\"><tr><th></th>");
        foreach (string part in parts)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th>{E(part)}</th>");
        }

        html.Append("<th>recall</th></tr>");
        for (int row = 0; row < parts.Count; row++)
        {
            long support = counts[row].Sum();
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{E(parts[row])}</th>");
            for (int column = 0; column < parts.Count; column++)
            {
                long count = counts[row][column];
                html.Append(count == 0
                    ? "<td class=\"none\">&middot;</td>"
                    : string.Create(CultureInfo.InvariantCulture, $"<td style=\"{CellStyle((double)count / support, row == column)}\">{count}</td>"));
            }

            html.Append(CultureInfo.InvariantCulture, $"<td><b>{Percent(support == 0 ? null : (double)counts[row][row] / support)}</b></td></tr>");
        }

        html.Append("</table></div>");
    }

    public static string Percent(double? value) => value is { } share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1}%") : "&ndash;";

    /// <summary>Text as HTML.</summary>
    public static string E(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Green for what is right, red for what is not, stronger with its share of the row.</summary>
    private static string CellStyle(double share, bool right)
    {
        double strength = right ? share : Math.Sqrt(share);
        (int hue, int saturation) = right ? (150, 45) : (352, 70);
        double lightness = 96 - (46 * strength);
        string ink = lightness < 62 ? "#fff" : "#1d2433";
        return string.Create(CultureInfo.InvariantCulture, $"background:hsl({hue} {saturation}% {lightness:F0}%);color:{ink}");
    }
}
