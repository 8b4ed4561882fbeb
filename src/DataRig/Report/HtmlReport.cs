using System.Globalization;
using System.Net;
using System.Text;
using DataRig.Core;

namespace DataRig.Report;

/// <summary>Draws a report as one HTML file that needs no network and no other file.</summary>
internal static class HtmlReport
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

    public static string Draw(RunReport report)
    {
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{E(report.Title)}</title><style>{Style}</style></head><body><main>");
        Head(html, report);
        Sheets(html, report);
        Curves(html, report);
        Confusion(html, report);
        Parts(html, report);
        Errors(html, report);
        Provenance(html, report);
        return html.Append("</main></body></html>\n").ToString();
    }

    private static void Head(StringBuilder html, RunReport report)
    {
        html.Append(CultureInfo.InvariantCulture, $"<h1>{E(report.Title)}</h1><p class=\"note\">{E(report.Verdict)}</p>");
        foreach (string caveat in report.Caveats)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"caveat\">{E(caveat)}</p>");
        }

        html.Append("<ul class=\"figures\">");
        foreach ((string name, string value) in report.Figures)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><b>{E(value)}</b><span>{E(name)}</span></li>");
        }

        html.Append("</ul>");
    }

    private static void Sheets(StringBuilder html, RunReport report)
    {
        if (report.CapturedSheet is null && report.RenderedSheet is null)
        {
            return;
        }

        html.Append("<section><h2>What the model saw</h2><div class=\"pair\">");
        Sheet(report.CapturedSheet, "Captured: a row for each part, one frame of each of its sweeps in turn.");
        Sheet(report.RenderedSheet, "Rendered: a row for each part; only ever trained on.");
        html.Append("</div></section>");

        void Sheet(EncodedImage? sheet, string caption)
        {
            if (sheet is not null)
            {
                html.Append(CultureInfo.InvariantCulture, $"<figure>{Image(sheet, caption)}<figcaption>{E(caption)}</figcaption></figure>");
            }
        }
    }

    private static void Curves(StringBuilder html, RunReport report)
    {
        if (report.Epochs.Count == 0)
        {
            return;
        }

        const string Train = "#2f6fde", Validation = "#d9730d";
        bool validated = report.Epochs.Any(e => e.ValidationAccuracy is not null);
        List<Series> loss = [new("training", Train, [.. report.Epochs.Select(e => (double?)e.TrainLoss)])];
        List<Series> accuracy = [new("training", Train, [.. report.Epochs.Select(e => (double?)e.TrainAccuracy)])];
        if (validated)
        {
            loss.Add(new Series("validation", Validation, [.. report.Epochs.Select(e => e.ValidationLoss)]));
            accuracy.Add(new Series("validation", Validation, [.. report.Epochs.Select(e => e.ValidationAccuracy)]));
        }

        string note = validated
            ? "Over the epochs. Training figures are on augmented pictures, so they may well lie below those of validation, which are on captured pictures of items that training did not see."
            : "Over the epochs, on augmented training pictures. There were too few items to spare any for choosing an epoch: the last one is the model.";
        html.Append(CultureInfo.InvariantCulture, $"<section><h2>Training</h2><p class=\"note\">{E(note)}</p><div class=\"pair\">{LineChart.Draw("Loss", loss)}{LineChart.Draw("Accuracy", accuracy, 1)}</div></section>");
    }

    private static void Confusion(StringBuilder html, RunReport report)
    {
        html.Append("<section><h2>What is taken for what</h2><p class=\"note\">A row for each true part, a column for each prediction, on unseen items. A cell's colour is its share of the row: green on the diagonal is recall, red beside it is confusion.</p><div class=\"scroll\"><table class=\"confusion\"><tr><th></th>");
        foreach (PartFigures part in report.Parts)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th>{E(part.Part)}</th>");
        }

        html.Append("<th>recall</th></tr>");
        for (int row = 0; row < report.Parts.Count; row++)
        {
            int support = report.Confusion[row].Sum();
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{E(report.Parts[row].Part)}</th>");
            for (int column = 0; column < report.Parts.Count; column++)
            {
                int count = report.Confusion[row][column];
                html.Append(count == 0
                    ? "<td class=\"none\">&middot;</td>"
                    : string.Create(CultureInfo.InvariantCulture, $"<td style=\"{CellStyle((double)count / support, row == column)}\">{count}</td>"));
            }

            html.Append(CultureInfo.InvariantCulture, $"<td><b>{Percent(report.Parts[row].Recall)}</b></td></tr>");
        }

        html.Append("</table></div></section>");
    }

    /// <summary>Green for what is right, red for what is not, stronger with its share of the row.</summary>
    private static string CellStyle(double share, bool right)
    {
        double strength = right ? share : Math.Sqrt(share);
        (int hue, int saturation) = right ? (150, 45) : (352, 70);
        double lightness = 96 - (46 * strength);
        string ink = lightness < 62 ? "#fff" : "#1d2433";
        return string.Create(CultureInfo.InvariantCulture, $"background:hsl({hue} {saturation}% {lightness:F0}%);color:{ink}");
    }

    private static void Parts(StringBuilder html, RunReport report)
    {
        html.Append("<section><h2>Part by part</h2><div class=\"scroll\"><table><tr><th>part</th><th class=\"text\">trained on</th><th class=\"text\">proven on, never seen before</th><th>frames</th><th>precision</th><th>recall</th><th>F1</th></tr>");
        foreach (PartFigures part in report.Parts)
        {
            string proven = part.Support == 0 ? "unprovable: no other item of it was captured" : part.TestItems;
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{E(part.Part)}</td><td class=\"text\">{E(part.TrainItems)}</td><td class=\"text\">{E(proven)}</td><td>{part.Support}</td><td>{Percent(part.Precision)}</td><td>{Percent(part.Recall)}</td><td>{Percent(part.F1)}</td></tr>");
        }

        html.Append("</table></div></section>");
    }

    private static void Errors(StringBuilder html, RunReport report)
    {
        html.Append("<section><h2>Worst errors</h2>");
        if (report.Errors.Count == 0)
        {
            html.Append("<p class=\"note\">None: every frame of the unseen items was recognised.</p></section>");
            return;
        }

        html.Append("<p class=\"note\">Those that the model was surest of, worst first.</p><div class=\"errors\">");
        foreach (WorstError error in report.Errors)
        {
            string place = error.AzimuthDegrees is { } azimuth ? string.Create(CultureInfo.InvariantCulture, $" at {azimuth:F1}&deg;") : "";
            string pose = error.Pose is null ? "" : $", {E(error.Pose)}";
            html.Append(CultureInfo.InvariantCulture, $"<figure>{Image(error.Picture, error.Item)}<figcaption><b>{E(error.Item)}</b>{place}{pose}<br>taken for <em>{E(error.Predicted)}</em> ({100 * error.Confidence:F0}%)</figcaption></figure>");
        }

        html.Append("</div></section>");
    }

    private static void Provenance(StringBuilder html, RunReport report)
    {
        html.Append("<section><h2>Where this comes from</h2><div class=\"pair\">");
        foreach ((string group, IReadOnlyList<(string Name, string Value)> facts) in report.Provenance)
        {
            html.Append(CultureInfo.InvariantCulture, $"<div><h3>{E(group)}</h3><dl>");
            foreach ((string name, string value) in facts)
            {
                html.Append(CultureInfo.InvariantCulture, $"<dt>{E(name)}</dt><dd>{E(value)}</dd>");
            }

            html.Append("</dl></div>");
        }

        html.Append(CultureInfo.InvariantCulture, $"</div><details><summary>The whole configuration</summary><pre>{E(report.Configuration)}</pre></details></section>");
    }

    private static string Image(EncodedImage image, string alt)
    {
        string type = image.Bytes is [0x89, (byte)'P', ..] ? "png" : "jpeg";
        return string.Create(CultureInfo.InvariantCulture, $"<img width=\"{image.Width}\" height=\"{image.Height}\" alt=\"{E(alt)}\" src=\"data:image/{type};base64,{Convert.ToBase64String(image.Bytes)}\">");
    }

    private static string Percent(double? value) => value is { } share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1}%") : "&ndash;";

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
