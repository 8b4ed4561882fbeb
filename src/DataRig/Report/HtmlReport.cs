using System.Globalization;
using System.Text;
using DataRig.Core;
using static DataRig.Report.HtmlPage;

namespace DataRig.Report;

/// <summary>Draws a report as one HTML file that needs no network and no other file. What it writes is well-formed as XML, too.</summary>
internal static class HtmlReport
{
    public static string Draw(RunReport report)
    {
        StringBuilder html = new();
        Head(html, report);
        Checks(html, report);
        Sheets(html, report);
        Curves(html, report);
        FigureSections.Confusion(html, report);
        FigureSections.Parts(html, report);
        FigureSections.Slices(html, report);
        FigureSections.Confidence(html, report);
        FigureSections.Alarm(html, report);
        ErrorSections.Errors(html, report);
        ErrorSections.Doubtful(html, report);
        Next(html, report);
        Provenance(html, report);
        return Page(report.Title, html);
    }

    public static string Image(EncodedImage image, string alt)
    {
        string type = image.Bytes is [0x89, (byte)'P', ..] ? "png" : "jpeg";
        return string.Create(CultureInfo.InvariantCulture, $"<img width=\"{image.Width}\" height=\"{image.Height}\" alt=\"{E(alt)}\" src=\"data:image/{type};base64,{Convert.ToBase64String(image.Bytes)}\"/>");
    }

    private static void Head(StringBuilder html, RunReport report)
    {
        html.Append(CultureInfo.InvariantCulture, $"<h1>{E(report.Title)}</h1><p class=\"note\">{E(report.Verdict)}</p>");
        foreach (string caveat in report.Caveats)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"caveat\">{E(caveat)}</p>");
        }

        html.Append("<ul class=\"figures\">");
        foreach (LargeFigure figure in report.Figures)
        {
            string interval = figure.Interval is null ? "" : $"<small>{E(figure.Interval)}</small><br/>";
            html.Append(CultureInfo.InvariantCulture, $"<li><b>{E(figure.Value)}</b>{interval}<span>{E(figure.Name)}</span></li>");
        }

        html.Append("</ul>");
    }

    private static void Checks(StringBuilder html, RunReport report)
    {
        if (report.Checks.Count == 0)
        {
            return;
        }

        html.Append("<section><h2>Can this be trusted?</h2><ul class=\"checks\">");
        foreach (ReportCheck check in report.Checks)
        {
            string kind = check.Good switch { true => " class=\"good\"", false => " class=\"bad\"", null => "" };
            html.Append(CultureInfo.InvariantCulture, $"<li{kind}><b>{E(check.Name)}.</b> {E(check.What)}");
            html.Append(check.Remedies.Count == 0 ? "" : $"<ul>{string.Concat(check.Remedies.Select(r => $"<li>{E(r)}</li>"))}</ul>").Append("</li>");
        }

        html.Append("</ul>");
        if (report.Leaks.Count > 0)
        {
            html.Append("<h3>Held-out frames that training knows</h3><div class=\"errors\">");
            html.Append(string.Concat(report.Leaks.Select(l => $"<figure>{Image(l.Pair, l.What)}<figcaption>{E(l.What)}</figcaption></figure>"))).Append("</div>");
        }

        html.Append("</section>");
    }

    private static void Sheets(StringBuilder html, RunReport report)
    {
        if (report.CapturedSheet is null && report.RenderedSheet is null)
        {
            return;
        }

        html.Append("<section><h2>What the model saw</h2><div class=\"pair\">");
        Sheet(report.CapturedSheet, "Photographed: a row for each part, one frame of each of its sweeps in turn.");
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

    private static void Next(StringBuilder html, RunReport report)
    {
        html.Append("<section><h2>What to capture next</h2>");
        if (report.Next.Count == 0)
        {
            html.Append("<p class=\"note\">Nothing is weak: every part is recognized in at least 90% of its frames.</p></section>");
            return;
        }

        html.Append("<ul>").Append(string.Concat(report.Next.Select(n => $"<li>{E(n)}</li>"))).Append("</ul>");
        html.Append(report.NextCommand is null ? "" : $"<p class=\"note\">This writes it as a plan for the rig:</p><pre>{E(report.NextCommand)}</pre>").Append("</section>");
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
}
