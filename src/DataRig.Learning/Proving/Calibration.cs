namespace DataRig.Learning.Proving;

/// <summary>Frames whose confidence lies in one tenth or fifteenth of the scale.</summary>
/// <param name="Confidence">Their mean confidence; the bin's middle where there are none.</param>
/// <param name="Accuracy">The share of them that are right; 0 where there are none.</param>
/// <param name="Frames">How many they are.</param>
public sealed record ReliabilityBin(double Confidence, double Accuracy, int Frames);

/// <summary>How far a model's confidence is what it claims to be.</summary>
/// <param name="Error">Expected calibration error: the mean distance of confidence and accuracy over the bins, weighted by their frames (Naeini et al., 2015), in [0, 1].</param>
/// <param name="Bins">Even bins of confidence, from 0 to 1.</param>
public sealed record Reliability(double Error, IReadOnlyList<ReliabilityBin> Bins);

/// <summary>
/// Makes a confidence of 90% mean that nine of ten are right: every logit is divided by one temperature, which validation items
/// choose (Guo et al., "On Calibration of Modern Neural Networks", 2017). What is said does not change, only how surely.
/// </summary>
public static class Calibration
{
    private const int Bins = 15;

    /// <summary>Temperatures that are tried, evenly in their logarithm: beyond these a model would know nothing, or everything.</summary>
    private static readonly double[] Tried = [.. Enumerable.Range(-70, 141).Select(i => Math.Pow(10, i / 70.0))];

    /// <summary>
    /// The temperature at which items are likeliest, each weighing as much as another however many frames it has, if temperatures of
    /// this kind hold for items that did not choose them: each item is left out in turn, and those that the others choose must make it
    /// likelier in the mean than 1 does (Stone, "Cross-Validatory Choice and Assessment of Statistical Predictions", 1974). Else 1,
    /// as with fewer than two items: few bricks of which one is hard would otherwise make a model doubt all, or the other way round.
    /// </summary>
    /// <remarks>
    /// Items that chose the epoch are recognized a little too well, and where all are, no temperature is cold enough. To make a model
    /// surer than it is, one item more is therefore counted, half of whose frames are the second likeliest part (as Platt smooths
    /// targets, "Probabilistic Outputs for Support Vector Machines", 1999).
    /// </remarks>
    public static double Temperature(Scores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Groups < 2)
        {
            return 1;
        }

        double[][] losses = Losses(scores, doubt: 0);
        double[] all = Sums(losses);
        int neutral = Array.IndexOf(Tried, 1);
        double gained = losses.Sum(item => item[neutral] - item[Lowest(all, item)]);
        double likeliest = gained > 0 ? Tried[Lowest(all, null)] : 1;
        return likeliest >= 1 ? likeliest : Math.Min(1, Tried[Lowest(Sums(Losses(scores, doubt: 0.5 / (scores.Groups + 1))), null)]);
    }

    private static double[] Sums(double[][] losses) => [.. Enumerable.Range(0, Tried.Length).Select(t => losses.Sum(item => item[t]))];

    /// <summary>The place of the lowest loss of all items, or of all but one.</summary>
    private static int Lowest(double[] all, double[]? without)
    {
        int best = 0;
        for (int t = 1; t < all.Length; t++)
        {
            best = all[t] - (without?[t] ?? 0) < all[best] - (without?[best] ?? 0) ? t : best;
        }

        return best;
    }

    /// <summary>Of each group, the mean of its frames' negative log-likelihood at each temperature.</summary>
    /// <param name="scores">The frames.</param>
    /// <param name="doubt">How far a frame may be the other part: the second likeliest, or the likeliest where that is wrong.</param>
    private static double[][] Losses(Scores scores, double doubt)
    {
        double[][] losses = [.. Enumerable.Range(0, scores.Groups).Select(_ => new double[Tried.Length])];
        int[] frames = new int[scores.Groups];
        double[][] logits = [.. scores.Probabilities.Select(p => p.Select(v => Math.Log(Math.Max(v, 1e-12))).ToArray())];
        foreach (int group in scores.Group)
        {
            frames[group]++;
        }

        // How far the truth's logit lies below the likeliest's.
        double[] shortfalls = [.. Enumerable.Range(0, scores.Count).Select(i =>
        {
            int said = scores.Said[i], truth = scores.Truth[i], other = truth == said ? Second(logits[i], said) : said;
            return logits[i][said] - ((1 - doubt) * logits[i][truth]) - (doubt * logits[i][other]);
        })];
        Parallel.For(0, Tried.Length, t =>
        {
            for (int i = 0; i < scores.Count; i++)
            {
                losses[scores.Group[i]][t] += (LogSum(logits[i], scores.Said[i], Tried[t]) + (shortfalls[i] / Tried[t])) / frames[scores.Group[i]];
            }
        });
        return losses;
    }

    /// <summary>Probabilities as they are at a temperature; those of 1 are as they were.</summary>
    public static float[] Apply(float[] probabilities, double temperature)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        if (temperature == 1)
        {
            return probabilities;
        }

        double[] logits = [.. probabilities.Select(p => Math.Log(Math.Max(p, 1e-12)) / temperature)];
        double highest = logits.Max(), sum = logits.Sum(l => Math.Exp(l - highest));
        return [.. logits.Select(l => (float)(Math.Exp(l - highest) / sum))];
    }

    /// <summary>All frames at a temperature.</summary>
    public static Scores Apply(Scores scores, double temperature) => new(scores.Classes, scores.Truth, [.. scores.Probabilities.Select(p => Apply(p, temperature))], [.. scores.Group.Select(g => $"{g}")]);

    /// <summary>The reliability of the likeliest part's probability.</summary>
    public static Reliability Reliability(Scores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        (double Confidence, bool Right)[] frames = [.. Enumerable.Range(0, scores.Count).Select(i => ((double)scores.Probabilities[i][scores.Said[i]], scores.Said[i] == scores.Truth[i]))];
        ILookup<int, (double Confidence, bool Right)> byBin = frames.ToLookup(f => Math.Clamp((int)(f.Confidence * Bins), 0, Bins - 1));
        ReliabilityBin[] bins = [.. Enumerable.Range(0, Bins).Select(b => byBin[b].Any()
            ? new ReliabilityBin(byBin[b].Average(f => f.Confidence), byBin[b].Average(f => f.Right ? 1.0 : 0), byBin[b].Count())
            : new ReliabilityBin((b + 0.5) / Bins, 0, 0))];
        return new Reliability(frames.Length == 0 ? 0 : bins.Sum(b => b.Frames * Math.Abs(b.Confidence - b.Accuracy)) / frames.Length, bins);
    }

    /// <summary>The logarithm of the softmax's sum, the likeliest class's term being 1.</summary>
    private static double LogSum(double[] logits, int highest, double temperature)
    {
        double sum = 0;
        foreach (double logit in logits)
        {
            sum += Math.Exp((logit - logits[highest]) / temperature);
        }

        return Math.Log(sum);
    }

    private static int Second(double[] logits, int highest)
    {
        int second = highest == 0 ? Math.Min(1, logits.Length - 1) : 0;
        for (int c = 0; c < logits.Length; c++)
        {
            second = c != highest && logits[c] > logits[second] ? c : second;
        }

        return second;
    }
}
