using System.Globalization;
using System.Net;
using System.Text;
using static DataRig.Report.FigureText;

namespace DataRig.Report;

/// <summary>What all pages have in common: one HTML file that needs no network and no other file.</summary>
internal static class HtmlPage
{
    /// <summary>Light or dark as the reader's system is; wide tables scroll by themselves, so that a telephone's page never does.</summary>
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1d2433; --soft: #5f6b7f; --line: #e3e6ec; --paper: #fff; --page: #f4f5f8; --sunk: #f1f3f7; --accent: #2f6fde; --second: #c4640a; --good: #1c7f4a; --bad: #c4314b; --warn: #fff9e8; --warnline: #e5a50a; --zero: #b9c0cc; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e9f0; --soft: #9aa6b8; --line: #323a48; --paper: #1b212c; --page: #12161e; --sunk: #242c39; --accent: #79a8f7; --second: #f0a35c; --good: #5fce95; --bad: #ff7f92; --warn: #2f2a18; --warnline: #b98a1c; --zero: #4b5565; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 32px 24px 64px; }
        h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; } h2 { font-size: 18px; margin: 0 0 12px; } h3 { font-size: 15px; margin: 14px 0 6px; }
        section { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; margin: 18px 0; }
        p.note, figcaption { color: var(--soft); margin: 4px 0 12px; }
        .figures { display: flex; flex-wrap: wrap; gap: 12px; margin: 18px 0 0; padding: 0; list-style: none; }
        .figures li { flex: 1 1 150px; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; }
        .figures b { display: block; font-size: 24px; font-variant-numeric: tabular-nums; } .figures span { color: var(--soft); font-size: 13px; }
        .caveat { border-left: 4px solid var(--warnline); background: var(--warn); padding: 8px 14px; margin: 10px 0 0; border-radius: 4px; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 20px; } .pair > * { min-width: 0; }
        figure { margin: 0; min-width: 0; } img { max-width: 100%; height: auto; display: block; border-radius: 6px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: 5px 10px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { font-weight: 600; color: var(--soft); font-size: 13px; } th:first-child, td:first-child, td.text, th.text { text-align: left; } td.text { white-space: normal; min-width: 190px; }
        td small, .figures small { color: var(--soft); font-weight: 400; font-size: 12px; } td small { display: block; line-height: 1.2; }
        table.confusion td, table.confusion th { border: 1px solid var(--paper); min-width: 42px; padding: 7px 6px; text-align: center; }
        table.confusion th:first-child { position: sticky; left: 0; background: var(--paper); text-align: left; }
        table.confusion td.none { color: var(--zero); background: var(--sunk); } table.confusion td.good, td.good { color: var(--good); font-weight: 600; }
        .errors { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 18px; } .errors figcaption { font-size: 13px; line-height: 1.4; margin: 6px 0 0; } .errors img { width: 100%; }
        .errors b { color: var(--ink); } .errors em, em.bad { color: var(--bad); font-style: normal; font-weight: 600; }
        .tag { display: inline-block; background: var(--sunk); border-radius: 9px; padding: 0 8px; margin: 2px 4px 0 0; font-size: 12px; }
        .checks { list-style: none; margin: 0; padding: 0; } .checks > li { padding: 8px 0 8px 26px; border-bottom: 1px solid var(--line); position: relative; } .checks > li:last-child { border: 0; }
        .checks > li::before { content: ""; position: absolute; left: 2px; top: 15px; width: 12px; height: 12px; border-radius: 50%; background: var(--zero); } .checks > .good::before { background: var(--good); } .checks > .bad::before { background: var(--bad); }
        .checks ul { margin: 4px 0 0; padding-left: 18px; color: var(--soft); }
        .bars { list-style: none; margin: 0; padding: 0; } .bars li { display: grid; grid-template-columns: minmax(84px, 30%) 1fr 54px; gap: 10px; align-items: center; padding: 2px 0; font-size: 13px; font-variant-numeric: tabular-nums; }
        .bars li > span { overflow-wrap: anywhere; } .bars li > b { text-align: right; } .track { position: relative; height: 12px; background: var(--sunk); border-radius: 6px; overflow: hidden; }
        .track i { position: absolute; left: 0; top: 0; bottom: 0; background: var(--accent); opacity: 0.85; } .track u { position: absolute; top: 5px; height: 2px; background: var(--ink); opacity: 0.6; } .bars .weak i { background: var(--bad); }
        .chart { width: 100%; height: auto; font: 12px system-ui, sans-serif; } .chart .title { font-weight: 600; font-size: 13px; fill: var(--ink); } .small { max-width: 360px; }
        .chart .grid { stroke: var(--line); } .chart .tick { font-size: 11px; } .chart text:not([fill]) { fill: var(--soft); } .chart .strong { fill: var(--ink); font-weight: 600; }
        dl { display: grid; grid-template-columns: minmax(90px, max-content) 1fr; gap: 2px 18px; margin: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        pre { background: var(--sunk); border-radius: 6px; padding: 12px; overflow-x: auto; font-size: 12.5px; } details summary { cursor: pointer; color: var(--accent); }
        @media (max-width: 640px) { main { padding: 18px 10px 40px; } section { padding: 14px 12px; } h1 { font-size: 21px; } .figures li { flex-basis: 40%; padding: 8px 12px; } .chart .tick { font-size: 16px; } .chart .title { font-size: 17px; } .small .tick { font-size: 12px; } }
        """;

    public static string Page(string title, StringBuilder body) =>
        $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><title>{E(title)}</title><style>{Style}</style></head><body><main>{body}</main></body></html>\n";

    /// <summary>
    /// Green on the diagonal where recall or precision is above <see cref="Good"/>, amber where neither is; red beside it, stronger
    /// with its share of the row.
    /// </summary>
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
        double?[] recalls = [.. parts.Select((_, i) => Share(counts[i][i], counts[i].Sum()))], precisions = [.. parts.Select((_, i) => Share(counts[i][i], counts.Sum(row => row[i])))];
        for (int row = 0; row < parts.Count; row++)
        {
            long support = counts[row].Sum();
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{E(parts[row])}</th>");
            for (int column = 0; column < parts.Count; column++)
            {
                long count = counts[row][column];
                string style = row == column ? Diagonal(recalls[row] > Good || precisions[row] > Good, (double)count / Math.Max(1, support)) : Beside((double)count / Math.Max(1, support));
                html.Append(count == 0 ? "<td class=\"none\">·</td>" : string.Create(CultureInfo.InvariantCulture, $"<td style=\"{style}\">{count}</td>"));
            }

            html.Append(Ending(recalls[row])).Append("</tr>");
        }

        html.Append("<tr><th>precision</th>");
        foreach (double? precision in precisions)
        {
            html.Append(Ending(precision));
        }

        html.Append("<td></td></tr></table></div>");
    }

    /// <summary>From here on a recall or a precision is green.</summary>
    public const double Good = 0.9;

    /// <summary>Text as HTML.</summary>
    public static string E(string text) => WebUtility.HtmlEncode(text);

    private static double? Share(long part, long whole) => whole == 0 ? null : (double)part / whole;

    private static string Ending(double? share) => $"<td{(share > Good ? " class=\"good\"" : "")}>{Percent(share)}</td>";

    private static string Diagonal(bool good, double share) => Cell(good ? 150 : 40, good ? 45 : 80, share);

    private static string Beside(double share) => Cell(352, 70, Math.Sqrt(share));

    private static string Cell(int hue, int saturation, double strength)
    {
        double lightness = 96 - (46 * strength);
        string ink = lightness < 62 && hue != 40 ? "#fff" : "#1d2433";
        return string.Create(CultureInfo.InvariantCulture, $"background:hsl({hue} {saturation}% {lightness:F0}%);color:{ink}");
    }
}
