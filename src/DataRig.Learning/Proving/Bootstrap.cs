using DataRig.Core;

namespace DataRig.Learning.Proving;

/// <summary>
/// How far figures may be off: the groups (items, not frames, for the frames of an item stand or fall together) are drawn anew
/// with replacement many times and the figures are counted each time (the cluster bootstrap; Efron and Tibshirani, "An
/// Introduction to the Bootstrap", 1993, chapters 8 and 13).
/// </summary>
public static class Bootstrap
{
    public const int Resamples = 1000;

    private const double Tail = 0.025;

    /// <summary>Several figures at once with their 95% intervals between percentiles.</summary>
    /// <param name="groups">How many groups there are; with fewer than two there is no interval.</param>
    /// <param name="seed">What the resamples are drawn from.</param>
    /// <param name="count">Counts the figures from how often each group was drawn; NaN where it has none. Called from several threads.</param>
    public static IReadOnlyList<Figure> Of(int groups, Seed seed, Func<int[], double[]> count)
    {
        ArgumentNullException.ThrowIfNull(count);
        double[] values = count([.. Enumerable.Repeat(1, groups)]);
        if (groups < 2)
        {
            return [.. values.Select(v => new Figure(Known(v)))];
        }

        double[][] drawn = new double[Resamples][];
        Seed resampling = seed.For("bootstrap");
        Parallel.For(0, Resamples, i => drawn[i] = count(Weights(groups, resampling.At(i))));
        return [.. values.Select((value, figure) => Interval(value, [.. drawn.Select(d => d[figure]).Where(double.IsFinite).Order()]))];
    }

    private static Figure Interval(double value, double[] sorted) =>
        double.IsFinite(value) && sorted.Length > Resamples / 2 ? new Figure(value, At(sorted, Tail), At(sorted, 1 - Tail)) : new Figure(Known(value));

    private static double? Known(double value) => double.IsFinite(value) ? value : null;

    private static double At(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }

    private static int[] Weights(int groups, Draws draws)
    {
        int[] weights = new int[groups];
        ulong state = draws.Bits("groups");
        for (int i = 0; i < groups; i++)
        {
            weights[(int)Math.BigMul(Draws.SplitMix(ref state), (ulong)groups, out _)]++;
        }

        return weights;
    }
}
