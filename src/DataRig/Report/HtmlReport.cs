using System.Globalization;
using System.Text;
using DataRig.Core;
using static DataRig.Report.HtmlPage;

namespace DataRig.Report;

/// <summary>Draws a report as one HTML file that needs no network and no other file.</summary>
internal static class HtmlReport
{
    public static string Draw(RunReport report)
    {
        StringBuilder html = new();
        Head(html, report);
        Sheets(html, report);
        Curves(html, report);
        Confusion(html, report);
        Parts(html, report);
        Errors(html, report);
        Provenance(html, report);
        return Page(report.Title, html);
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
        html.Append("<section><h2>What is taken for what</h2><p class=\"note\">A row for each true part, a column for each prediction, on unseen items. A cell's colour is its share of the row: green on the diagonal is recall, red beside it is confusion.</p>");
        ConfusionTable(html, [.. report.Parts.Select(p => p.Part)], [.. report.Confusion.Select(row => (IReadOnlyList<long>)[.. row.Select(n => (long)n)])]);
        html.Append("</section>");
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
}
