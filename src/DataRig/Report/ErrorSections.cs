using System.Globalization;
using System.Text;
using DataRig.Learning.Explaining;
using static DataRig.Report.HtmlPage;

namespace DataRig.Report;

/// <summary>The report's pictures of what went wrong, and of labels that may be wrong.</summary>
internal static class ErrorSections
{
    public static void Errors(StringBuilder html, RunReport report)
    {
        html.Append("<section><h2>Worst errors</h2>");
        if (report.Errors.Count == 0)
        {
            html.Append("<p class=\"note\">None: every frame of the unseen items was recognised.</p></section>");
            return;
        }

        Kinds(html, report.Kinds);
        html.Append("<p class=\"note\">Those that the model was surest of, worst first: what it sees, where in it it sees the part that it names, and the training frames that the picture is most like to it.</p><div class=\"errors\">");
        foreach (ShownError error in report.Errors)
        {
            string place = error.AzimuthDegrees is { } azimuth ? string.Create(CultureInfo.InvariantCulture, $" at {azimuth:F1}°") : "";
            string pose = error.Pose is null ? "" : $", {E(error.Pose)}";
            string like = error.Nearest.Count == 0 ? "" : $"<br/>most like {E(string.Join(", ", error.Nearest))}";
            string kinds = error.Kinds.Count == 0 ? "" : $"<br/>{string.Concat(error.Kinds.Select(k => $"<span class=\"tag\">{E(k)}</span>"))}";
            html.Append(CultureInfo.InvariantCulture, $"<figure>{HtmlReport.Image(error.Strip, error.Item)}<figcaption><b>{E(error.Item)}</b>{place}{pose}<br/>taken for <em>{E(error.Predicted)}</em> ({100 * error.Confidence:F0}%){like}{kinds}</figcaption></figure>");
        }

        html.Append("</div></section>");
    }

    public static void Doubtful(StringBuilder html, RunReport report)
    {
        if (report.Doubtful.Count == 0)
        {
            return;
        }

        html.Append("<section><h2>Doubtful labels</h2><p class=\"note\">Labels that a classifier fitted on the other frames contradicts most; the heat shows the likelier part. 'datarig review' goes through them.</p><div class=\"errors\">");
        foreach (ShownDoubt doubt in report.Doubtful)
        {
            html.Append(CultureInfo.InvariantCulture, $"<figure>{HtmlReport.Image(doubt.Strip, doubt.Item)}<figcaption>frame {doubt.Frame} is labelled <b>{E(doubt.Item)}</b> ({100 * doubt.LabelProbability:F0}%)<br/>looks like <em>{E(doubt.Likelier)}</em> ({100 * doubt.LikelierProbability:F0}%)</figcaption></figure>");
        }

        html.Append("</div></section>");
    }

    /// <summary>What kinds of errors are called.</summary>
    public static string Name(ErrorKind kind) => kind.Cause switch
    {
        ErrorCause.Cut => "cut off",
        ErrorCause.Dark => "dark",
        ErrorCause.Blurred => "not sharp",
        ErrorCause.Elsewhere => "looks elsewhere",
        ErrorCause.Azimuth => $"{kind.Name}°",
        _ => kind.Name,
    };

    private static void Kinds(StringBuilder html, IReadOnlyList<ErrorKind> kinds)
    {
        if (kinds.Count == 0)
        {
            html.Append("<p class=\"note\">The errors have nothing in common that the frames would prove.</p>");
            return;
        }

        html.Append("<h3>What they have in common</h3><ul>");
        foreach (ErrorKind kind in kinds)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><span class=\"tag\">{E(Name(kind))}</span> {E(kind.What)}</li>");
        }

        html.Append("</ul>");
    }
}
