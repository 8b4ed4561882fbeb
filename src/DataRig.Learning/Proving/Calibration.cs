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

    /// <summary>How far from 1 networks' temperatures lie before any item is seen: two of three within a factor of two.</summary>
    private static readonly double Spread = Math.Log(2);

    /// <summary>
    /// The likeliest temperature, every item being one observation however many frames it has, and the logarithm of temperatures being
    /// normal about 0 before any is seen (a maximum a posteriori estimate: items that are all recognized would else make a model
    /// certain, and a hard one would make it doubt all). It is taken only if temperatures of this kind hold for items that did not
    /// choose them: each item is left out in turn, and those that the others choose must make it likelier in the mean than 1 does
    /// (Stone, "Cross-Validatory Choice and Assessment of Statistical Predictions", 1974). Else it is 1, as with fewer than two items.
    /// </summary>
    public static double Temperature(Scores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Groups < 2)
        {
            return 1;
        }

        double[][] losses = Losses(scores);
        double[] all = [.. Tried.Select((t, i) => (Math.Log(t) * Math.Log(t) / (2 * Spread * Spread)) + losses.Sum(item => item[i]))];
        int neutral = Array.IndexOf(Tried, 1);
        double gained = losses.Sum(item => item[neutral] - item[Lowest(all, item)]);
        return gained > 0 ? Tried[Lowest(all, null)] : 1;
    }

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
    private static double[][] Losses(Scores scores)
    {
        double[][] losses = [.. Enumerable.Range(0, scores.Groups).Select(_ => new double[Tried.Length])];
        int[] frames = new int[scores.Groups];
        double[][] logits = [.. scores.Probabilities.Select(p => p.Select(v => Math.Log(Math.Max(v, 1e-12))).ToArray())];
        foreach (int group in scores.Group)
        {
            frames[group]++;
        }

        Parallel.For(0, Tried.Length, t =>
        {
            for (int i = 0; i < scores.Count; i++)
            {
                losses[scores.Group[i]][t] += Loss(logits[i], scores.Truth[i], scores.Said[i], Tried[t]) / frames[scores.Group[i]];
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

    private static double Loss(double[] logits, int truth, int highest, double temperature)
    {
        double sum = 0;
        foreach (double logit in logits)
        {
            sum += Math.Exp((logit - logits[highest]) / temperature);
        }

        return Math.Log(sum) + ((logits[highest] - logits[truth]) / temperature);
    }
}
