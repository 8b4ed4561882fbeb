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
    /// <summary>Of fewer items all that are drawn anew are often the worst one, and an interval ends with it: worse ones could not be promised against.</summary>
    private const int LeastItems = 4;

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
        Figure recall = Figures(calibrated, rule, seed)[2];
        return rule with { PromisedRecall = rule.Items < LeastItems ? new Figure(recall.Value) : recall };
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

    /// <summary>
    /// The confidence from which the answer "this part" is best believed, by what calibrated probabilities say and not by which
    /// validation answers happened to be right, so that few items cannot push it about. With costs it is where a wrong answer costs
    /// as much as none (Chow, "On Optimum Recognition Error and Reject Tradeoff", 1970); else the best F-beta that the probabilities
    /// make likely, over 1 + beta² (Lipton, Elkan and Naryanaswamy, "Optimal Thresholding of Classifiers to Maximize F1 Measure", 2014).
    /// </summary>
    private static PartThreshold Threshold(Scores calibrated, int part, DecisionOptions options)
    {
        int[] answers = [.. Enumerable.Range(0, calibrated.Count).Where(i => calibrated.Said[i] == part)];
        double threshold = options.WrongCost(calibrated.Classes[part].Value) is { } wrong
            ? wrong <= options.RejectCost ? 0 : 1 - (options.RejectCost / wrong)
            : LikelyBest([.. answers.Select(i => (double)calibrated.Probabilities[i][part]).OrderDescending()], calibrated.Probabilities.Sum(p => (double)p[part]), options.Beta) / (1 + (options.Beta * options.Beta));
        int[] believed = [.. answers.Where(i => calibrated.Probabilities[i][part] >= threshold)];
        int support = calibrated.Truth.Count(t => t == part), right = believed.Count(i => calibrated.Truth[i] == part);
        return new PartThreshold
        {
            Confidence = threshold,
            Recall = support == 0 ? null : (double)right / support,
            Precision = believed.Length == 0 ? null : (double)right / believed.Length,
        };
    }

    /// <summary>The best F-beta to be had by believing the surest answers, as the probabilities have it.</summary>
    /// <param name="answers">The probabilities of the answers, the surest first.</param>
    /// <param name="support">How many frames are of the part.</param>
    /// <param name="beta">How many times as much recall counts as precision.</param>
    private static double LikelyBest(double[] answers, double support, double beta)
    {
        double squared = beta * beta, right = 0, best = 0;
        for (int believed = 1; believed <= answers.Length; believed++)
        {
            right += answers[believed - 1];
            best = Math.Max(best, (1 + squared) * right / (believed + (squared * support)));
        }

        return best;
    }
}
