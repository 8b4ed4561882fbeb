using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning;

/// <summary>A group that changes its role so that a leak is gone.</summary>
/// <param name="Group">The whole group.</param>
/// <param name="From">What it was used for.</param>
/// <param name="To">What it is used for now.</param>
public sealed record LeakMove(GroupKey Group, SplitRole From, SplitRole To);

/// <summary>Mends a split by moving whole groups.</summary>
public static class LeakMend
{
    /// <summary>
    /// Groups that give each other away come to one side: that of training, if one of them trained. A part that lost what proved it
    /// gets another of its training groups held out, if it has two that give nothing away; which one follows from the split's seed.
    /// </summary>
    /// <param name="split">The split.</param>
    /// <param name="leaks">What the gate found in it.</param>
    /// <returns>The split without these leaks, and what moved. What moved into the held-out roles was never compared with training: check again.</returns>
    public static (Split Split, IReadOnlyList<LeakMove> Moves) Apply(Split split, IReadOnlyList<Leak> leaks)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(leaks);
        Dictionary<GroupKey, GroupKey> parents = split.Roles.Keys.ToDictionary(k => k);
        foreach (Leak leak in leaks)
        {
            parents[Root(parents, split.KeyOf(leak.Held))] = Root(parents, split.KeyOf(leak.Known));
        }

        Dictionary<GroupKey, SplitRole> roles = new(split.Roles);
        HashSet<GroupKey> linked = [];
        foreach (GroupKey[] together in split.Roles.Keys.GroupBy(k => Root(parents, k)).Select(g => g.ToArray()).Where(g => g.Length > 1))
        {
            linked.UnionWith(together);
            SplitRole to = together.Min(k => roles[k]); // training first, then validation
            foreach (GroupKey group in together)
            {
                roles[group] = to;
            }
        }

        foreach (IGrouping<PartId, GroupKey> part in split.Roles.Keys.GroupBy(k => k.Part))
        {
            foreach (SplitRole lost in new[] { SplitRole.Test, SplitRole.Validation }.Where(role => part.Any(k => split.Roles[k] == role) && !part.Any(k => roles[k] == role)))
            {
                GroupKey[] trained = [.. part.Where(k => roles[k] == SplitRole.Train).Order()], free = [.. trained.Where(k => !linked.Contains(k))];
                if (trained.Length > 1 && free.Length > 0)
                {
                    roles[free[split.Seed.For("mended").At((int)lost).Below(part.Key.Value, free.Length)]] = lost;
                }
            }
        }

        LeakMove[] moves = [.. split.Roles.Where(r => roles[r.Key] != r.Value).Select(r => new LeakMove(r.Key, r.Value, roles[r.Key]))];
        return (split.With(roles), moves);
    }

    private static GroupKey Root(Dictionary<GroupKey, GroupKey> parents, GroupKey of)
    {
        while (parents[of] != of)
        {
            of = parents[of] = parents[parents[of]];
        }

        return of;
    }
}
