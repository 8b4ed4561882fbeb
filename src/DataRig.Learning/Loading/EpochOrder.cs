using DataRig.Core;

namespace DataRig.Learning.Loading;

/// <summary>Which samples an epoch shows, in which order: a pure function of the seed and the epoch.</summary>
internal static class EpochOrder
{
    /// <summary>Every sample once, or with balance as many draws shared equally among the labels.</summary>
    /// <returns>Positions in <paramref name="samples"/>.</returns>
    public static int[] Of(IReadOnlyList<Sample> samples, bool balance, Seed seed, int epoch)
    {
        Draws draws = seed.For("order").At(epoch);
        int[] chosen = balance ? Balanced(samples, draws) : [.. Enumerable.Range(0, samples.Count)];
        return [.. draws.Permutation("shuffle", chosen.Length).Select(i => chosen[i])];
    }

    private static int[] Balanced(IReadOnlyList<Sample> samples, Draws draws)
    {
        int[][] byLabel = [.. Enumerable.Range(0, samples.Count).GroupBy(i => samples[i].Label).OrderBy(g => g.Key).Select(g => g.ToArray())];
        List<int> chosen = [];
        for (int label = 0; label < byLabel.Length; label++)
        {
            int[] own = byLabel[label];
            int wanted = (int)((long)samples.Count * (label + 1) / byLabel.Length) - chosen.Count;
            for (int round = 0; wanted > 0; round++)
            {
                int[] order = draws.Permutation($"label {label} round {round}", own.Length);
                int taken = Math.Min(wanted, own.Length);
                chosen.AddRange(order.Take(taken).Select(i => own[i]));
                wanted -= taken;
            }
        }

        return [.. chosen];
    }
}
