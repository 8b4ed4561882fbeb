using DataRig.Core;

namespace DataRig.Learning;

/// <summary>How well one part is recognized.</summary>
/// <param name="Part">The part.</param>
/// <param name="Precision">Of the frames said to be of this part, the share that are; 0 where none is said to be.</param>
/// <param name="Recall">Of the frames of this part, the share that are said to be; 0 where it has none.</param>
/// <param name="F1">The harmonic mean of both; 0 where both are 0.</param>
/// <param name="Support">Frames of this part that were shown.</param>
public sealed record PartMetrics(PartId Part, double Precision, double Recall, double F1, long Support);

/// <summary>
/// The figures of a classifier on frames it was not trained on. Parts without any frame (a part of which only one item
/// exists can be trained on or be proved, not both) are left out of the macro figures, which average over the parts
/// that have support; frames wrongly said to be of such a part count as errors like any other.
/// </summary>
public sealed record Metrics
{
    /// <summary>The share of frames that are recognized, in [0, 1].</summary>
    public required double Accuracy { get; init; }

    public required double MacroPrecision { get; init; }

    public required double MacroRecall { get; init; }

    public required double MacroF1 { get; init; }

    /// <summary>One row a part, in the order of the model's classes, those without support among them.</summary>
    public required IReadOnlyList<PartMetrics> Parts { get; init; }

    public required ConfusionMatrix Confusion { get; init; }

    /// <summary>The parts of which nothing was shown, so that nothing is proved of them.</summary>
    public IEnumerable<PartId> Unproved => Parts.Where(p => p.Support == 0).Select(p => p.Part);

    public static Metrics From(ConfusionMatrix confusion)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        PartMetrics[] parts = [.. Enumerable.Range(0, confusion.Classes.Count).Select(i => Of(confusion, i))];
        PartMetrics[] supported = [.. parts.Where(p => p.Support > 0)];
        double Mean(Func<PartMetrics, double> figure) => supported.Length == 0 ? 0 : supported.Average(figure);
        return new Metrics
        {
            Accuracy = confusion.Total == 0 ? 0 : (double)Enumerable.Range(0, parts.Length).Sum(i => confusion[i, i]) / confusion.Total,
            MacroPrecision = Mean(p => p.Precision),
            MacroRecall = Mean(p => p.Recall),
            MacroF1 = Mean(p => p.F1),
            Parts = parts,
            Confusion = confusion,
        };
    }

    private static PartMetrics Of(ConfusionMatrix confusion, int part)
    {
        long right = confusion[part, part], support = 0, said = 0;
        for (int other = 0; other < confusion.Classes.Count; other++)
        {
            support += confusion[part, other];
            said += confusion[other, part];
        }

        return new PartMetrics(confusion.Classes[part], Share(right, said), Share(right, support), Share(2 * right, said + support), support);
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
