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
/// Makes a confidence of 90% mean that nine of ten are right: every logit is divided by one temperature, which validation frames
/// choose (Guo et al., "On Calibration of Modern Neural Networks", 2017). What is said does not change, only how surely.
/// </summary>
public static class Calibration
{
    private const int Bins = 15;

    /// <summary>Temperatures beyond these would say that a model knows nothing, or everything.</summary>
    private const double Coldest = 0.1, Hottest = 10;

    /// <summary>The temperature at which the frames' truths are likeliest; 1 without frames.</summary>
    public static double Temperature(Scores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count == 0)
        {
            return 1;
        }

        // The likelihood has one peak over the temperature's logarithm: golden section.
        double golden = (Math.Sqrt(5) - 1) / 2, low = Math.Log(Coldest), high = Math.Log(Hottest);
        double left = high - (golden * (high - low)), right = low + (golden * (high - low));
        double atLeft = Loss(scores, Math.Exp(left)), atRight = Loss(scores, Math.Exp(right));
        while (high - low > 1e-4)
        {
            if (atLeft < atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                atLeft = Loss(scores, Math.Exp(left = high - (golden * (high - low))));
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                atRight = Loss(scores, Math.Exp(right = low + (golden * (high - low))));
            }
        }

        return Math.Exp((low + high) / 2);
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

    private static double Loss(Scores scores, double temperature)
    {
        double loss = 0;
        for (int i = 0; i < scores.Count; i++)
        {
            float[] probabilities = scores.Probabilities[i];
            double sum = 0, highest = Math.Log(Math.Max(probabilities[scores.Said[i]], 1e-12)) / temperature;
            foreach (float p in probabilities)
            {
                sum += Math.Exp((Math.Log(Math.Max(p, 1e-12)) / temperature) - highest);
            }

            loss += Math.Log(sum) + highest - (Math.Log(Math.Max(probabilities[scores.Truth[i]], 1e-12)) / temperature);
        }

        return loss;
    }
}
