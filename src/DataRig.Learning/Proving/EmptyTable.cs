using DataRig.Core;

namespace DataRig.Learning.Proving;

/// <summary>How a model does where there is no part, as a class of its own (<see cref="PartId.Nothing"/>).</summary>
/// <param name="Frames">Frames of the empty table that were shown.</param>
/// <param name="Items">Occasions that they are of.</param>
/// <param name="FalseAlarms">The share of them in which it sees a part.</param>
/// <param name="Missed">The share of the frames of parts in which it sees none.</param>
public sealed record EmptyTable(int Frames, int Items, Figure FalseAlarms, Figure Missed)
{
    /// <returns>Null where the model does not know of empty tables, or none was shown.</returns>
    public static EmptyTable? Of(IReadOnlyList<FramePrediction> predictions, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        FramePrediction[] empty = [.. predictions.Where(p => p.Frame.Part == PartId.Nothing)], parts = [.. predictions.Where(p => p.Frame.Part != PartId.Nothing)];
        return empty.Length == 0 ? null : new EmptyTable(
            empty.Length, empty.Select(p => p.Frame.Item).Distinct().Count(), Share(empty, p => p.Said != PartId.Nothing, seed.For("empty tables")), Share(parts, p => p.Said == PartId.Nothing, seed.For("parts")));
    }

    private static Figure Share(FramePrediction[] predictions, Func<FramePrediction, bool> counts, Seed seed)
    {
        (int Frames, int Counted)[] items = [.. predictions.GroupBy(p => (p.Frame.Part, p.Frame.Item)).Select(i => (i.Count(), i.Count(counts)))];
        return items.Length == 0 ? default : Bootstrap.Of(items.Length, seed, weights =>
        {
            long frames = 0, counted = 0;
            for (int i = 0; i < items.Length; i++)
            {
                frames += weights[i] * items[i].Frames;
                counted += weights[i] * items[i].Counted;
            }

            return [frames == 0 ? double.NaN : (double)counted / frames];
        })[0];
    }
}
