using System.Globalization;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Proving;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>What to photograph next, because a model was weak there.</summary>
/// <param name="Plan">A plan that a rig can run; null where nothing is weak, or nothing weak can be photographed.</param>
/// <param name="Reasons">A sentence for each weak part.</param>
internal sealed record NextCapture(CapturePlan? Plan, IReadOnlyList<string> Reasons)
{
    /// <summary>Below this recall a part, or a sector of its turn, is weak.</summary>
    private const double Weak = 0.9;

    /// <summary>Twice as many stops as there were show the part between two of the angles it was learned from.</summary>
    private const int Denser = 2, MostStops = 3600;

    /// <summary>
    /// The items that are trained on of every part whose recall on unseen items is weak, at the angles at which it is weak. The
    /// items that prove the model stay as they are: photographed for training they would prove nothing any more.
    /// </summary>
    /// <param name="predictions">What the model said of frames of unseen items.</param>
    /// <param name="split">Which items are trained on.</param>
    /// <param name="plan">The rig's plan as it is: poses, lights, stops.</param>
    public static NextCapture Of(IReadOnlyList<FramePrediction> predictions, Split split, CapturePlan plan)
    {
        Dictionary<string, IReadOnlyList<string>> items = new(StringComparer.Ordinal);
        HashSet<string> sectors = new(StringComparer.Ordinal);
        List<string> reasons = [];
        bool everywhere = false;
        foreach (IGrouping<PartId, FramePrediction> part in predictions.GroupBy(p => p.Frame.Part).Where(p => Recall(p) < Weak).OrderBy(Recall))
        {
            string[] weak =
            [
                .. part.Where(p => p.Frame.AzimuthDegrees is not null).GroupBy(p => Breakdown.Sector(p.Frame.AzimuthDegrees!.Value))
                    .Where(s => Recall(s) < Weak).OrderBy(Recall).Select(s => s.Key),
            ];
            string[] owned = [.. split.Roles.Where(r => r.Value == SplitRole.Train && r.Key.Part == part.Key).Select(r => Planned(r.Key)).OfType<string>().Distinct()];
            string where = weak.Length == 0 ? "" : $", worst at {string.Join(", ", weak.Take(3).Select(s => $"{s} degrees"))}";
            string taken = part.Where(p => !p.IsRight).GroupBy(p => p.Said).OrderByDescending(g => g.Count()).First().Key.Value;
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{part.Key}: {100 * Recall(part):F1}% of its frames are recognized{where}; most often taken for {taken}.{(owned.Length < 3 ? " A further brick of it helps more than further angles." : "")}"));
            if (owned.Length > 0)
            {
                items[part.Key.Value] = owned;
                sectors.UnionWith(weak);
                everywhere |= weak.Length == 0;
            }
        }

        int stops = Math.Min(MostStops, Denser * plan.StopsPerSweep);
        int[] turns = [.. Enumerable.Range(0, stops).Where(t => everywhere || sectors.Contains(Breakdown.Sector(360.0 * t / stops)))];
        return new NextCapture(items.Count == 0 ? null : plan with { Items = items, StopsPerSweep = stops, Turns = turns.Length == stops ? [] : turns }, reasons);
    }

    /// <summary>The same as a whole configuration: the rig's own, with this plan.</summary>
    /// <param name="rig">The rig's configuration.</param>
    /// <param name="predictions">See <see cref="Of(IReadOnlyList{FramePrediction}, Split, CapturePlan)"/>.</param>
    /// <param name="split">See there.</param>
    /// <param name="file">Where to write it; null writes nothing. Nothing is written either where there is nothing to capture.</param>
    /// <exception cref="WorkFailedException">The file cannot be written.</exception>
    public static NextCapture Of(RigFile rig, IReadOnlyList<FramePrediction> predictions, Split split, string? file)
    {
        NextCapture next = Of(predictions, split, rig.Plan);
        next.Write(rig, file);
        return next;
    }

    /// <summary>Writes a whole configuration: the rig's own, with this plan.</summary>
    /// <param name="rig">The rig's configuration.</param>
    /// <param name="file">Where to write it; null writes nothing. Nothing is written either where there is nothing to capture.</param>
    /// <exception cref="WorkFailedException">The file cannot be written.</exception>
    public void Write(RigFile rig, string? file)
    {
        if (file is null || Plan is null)
        {
            return;
        }

        try
        {
            File.WriteAllText(file, StrictJson.Write(rig with { Plan = Plan }));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The plan cannot be written to {file}: {e.Message}", e);
        }
    }

    private static double Recall(IEnumerable<FramePrediction> predictions) => predictions.Average(p => p.IsRight ? 1.0 : 0);

    /// <summary>An item as a plan names it, without its part in front; null where its name does not begin with it, so that no plan can ask for it.</summary>
    public static string? Planned(GroupKey item) =>
        item.Item.Value.StartsWith($"{item.Part.Value}-", StringComparison.Ordinal) ? item.Item.Value[(item.Part.Value.Length + 1)..] : null;
}
