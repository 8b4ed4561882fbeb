using System.Globalization;
using System.Text;
using DataRig.Learning.Proving;
using static DataRig.Report.FigureText;
using static DataRig.Report.HtmlPage;

namespace DataRig.Report;

/// <summary>The report's figures: what is taken for what, part by part, where it is weak, and how sure it is.</summary>
internal static class FigureSections
{
    /// <summary>Bars of one kind; what is beyond is not weak.</summary>
    private const int MostBars = 20;

    public static void Confusion(StringBuilder html, RunReport report)
    {
        html.Append("<section><h2>What is taken for what</h2><p class=\"note\">A row for each true part, a column for each prediction, on unseen items. The diagonal is green where recall or precision is above 90%, amber where neither is; red beside it is confusion, stronger with its share of the row.</p>");
        ConfusionTable(html, [.. report.Parts.Select(p => p.Proof.Part.Value)], report.Confusion);
        html.Append("</section>");
    }

    public static void Parts(StringBuilder html, RunReport report)
    {
        ProofFigures all = report.Overall;
        string beta = string.Create(CultureInfo.InvariantCulture, $"F{all.Beta}");
        html.Append(CultureInfo.InvariantCulture, $"<section><h2>Part by part</h2><p class=\"note\">In small print the interval in which 95 of 100 choices of items to prove it on would put the figure; a part of which one item was held out has none. {beta} counts recall {all.Beta} times as much as precision; ROC and PR are the areas under these curves.</p>");
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\"><table><tr><th>part</th><th>frames</th><th>precision</th><th>recall</th><th>F1</th><th>{beta}</th><th>ROC</th><th>PR</th><th class=\"text\">proven on, never seen before</th><th class=\"text\">trained on</th></tr>");
        foreach (PartFigures part in report.Parts)
        {
            PartProof proof = part.Proof;
            string proven = proof.Frames == 0 ? "unprovable: no other item of it was photographed" : part.TestItems;
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{E(proof.Part.Value)}</td><td>{proof.Frames}</td>{Cell(proof.Precision)}{Cell(proof.Recall)}<td>{FigureText.Of(proof.F1)}</td><td>{FigureText.Of(proof.FBeta)}</td><td>{FigureText.Of(proof.RocArea)}</td><td>{FigureText.Of(proof.PrecisionArea)}</td><td class=\"text\">{E(proven)}</td><td class=\"text\">{E(part.TrainItems)}</td></tr>");
        }

        html.Append(CultureInfo.InvariantCulture, $"<tr><td><b>mean</b></td><td>{all.Frames}</td>{Cell(all.MacroPrecision)}{Cell(all.MacroRecall)}<td>{FigureText.Of(all.MacroF1)}</td><td>{FigureText.Of(all.MacroFBeta)}</td><td>{FigureText.Of(all.MacroRocArea)}</td><td>{FigureText.Of(all.MacroPrecisionArea)}</td><td></td><td></td></tr>");
        html.Append("</table></div></section>");
    }

    /// <summary>The turn as a ring, the other kinds as bars, the weakest first.</summary>
    public static void Slices(StringBuilder html, RunReport report)
    {
        IGrouping<SliceKind, Slice>[] kinds = [.. report.Slices.GroupBy(s => s.Kind).Where(k => k.Count() > 1)];
        if (kinds.Length == 0)
        {
            return;
        }

        html.Append("<section><h2>Where it is weak</h2><p class=\"note\">The share of the frames that is recognized; red where it is below 90%. A thin line is its interval over items.</p><div class=\"pair\">");
        foreach (IGrouping<SliceKind, Slice> kind in kinds)
        {
            html.Append(CultureInfo.InvariantCulture, $"<div><h3>By {kind.Key.ToString().ToLowerInvariant()}</h3>");
            if (kind.Key == SliceKind.Azimuth)
            {
                html.Append(RingChart.Draw("Accuracy by the table's azimuth", [.. kind]));
            }
            else
            {
                Slice[] weakest = [.. kind.OrderBy(s => s.Accuracy.Value).ThenBy(s => s.Name, StringComparer.Ordinal).Take(MostBars)];
                BarList.Draw(html, [.. weakest.Select(s => (Short(s), s.Accuracy, $"{s.Frames} frames"))]);
                html.Append(kind.Count() > MostBars ? $"<p class=\"note\">The other {kind.Count() - MostBars} do better.</p>" : "");
            }

            html.Append("</div>");
        }

        html.Append("</div></section>");
    }

    public static void Confidence(StringBuilder html, RunReport report)
    {
        html.Append("<section><h2>How sure it is</h2>");
        if (report.Decision is not { } decision)
        {
            html.Append($"<p class=\"note\">{E(DecisionText.None)}</p></section>");
            return;
        }

        (DecisionRule rule, DecisionProof proof) = decision;
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">A confidence of 90% should be right nine times of ten: bars that end on the dashed line are. One temperature makes it so; shown on the unseen items. Pale bars are of few frames. {E(DecisionText.Chosen(rule))}</p><div class=\"pair\">");
        html.Append(CultureInfo.InvariantCulture, $"<div><h3>Before: off by {100 * proof.Before.Error:F1}% in the mean</h3>{ReliabilityChart.Draw("Reliability before calibration", proof.Before)}</div>");
        html.Append(CultureInfo.InvariantCulture, $"<div><h3>After, at a temperature of {rule.Temperature:F2}: off by {100 * proof.After.Error:F1}%</h3>{ReliabilityChart.Draw("Reliability after calibration", proof.After)}</div>");
        string by = rule.ChosenBy.WrongCosts.Count > 0 ? "the lowest cost" : string.Create(CultureInfo.InvariantCulture, $"the best F{rule.ChosenBy.Beta}");
        html.Append(CultureInfo.InvariantCulture, $"</div><h3>Thresholds</h3><p>Below its part's threshold ({E(by)} that validation makes likely) an answer is \"not sure\". On unseen items {FigureText.Of(proof.Believed)} of the answers are believed and {FigureText.Of(proof.AccuracyOfBelieved)} of these are right. {E(DecisionText.Kept(proof))}</p>");
        html.Append("<div class=\"scroll\"><table><tr><th>part</th><th>threshold</th><th>recall on validation</th><th>precision on validation</th></tr>");
        foreach ((string part, PartThreshold threshold) in rule.Parts)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{E(part)}</td><td>{Percent(threshold.Confidence)}</td><td>{Percent(threshold.Recall)}</td><td>{Percent(threshold.Precision)}</td></tr>");
        }

        html.Append("</table></div></section>");
    }

    public static void Alarm(StringBuilder html, RunReport report)
    {
        if (report.Alarm is not { } alarm)
        {
            return;
        }

        string Per100(double? value) => value?.ToString("F1", CultureInfo.InvariantCulture) ?? "–";
        string Frame(int? frame) => frame is { } from0 ? string.Create(CultureInfo.InvariantCulture, $"frame {from0 + 1}") : "none";
        html.Append(CultureInfo.InvariantCulture, $"<section><h2>Alarms for {E(alarm.Options.Part)}</h2><p class=\"note\">An alarm is raised when its smoothed probability stays at {100 * alarm.Options.Threshold:F0}% or more for {alarm.Options.Frames} frames.</p><ul class=\"figures\">");
        html.Append(CultureInfo.InvariantCulture, $"<li><b>{Per100(alarm.FalseAlarmsPer100)}</b><span>false alarms per 100 sequences that begin without it</span></li><li><b>{Per100(alarm.MissesPer100)}</b><span>misses per 100 sequences with it</span></li><li><b>{Per100(alarm.Delay)}</b><span>frames from its first one to the alarm (median)</span></li></ul>");
        html.Append("<div class=\"scroll\"><table><tr><th>sequence</th><th>frames</th><th>shown from</th><th>alarm at</th><th>highest</th></tr>");
        foreach (AlarmSequence sequence in alarm.Sequences)
        {
            string at = Frame(sequence.AlarmAt);
            bool right = !sequence.IsFalse && !sequence.IsMissed;
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{E(sequence.Name)}</td><td>{sequence.Frames}</td><td>{Frame(sequence.ShownFrom)}</td><td>{(right ? at : $"<em class=\"bad\">{at}</em>")}</td><td>{Percent(sequence.Highest)}</td></tr>");
        }

        html.Append("</table></div></section>");
    }

    /// <summary>An item that is named for its part does without the part.</summary>
    private static string Short(Slice slice) => slice.Kind == SliceKind.Item && slice.Name.Split(' ', 2) is [var part, var item] && item.StartsWith(part, StringComparison.Ordinal) ? item : slice.Name;

    private static string Cell(Figure figure) => $"<td{(figure.Value > Good ? " class=\"good\"" : "")}>{FigureText.Of(figure)}</td>";
}
