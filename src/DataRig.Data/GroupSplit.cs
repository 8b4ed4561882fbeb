using DataRig.Core;

namespace DataRig.Data;

/// <summary>
/// Splits by item, stratified by part: the default, and the only honest split. Two photographs of one item are
/// nearly the same picture, so an item that is divided between training and test proves nothing.
/// </summary>
/// <remarks>
/// Of a part with n photographed items: n = 1, all to training, and the part is unprovable (to divide the item
/// by angle would claim a generalisation that was never tested); n = 2 or 3, one to test; n of at least 4, a
/// fifth (at least one) to test and as many to validation. Which ones follows from the seed and the part's
/// name alone, so that another part's items do not move them; but what one video shows stays together.
/// </remarks>
public static class GroupSplit
{
    /// <summary>The same items and seed give the same split, whatever the items' order. Items that are only rendered have no role: they are trained on.</summary>
    public static Split Assign(IEnumerable<ItemFrames> items, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(items);
        items = [.. items];
        Seed held = seed.For("split");
        Dictionary<GroupKey, SplitRole> roles = [];
        foreach (IGrouping<PartId, GroupKey> part in items.Where(i => i.Photographed > 0).Select(i => i.Group).Distinct().GroupBy(g => g.Part))
        {
            GroupKey[] inOrder = [.. part.Order()];
            int[] order = held.At(0).Permutation(part.Key.Value, inOrder.Length);
            (int test, int validation) = HeldOut(inOrder.Length);
            for (int i = 0; i < order.Length; i++)
            {
                roles[inOrder[order[i]]] = i < test ? SplitRole.Test : i < test + validation ? SplitRole.Validation : SplitRole.Train;
            }
        }

        // A print that fails is one sequence of frames and two parts: both do what the one with fewer items does.
        foreach (GroupKey[] film in items.Where(i => i.Film is not null && roles.ContainsKey(i.Group)).GroupBy(i => i.Film, i => i.Group).Select(g => g.ToArray()))
        {
            SplitRole role = roles[film.OrderBy(k => roles.Keys.Count(other => other.Part == k.Part)).ThenBy(k => k).First()];
            foreach (GroupKey group in film)
            {
                roles[group] = role;
            }
        }

        return new Split(seed, roles);
    }

    /// <summary>How many of a part's items are held out.</summary>
    internal static (int Test, int Validation) HeldOut(int items)
    {
        int fifth = Math.Max(1, ((2 * items) + 5) / 10); // rounded
        return items < 2 ? (0, 0) : items < 4 ? (1, 0) : (fifth, fifth);
    }
}
