using DataRig.Core;

namespace DataRig.Jobs;

/// <summary>A mean over repetitions and how sure it is.</summary>
/// <param name="Mean">In [0, 1].</param>
/// <param name="Low">The lower end of the 95% interval (Student's t over the repetitions); null for a single one.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Repetitions">How many there were.</param>
internal sealed record Estimate(double Mean, double? Low, double? High, int Repetitions)
{
    /// <summary>Two-sided 95% quantiles of Student's t for 1 to 9 degrees of freedom.</summary>
    private static readonly double[] T95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

    /// <returns>Null where there is nothing to average.</returns>
    public static Estimate? Of(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        if (known.Length < 2)
        {
            return known.Length == 0 ? null : new Estimate(known[0], null, null, 1);
        }

        double mean = known.Average(), variance = known.Sum(v => (v - mean) * (v - mean)) / (known.Length - 1);
        double half = T95[Math.Min(known.Length - 1, T95.Length) - 1] * Math.Sqrt(variance / known.Length);
        return new Estimate(mean, Math.Max(0, mean - half), Math.Min(1, mean + half), known.Length);
    }
}

/// <summary>One row of the comparison: so many photographs of each part.</summary>
/// <param name="RealFrames">Photographs of each part trained on.</param>
/// <param name="Alone">Without renders, on the parts that have several items.</param>
/// <param name="WithRenders">With renders, on the same parts.</param>
/// <param name="AllParts">With renders, on all parts.</param>
/// <param name="AllPhotographs">With renders alone, on every photograph.</param>
internal sealed record SimToRealRow(int RealFrames, Estimate? Alone, Estimate? WithRenders, Estimate? AllParts, Estimate? AllPhotographs);

/// <summary>The comparison's figures, averaged over its repetitions.</summary>
internal static class SimToRealTable
{
    public static IReadOnlyList<SimToRealRow> Of(IReadOnlyList<SimToRealCell> cells) =>
    [
        .. cells.GroupBy(c => c.RealFrames).OrderBy(g => g.Key).Select(row => new SimToRealRow(
            row.Key,
            Estimate.Of(row.Where(c => !c.Synthesis).Select(c => (double?)c.Accuracy)),
            Estimate.Of(row.Where(c => c.Synthesis).Select(c => (double?)c.Accuracy)),
            Estimate.Of(row.Select(c => c.AllParts)),
            Estimate.Of(row.Select(c => c.AllPhotographs)))),
    ];

    /// <summary>How many held-out photographs leak with each seed and what was done about it, in words; null where there are none.</summary>
    public static string? Leaks(IReadOnlyList<SimToRealCell> cells)
    {
        SimToRealCell[] seeds = [.. cells.DistinctBy(c => c.Seed).Where(c => c.Leaking > 0)];
        if (seeds.Length == 0)
        {
            return null;
        }

        string each = string.Join(", ", seeds.Select(c => FormattableString.Invariant($"{c.Leaking} with seed {c.Seed}")));
        return seeds[0].LeakingLeftOut
            ? $"Held-out photographs that training may know prove nothing and were left out: {each}."
            : $"Among the held-out photographs are some that training may know (--allow-leaks): {each}. These figures are too good.";
    }

    /// <summary>How many photographs of each part reach what renders alone reach, in words; null where renders alone or photographs alone were not tried.</summary>
    public static string? Worth(IReadOnlyList<SimToRealRow> rows, int renders)
    {
        (int Count, double Accuracy)[] alone = [.. rows.Where(r => r.Alone is not null).Select(r => (r.RealFrames, r.Alone!.Mean))];
        if (rows.FirstOrDefault(r => r.RealFrames == 0)?.WithRenders is not { } synthetic || alone.Length == 0)
        {
            return null;
        }

        int reached = Array.FindIndex(alone, a => a.Accuracy >= synthetic.Mean);
        string worth = reached switch
        {
            < 0 => $"more than {alone[^1].Count}",
            0 => $"no more than {alone[0].Count}",
            _ => $"between {alone[reached - 1].Count} and {alone[reached].Count}",
        };
        return FormattableString.Invariant($"{renders} rendered frames are worth {worth} real frames of each part.");
    }
}
