using System.Globalization;
using DataRig.Learning;
using DataRig.Learning.Explaining;
using DataRig.Learning.Proving;
using DataRig.Report;
using static DataRig.Report.FigureText;

namespace DataRig.Jobs;

/// <summary>What was asked of a model, as the report's first section tells it.</summary>
internal static class ReportChecks
{
    /// <param name="proof">What was asked.</param>
    /// <param name="study">What its errors have in common.</param>
    /// <param name="leaks">What both sides of the split have in common.</param>
    /// <param name="knowsItems">Whether the split divides items, whose pictures are then known from other sittings or sweeps.</param>
    public static IEnumerable<ReportCheck> Of(Proof proof, ErrorStudy study, LeakReport leaks, bool knowsItems)
    {
        yield return new ReportCheck(
            "The split",
            leaks.Leaks.Count == 0,
            leaks.Leaks.Count == 0
                ? Text($"None of {leaks.Held} held-out photographs is known to training: no copy, no crop{(knowsItems ? "; other photographs of the same items are trained on, as the split has it" : ", no stop beside one that is trained on")}.")
                : Text($"{leaks.Leaks.Count} of {leaks.Held} held-out photographs are known to training already. Figures on them prove nothing."),
            leaks.Leaks.Count == 0 ? [] : ["'datarig dataset leaks --fix' moves whole items to one side, --drop puts the held-out frames aside; then train again"]);
        foreach (Symptom finding in proof.Findings)
        {
            yield return new ReportCheck("The curves", finding.Ailment == Ailment.None, finding.What, finding.Remedies);
        }

        if (proof.Background is { } background)
        {
            yield return new ReportCheck(
                "The table alone",
                !background.ReadsTable,
                Text($"With the part covered it names {Percent(background.BackgroundOnly.Value)} of the parts (guessing gives {Percent(background.Chance)}), with everything but the part grey {Percent(background.ObjectOnly.Value)}, on whole pictures {Percent(background.Whole.Value)}. {(background.ReadsTable ? "It reads the table, its light or its tint." : "It does not live on the table.")}"),
                background.ReadsTable ? ["photograph every part on the same table under the same light", "balance the table (\"balanceTable\")"] : []);
        }

        if (proof.RandomSplit is { } random)
        {
            yield return new ReportCheck(
                "A random split",
                true,
                Text($"would have claimed {Percent(random.Claimed.Value)} where unseen items give {Percent(random.Honest.Value)}: a linear classifier on what the network makes of the frames, fitted with and without other frames of the very items that it is judged on."),
                []);
        }

        if (proof.EmptyTable is { } empty)
        {
            yield return new ReportCheck(
                "The empty table",
                empty.FalseAlarms.Value < 0.05,
                Text($"It sees a part in {Percent(empty.FalseAlarms.Value)} of {empty.Frames} frames of the empty table, and none in {Percent(empty.Missed.Value)} of the frames of parts."),
                empty.FalseAlarms.Value < 0.05 ? [] : ["photograph the empty table on more occasions and under more lights"]);
        }

        if (study is { HeatOnPart: { } heat, PartArea: { } area })
        {
            yield return new ReportCheck("Where it looks", heat > area, Text($"{Percent(heat)} of the heat lies on the part, which takes {Percent(area)} of what the network sees."), []);
        }

        if (proof.Decision is { } decision)
        {
            bool better = decision.After.Error <= decision.Before.Error + 0.005;
            yield return new ReportCheck("Its confidence", better, Text($"Off by {Percent(decision.After.Error)} in the mean after calibration, {Percent(decision.Before.Error)} before. {DecisionText.Chosen(proof.Rule!)}"), proof.Rule!.IsOfFewItems ? ["more items of each part, two for validation at least"] : []);
            yield return new ReportCheck("The promise of validation", decision.Kept, DecisionText.Kept(decision), decision.Kept == true ? [] : ["more items of each part: validation and test are of few"]);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
