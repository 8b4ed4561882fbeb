using DataRig.Core;

namespace DataRig.Learning.Proving;

/// <summary>How well one part is told from the others.</summary>
/// <param name="Part">The part.</param>
/// <param name="Frames">Frames of it that were shown.</param>
/// <param name="Items">Items that they are of. With one item there is no interval: nobody knows how another would do.</param>
/// <param name="Precision">Of the frames said to be of it, the share that are.</param>
/// <param name="Recall">Of its frames, the share that are recognized.</param>
/// <param name="F1">The harmonic mean of both.</param>
/// <param name="FBeta">The mean that counts recall beta times as much as precision (van Rijsbergen, 1979).</param>
/// <param name="RocArea">See <see cref="RankAreas"/>.</param>
/// <param name="PrecisionArea">Average precision; see there.</param>
public sealed record PartProof(PartId Part, int Frames, int Items, Figure Precision, Figure Recall, Figure F1, Figure FBeta, Figure RocArea, Figure PrecisionArea);

/// <summary>
/// The figures of a classifier on frames of items that it has never seen, each with the interval in which it may lie. Macro
/// figures are means over the parts that have frames.
/// </summary>
public sealed record ProofFigures
{
    private const int Overall = 8, APart = 6;

    public required int Frames { get; init; }

    /// <summary>Items that the frames are of: what the intervals are drawn over.</summary>
    public required int Items { get; init; }

    public required double Beta { get; init; }

    public required Figure Accuracy { get; init; }

    /// <summary>The share of frames whose part is one of the two likeliest.</summary>
    public required Figure Top2 { get; init; }

    public required Figure MacroPrecision { get; init; }

    public required Figure MacroRecall { get; init; }

    public required Figure MacroF1 { get; init; }

    public required Figure MacroFBeta { get; init; }

    public required Figure MacroRocArea { get; init; }

    public required Figure MacroPrecisionArea { get; init; }

    /// <summary>One a part, in the order of the model's classes.</summary>
    public required IReadOnlyList<PartProof> Parts { get; init; }

    /// <param name="scores">What the model said.</param>
    /// <param name="seed">What the intervals are drawn from.</param>
    /// <param name="beta">How much more recall counts than precision in F-beta.</param>
    public static ProofFigures Of(Scores scores, Seed seed, double beta = 2)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        int classes = scores.Classes.Count;
        RankAreas[] ranks = [.. Enumerable.Range(0, classes).Select(c => new RankAreas([.. scores.Probabilities.Select(p => p[c])], [.. scores.Truth.Select(t => t == c)]))];
        bool[] top2 = [.. Enumerable.Range(0, scores.Count).Select(i => scores.IsAmong(i, 2))];
        IReadOnlyList<Figure> all = Bootstrap.Of(scores.Groups, seed, weights => Count(scores, ranks, top2, weights, beta));

        int[] items = [.. Enumerable.Range(0, classes).Select(c => scores.Group.Where((_, i) => scores.Truth[i] == c).Distinct().Count())];
        PartProof Part(int c)
        {
            int frames = scores.Truth.Count(t => t == c);
            Figure At(int figure)
            {
                Figure found = all[Overall + (APart * c) + figure];
                return frames == 0 ? default : items[c] < 2 ? new Figure(found.Value) : found;
            }

            return new PartProof(scores.Classes[c], frames, items[c], At(0), At(1), At(2), At(3), At(4), At(5));
        }

        return new ProofFigures
        {
            Frames = scores.Count,
            Items = scores.Groups,
            Beta = beta,
            Accuracy = all[0],
            Top2 = all[1],
            MacroPrecision = all[2],
            MacroRecall = all[3],
            MacroF1 = all[4],
            MacroFBeta = all[5],
            MacroRocArea = all[6],
            MacroPrecisionArea = all[7],
            Parts = [.. Enumerable.Range(0, classes).Select(Part)],
        };
    }

    /// <summary>All figures for one drawing of the groups: the eight over all parts, then six a part. NaN where there is nothing to count.</summary>
    private static double[] Count(Scores scores, RankAreas[] ranks, bool[] top2, int[] groupWeights, double beta)
    {
        int classes = scores.Classes.Count;
        int[] weights = [.. scores.Group.Select(g => groupWeights[g])];
        long[] right = new long[classes], said = new long[classes], support = new long[classes];
        long among = 0, total = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            total += weights[i];
            among += top2[i] ? weights[i] : 0;
            support[scores.Truth[i]] += weights[i];
            said[scores.Said[i]] += weights[i];
            right[scores.Truth[i]] += scores.Truth[i] == scores.Said[i] ? weights[i] : 0;
        }

        double[] figures = new double[Overall + (APart * classes)];
        for (int c = 0; c < classes; c++)
        {
            (double roc, double precision) = ranks[c].Of(weights);
            double[] part =
            [
                Share(right[c], said[c]), Share(right[c], support[c]), Share(2 * right[c], said[c] + support[c]),
                Share((1 + (beta * beta)) * right[c], said[c] + (beta * beta * support[c])), roc, precision,
            ];
            part.CopyTo(figures, Overall + (APart * c));
        }

        double Mean(int figure)
        {
            double[] known = [.. Enumerable.Range(0, classes).Where(c => support[c] > 0).Select(c => figures[Overall + (APart * c) + figure]).Where(double.IsFinite)];
            return known.Length == 0 ? double.NaN : known.Average();
        }

        figures[0] = total == 0 ? double.NaN : (double)right.Sum() / total;
        figures[1] = total == 0 ? double.NaN : (double)among / total;
        for (int figure = 0; figure < APart; figure++)
        {
            figures[2 + figure] = Mean(figure);
        }

        return figures;
    }

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;
}
