using DataRig.Core;

namespace DataRig.Data;

/// <summary>
/// Splits by group, stratified by part: by item unless asked otherwise, the only split that shows how a model does on another
/// object. Two photographs of one item are nearly the same picture, so an item that is divided between training and test proves
/// another sitting or pose of that very object and no more; <see cref="SplitSummary"/> says so.
/// </summary>
/// <remarks>
/// Of a part with n photographed groups: n = 1, all to training, and the part is unprovable (to divide it
/// by angle would claim a generalisation that was never tested); n = 2 or 3, one to test; n of at least 4, a
/// fifth (at least one) to test and as many to validation. Which ones follows from the seed and the part's
/// name alone, so that another part's groups do not move them; but what one video shows stays together. By session the sittings are drawn, so
/// that all parts that were photographed in the same sittings are proven in the same one.
/// </remarks>
public static class GroupSplit
{
    /// <summary>The same groups and seed give the same split, whatever the groups' order. Groups that are only rendered have no role: they are trained on.</summary>
    /// <param name="groups">All at one level.</param>
    /// <param name="seed">What is held out.</param>
    /// <param name="level">What the groups are.</param>
    public static Split Assign(IEnumerable<ItemFrames> groups, Seed seed, SplitLevel level = SplitLevel.Item)
    {
        ArgumentNullException.ThrowIfNull(groups);
        groups = [.. groups];
        Seed held = seed.For("split");
        Dictionary<GroupKey, SplitRole> roles = [];
        foreach (IGrouping<PartId, GroupKey> part in groups.Where(i => i.Photographed > 0).Select(i => i.Group).Distinct().GroupBy(g => g.Part))
        {
            GroupKey[] inOrder = [.. part.Order()];
            IEnumerable<GroupKey> drawn = held.At(0).Permutation(part.Key.Value, inOrder.Length).Select(i => inOrder[i]);
            if (level == SplitLevel.Session)
            {
                drawn = drawn.OrderBy(g => held.At(0).Bits($"session {g.Session}"));
            }

            (int test, int validation) = HeldOut(inOrder.Length);
            foreach ((GroupKey group, int i) in drawn.Select((g, i) => (g, i)))
            {
                roles[group] = i < test ? SplitRole.Test : i < test + validation ? SplitRole.Validation : SplitRole.Train;
            }
        }

        // A print that fails is one sequence of frames and two parts: both do what the one with fewer groups does.
        GroupKey[][] films = [.. groups.Where(i => i.Film is not null && roles.ContainsKey(i.Group)).GroupBy(i => i.Film, i => i.Group).Select(g => g.Order().ToArray())];
        foreach (GroupKey[] film in films)
        {
            SplitRole role = roles[film.OrderBy(k => roles.Keys.Count(other => other.Part == k.Part)).ThenBy(k => k).First()];
            foreach (GroupKey group in film)
            {
                roles[group] = role;
            }
        }

        LeaveSomethingToLearnFrom(roles, films);
        return new Split(seed, roles, level);
    }

    /// <summary>Several parts may have moved all of a part's films to where they prove: the first of them then trains, with all that it shows.</summary>
    private static void LeaveSomethingToLearnFrom(Dictionary<GroupKey, SplitRole> roles, GroupKey[][] films)
    {
        foreach (PartId part in roles.Keys.Select(k => k.Part).Distinct().Order().ToArray())
        {
            GroupKey[] own = [.. roles.Keys.Where(k => k.Part == part)];
            if (own.All(k => roles[k] != SplitRole.Train))
            {
                foreach (GroupKey group in films.Where(f => f.Any(own.Contains)).MinBy(f => f.First(own.Contains))!)
                {
                    roles[group] = SplitRole.Train;
                }
            }
        }
    }

    /// <summary>How many of a part's groups are held out.</summary>
    internal static (int Test, int Validation) HeldOut(int groups)
    {
        int fifth = Math.Max(1, ((2 * groups) + 5) / 10); // rounded
        return groups < 2 ? (0, 0) : groups < 4 ? (1, 0) : (fifth, fifth);
    }
}
