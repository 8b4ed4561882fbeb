using DataRig.Core;

namespace DataRig.Learning.Loading;

/// <summary>Which samples an epoch shows, in which order: a pure function of the seed and the epoch.</summary>
internal static class EpochOrder
{
    /// <summary>So many draws, shared equally among the samples or, with balance, among the labels: none comes again before all have come.</summary>
    /// <returns>Positions in <paramref name="samples"/>.</returns>
    public static int[] Of(IReadOnlyList<Sample> samples, int count, bool balance, Seed seed, int epoch)
    {
        Draws draws = seed.For("order").At(epoch);
        int[][] groups = [.. Enumerable.Range(0, samples.Count).GroupBy(i => balance ? samples[i].Label : 0).OrderBy(g => g.Key).Select(g => g.ToArray())];
        List<int> chosen = [];
        for (int group = 0; group < groups.Length; group++)
        {
            int[] own = groups[group];
            int wanted = (int)((long)count * (group + 1) / groups.Length) - chosen.Count;
            for (int round = 0; wanted > 0; round++)
            {
                int[] order = draws.Permutation($"label {group} round {round}", own.Length);
                int taken = Math.Min(wanted, own.Length);
                chosen.AddRange(order.Take(taken).Select(i => own[i]));
                wanted -= taken;
            }
        }

        return [.. draws.Permutation("shuffle", chosen.Count).Select(i => chosen[i])];
    }
}
