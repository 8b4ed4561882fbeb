using DataRig.Core;

namespace DataRig.Learning.Proving;

/// <summary>How a rule does on frames that did not choose it.</summary>
/// <param name="Believed">The share of frames whose answer is believed.</param>
/// <param name="AccuracyOfBelieved">The share of these that are right.</param>
/// <param name="Recall">The mean over the parts of the share of their frames that are recognized and believed.</param>
/// <param name="Promised">How much of it validation promised at least; null where it promised nothing.</param>
/// <param name="Kept">Whether what was promised lies within the interval here, or is surpassed; null without a promise or an interval.</param>
/// <param name="Before">Reliability as the network says it.</param>
/// <param name="After">Reliability at the rule's temperature.</param>
public sealed record DecisionProof(Figure Believed, Figure AccuracyOfBelieved, Figure Recall, double? Promised, bool? Kept, Reliability Before, Reliability After);

/// <summary>Chooses a temperature and thresholds on validation frames, and proves them on others.</summary>
public static class DecisionMaker
{
    /// <param name="validation">What the model said of validation frames, at a temperature of 1.</param>
    /// <param name="options">What makes a good threshold.</param>
    /// <param name="seed">What intervals are drawn from.</param>
    public static DecisionRule Choose(Scores validation, DecisionOptions options, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(options);
        double temperature = Calibration.Temperature(validation);
        Scores calibrated = Calibration.Apply(validation, temperature);
        DecisionRule rule = new()
        {
            Temperature = temperature,
            ChosenBy = options,
            Frames = validation.Count,
            Items = validation.Groups,
            CalibrationErrorBefore = Calibration.Reliability(validation).Error,
            CalibrationErrorAfter = Calibration.Reliability(calibrated).Error,
            Parts = Enumerable.Range(0, validation.Classes.Count).ToDictionary(c => validation.Classes[c].Value, c => Threshold(calibrated, c, options)),
        };
        return rule with { PromisedRecall = Figures(calibrated, rule, seed)[2] };
    }

    /// <param name="scores">What the model said of frames that did not choose the rule, at a temperature of 1.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="seed">What intervals are drawn from.</param>
    public static DecisionProof Prove(Scores scores, DecisionRule rule, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Scores calibrated = Calibration.Apply(scores, rule.Temperature);
        IReadOnlyList<Figure> figures = Figures(calibrated, rule, seed);
        bool? kept = rule.Promise is { } promise && figures[2].High is { } high ? promise <= high : null;
        return new DecisionProof(figures[0], figures[1], figures[2], rule.Promise, kept, Calibration.Reliability(scores), Calibration.Reliability(calibrated));
    }

    /// <summary>The share believed, the share of these that are right, and the mean recall.</summary>
    private static IReadOnlyList<Figure> Figures(Scores calibrated, DecisionRule rule, Seed seed)
    {
        bool[] believed = [.. Enumerable.Range(0, calibrated.Count).Select(i => rule.Believes(calibrated.Classes[calibrated.Said[i]], calibrated.Probabilities[i][calibrated.Said[i]]))];
        return Bootstrap.Of(calibrated.Groups, seed, weights =>
        {
            long all = 0, sure = 0, right = 0;
            long[] support = new long[calibrated.Classes.Count], recalled = new long[support.Length];
            for (int i = 0; i < believed.Length; i++)
            {
                int weight = weights[calibrated.Group[i]];
                bool hit = believed[i] && calibrated.Said[i] == calibrated.Truth[i];
                all += weight;
                sure += believed[i] ? weight : 0;
                right += hit ? weight : 0;
                support[calibrated.Truth[i]] += weight;
                recalled[calibrated.Truth[i]] += hit ? weight : 0;
            }

            double[] recalls = [.. support.Zip(recalled).Where(p => p.First > 0).Select(p => (double)p.Second / p.First)];
            return [all == 0 ? double.NaN : (double)sure / all, sure == 0 ? double.NaN : (double)right / sure, recalls.Length == 0 ? double.NaN : recalls.Average()];
        });
    }

    /// <summary>The confidence from which the answer "this part" is best believed.</summary>
    private static PartThreshold Threshold(Scores calibrated, int part, DecisionOptions options)
    {
        (double Confidence, bool Right)[] answers =
        [
            .. Enumerable.Range(0, calibrated.Count).Where(i => calibrated.Said[i] == part)
                .Select(i => ((double)calibrated.Probabilities[i][part], calibrated.Truth[i] == part)).OrderByDescending(a => a.Item1),
        ];
        int support = calibrated.Truth.Count(t => t == part), right = 0;
        double? wrongCost = options.WrongCost(calibrated.Classes[part].Value);
        // Believing none is a choice as well, but only costs can want it: its F-beta is the lowest.
        (double Worth, int Believed) best = (wrongCost is null ? 0 : -options.RejectCost * answers.Length, 0);
        for (int believed = 1; believed <= answers.Length; believed++)
        {
            right += answers[believed - 1].Right ? 1 : 0;
            if (believed < answers.Length && answers[believed].Confidence == answers[believed - 1].Confidence)
            {
                continue;
            }

            double squared = options.Beta * options.Beta;
            double worth = wrongCost is { } cost
                ? -(cost * (believed - right)) - (options.RejectCost * (answers.Length - believed))
                : (1 + squared) * right / (believed + (squared * support));
            best = worth >= best.Worth ? (worth, believed) : best;
        }

        // Half-way between the last that is believed and the first that is not; all or none where one of them is missing.
        double threshold = answers.Length == 0 || best.Believed == answers.Length ? 0
            : best.Believed == 0 ? 1
            : (answers[best.Believed - 1].Confidence + answers[best.Believed].Confidence) / 2;
        int kept = answers.Take(best.Believed).Count(a => a.Right);
        return new PartThreshold
        {
            Confidence = threshold,
            Recall = support == 0 ? null : (double)kept / support,
            Precision = best.Believed == 0 ? null : (double)kept / best.Believed,
        };
    }
}
