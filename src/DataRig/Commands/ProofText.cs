using System.Globalization;
using DataRig.Jobs;
using DataRig.Learning.Proving;
using DataRig.Report;
using Spectre.Console;
using static DataRig.Report.FigureText;

namespace DataRig.Commands;

/// <summary>How far a model can be trusted, as text and as JSON.</summary>
internal static class ProofText
{
    public static object Json(Proof proof) => new
    {
        diagnosis = proof.Findings.Select(f => new { ailment = f.Ailment, what = f.What, remedies = f.Remedies }),
        calibration = proof.Decision is null ? null : new { temperature = proof.Rule!.Temperature, frames = proof.Rule.Frames, items = proof.Rule.Items, fewItems = proof.Rule.IsOfFewItems, keptInRun = proof.RuleIsTheRuns, before = proof.Decision.Before, after = proof.Decision.After },
        thresholds = proof.Decision is null ? null : new
        {
            believed = proof.Decision.Believed, accuracyOfBelieved = proof.Decision.AccuracyOfBelieved, recall = proof.Decision.Recall, validationRecall = proof.Rule!.PromisedRecall, promisedRecall = proof.Decision.Promised, kept = proof.Decision.Kept, parts = proof.Rule.Parts,
        },
        background = proof.Background,
        doubtful = proof.Doubtful.Select(d => new { frame = d.Frame.Id.Value, part = d.Frame.Part.Value, item = d.Frame.Item.Value, picture = d.Frame.ImagePath, likelier = d.Likelier.Value, labelProbability = d.LabelProbability, likelierProbability = d.LikelierProbability }),
        alarm = proof.Alarm,
        randomSplit = proof.RandomSplit,
        emptyTable = proof.EmptyTable,
    };

    public static void Draw(IAnsiConsole console, Proof proof)
    {
        foreach (Symptom finding in proof.Findings)
        {
            console.MarkupLineInterpolated($"{finding.What}");
            if (finding.Remedies.Count > 0)
            {
                console.MarkupLineInterpolated($"[grey]  try: {string.Join("; ", finding.Remedies)}[/]");
            }
        }

        if (proof.Decision is { } decision)
        {
            console.MarkupLineInterpolated($"{DecisionText.Chosen(proof.Rule!)}{(proof.RuleIsTheRuns ? "" : " They are of these figures alone: --choose keeps them in the run.")}");
            console.MarkupLineInterpolated($"calibration error {Percent(decision.Before.Error)}{(proof.Rule!.Temperature == 1 ? "" : $", {Percent(decision.After.Error)} at that temperature")}; with the thresholds {Plain(decision.Believed)} of the answers are believed, {Plain(decision.AccuracyOfBelieved)} of these are right");
            console.MarkupLineInterpolated($"{DecisionText.Kept(decision)}");
        }
        else
        {
            console.MarkupLineInterpolated($"{DecisionText.None}");
        }

        if (proof.Background is { } background)
        {
            console.MarkupLineInterpolated($"macro recall {Plain(background.Whole)} on whole pictures, {Plain(background.ObjectOnly)} on the part alone, {Plain(background.BackgroundOnly)} on the table alone (guessing gives {Percent(background.Chance)})");
            if (background.ReadsTable)
            {
                console.MarkupLine("[yellow]The model reads the table: it names parts that it cannot see. Photograph every part on the same table under the same light, or balance the table (\"balanceTable\").[/]");
            }
        }

        if (proof.RandomSplit is { } random)
        {
            console.MarkupLineInterpolated($"a random split of these frames would have claimed {Plain(random.Claimed)}, unseen items give {Plain(random.Honest)} (estimated by a linear classifier on what the network makes of them)");
        }

        foreach (DoubtfulLabel doubt in proof.Doubtful)
        {
            console.MarkupLineInterpolated($"[yellow]frame {doubt.Frame.Id}[/] is labelled {doubt.Frame.Part} ({Percent(doubt.LabelProbability)}), looks like {doubt.Likelier} ({Percent(doubt.LikelierProbability)}): {doubt.Frame.ImagePath}");
        }

        if (proof.EmptyTable is { } empty)
        {
            console.MarkupLineInterpolated($"on {empty.Frames} frames of the empty table it sees a part in {Plain(empty.FalseAlarms)}; it sees none in {Plain(empty.Missed)} of the frames of parts");
        }

        if (proof.Alarm is { } alarm)
        {
            string after = alarm.Delay is { } delay ? string.Create(CultureInfo.InvariantCulture, $"; it comes {delay:0.#} frames after the first one with it (median)") : "";
            console.MarkupLineInterpolated($"alarm {alarm.Options.Part}: {Count(alarm.FalseAlarmsPer100)} false alarms per 100 sequences (of {alarm.Sequences.Count(s => s.ShownFrom != 0)} that begin without it), {Count(alarm.MissesPer100)} misses per 100 (of {alarm.Sequences.Count(s => s.Real)} with it){after}");
        }
    }

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static string Count(double? per100) => per100?.ToString("F1", CultureInfo.InvariantCulture) ?? "-";
}
