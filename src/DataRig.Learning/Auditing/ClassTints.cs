using System.Globalization;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Auditing;

/// <summary>
/// Parts that the table's tint gives away: a part is told from the tint of the table alone, by what the tints of the other
/// items are (of other sweeps, where a part has one item, and of other frames, where these are not known either), each part counting
/// alike. Light that differs from item to item, whichever part they are of, gives nothing away and is not named.
/// </summary>
internal static class ClassTints
{
    /// <summary>
    /// A part whose tint is nearer to another part's is not named: so much its own colour throws on the table. On the simulated rig, whose light is one for
    /// all parts, they differ by 0.007 at most, on real photographs under coloured light by up to 0.15.
    /// </summary>
    private const double LeastDifference = 0.02;

    /// <summary>Photographs of a part that are enough to speak of its tint.</summary>
    private const int LeastFrames = 8;

    private const int Folds = 5;

    public static IEnumerable<AuditFinding> Of(IReadOnlyList<Sight> sights)
    {
        Dictionary<PartId, Sight[]> parts = sights.GroupBy(s => s.Frame.Part)
            .Where(g => g.Count() >= LeastFrames).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.ToArray());
        if (parts.Count < 2)
        {
            yield break;
        }

        double chance = 1.0 / parts.Count;
        // One item with many frames counts no more than another one.
        Dictionary<PartId, Tint> middles = parts.ToDictionary(p => p.Key, p => Tint.Mean([.. p.Value.GroupBy(s => s.Frame.Item).Select(i => Tint.Median([.. i.Select(s => s.Tint)]))]));
        foreach ((PartId part, Sight[] frames) in parts)
        {
            KeyValuePair<PartId, Tint>[] others = [.. middles.Where(m => m.Key != part)];
            (PartId nearest, Tint likest) = others.MinBy(o => (middles[part] - o.Value).Size);
            if ((middles[part] - likest).Size >= LeastDifference && Told(part, frames, parts) is var told && told >= (1 + chance) / 2)
            {
                // Between the others a part differs from each of them, though not from their mean.
                Tint difference = middles[part] - Tint.Mean([.. others.Select(o => o.Value)]);
                (string than, difference) = difference.Size >= LeastDifference ? ("other parts", difference) : ($"{nearest}, the nearest to it", middles[part] - likest);
                yield return new AuditFinding(AuditIssue.ClassTint, null, part.Value, string.Create(
                    CultureInfo.InvariantCulture,
                    $"The table around {part} is {Words(difference)} than around {than}, and its tint alone tells {100 * told:F0}% of the {frames.Length} photographs of {part} from the others ({100 * chance:F0}% would be chance). A model can learn the light instead of the part: photograph {part} again under the same light and white balance as the others, or every part under several lights; until then ask 'datarig validate --background'."));
            }
        }
    }

    /// <summary>The share of a part's frames whose tint is likeliest under that part, none fitted to its own group.</summary>
    private static double Told(PartId part, Sight[] frames, Dictionary<PartId, Sight[]> parts)
    {
        TintSpread[] others = [.. parts.Where(p => p.Key != part).Select(p => new TintSpread([.. p.Value.Select(s => s.Tint)]))];
        int told = 0;
        foreach (IGrouping<object, Sight> group in Groups(frames))
        {
            TintSpread own = new([.. frames.Except(group).Select(s => s.Tint)]);
            told += group.Count(s => others.All(o => o.LogLikelihood(s.Tint) < own.LogLikelihood(s.Tint)));
        }

        return (double)told / frames.Length;
    }

    private static IEnumerable<IGrouping<object, Sight>> Groups(Sight[] frames)
    {
        IGrouping<object, Sight>[] items = [.. frames.GroupBy(s => (object)s.Frame.Item)], sweeps = [.. frames.GroupBy(s => (object)(s.Frame.Session, s.Frame.Sweep))];
        return items.Length > 1 ? items : sweeps.Length > 1 ? sweeps : frames.Select((s, i) => (Sight: s, Fold: i % Folds)).GroupBy(p => (object)p.Fold, p => p.Sight);
    }

    private static string Words(Tint difference)
    {
        string[] words =
        [
            .. from tint in new[] { (By: difference.Red, More: "redder", Less: "less red"), (By: difference.Blue, More: "bluer", Less: "less blue") }
               where Math.Abs(tint.By) >= LeastDifference / 2
               select string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Abs(Math.Exp(tint.By) - 1):F0}% {(tint.By > 0 ? tint.More : tint.Less)}"),
        ];
        return string.Join(" and ", words);
    }
}
