using System.Globalization;
using DataRig.Learning.Proving;
using static DataRig.Report.FigureText;

namespace DataRig.Report;

/// <summary>A model's rule and its proof in sentences, alike in the terminal and in the report.</summary>
internal static class DecisionText
{
    /// <summary>What holds where no validation frame could choose a rule.</summary>
    public const string None = "No items were left for choosing a temperature and thresholds (four of a part or more leave one): confidences are as the network gives them, and every answer is believed.";

    /// <summary>What chose the rule, and how far that carries.</summary>
    public static string Chosen(DecisionRule rule) => Text(
        $"{(rule.Temperature == 1 ? "Confidences stay as the network gives them, for no temperature held for items that had not chosen it; they and the thresholds rest" : $"The temperature of {rule.Temperature:F2} and the thresholds rest")} on {rule.Frames} frames of {Items(rule.Items)}{(rule.IsOfFewItems ? ", less than two of each part: take confidences with care" : "")}.");

    /// <summary>What validation promises of recall.</summary>
    public static string Promise(DecisionRule rule) =>
        rule.Promise is { } promise ? Text($"Validation promises a mean recall of at least {Percent(promise)}.") : "Validation promises no recall: it has too few items.";

    /// <summary>What it promised, and what became of that on unseen items.</summary>
    public static string Kept(DecisionProof proof) => (proof.Promised, proof.Kept) switch
    {
        (null, _) => Text($"Mean recall is {Plain(proof.Recall)} on unseen items; validation promised none: it has too few items."),
        ({ } promised, { } kept) => Text($"Validation promised a mean recall of at least {Percent(promised)}; on unseen items it came to {Plain(proof.Recall)}: {(kept ? "kept" : "not kept")}."),
        ({ } promised, null) => Text($"Validation promised a mean recall of at least {Percent(promised)}; on unseen items it came to {Plain(proof.Recall)}: too few items to tell."),
    };

    private static string Items(int count) => count == 1 ? "one validation item" : Text($"{count} validation items");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
