using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Importing;

/// <summary>The split that a format told of, as one of whole items or, where it divides items, of their sessions or sweeps.</summary>
internal static class ImportedSplit
{
    /// <summary>Keeps it, together with the one that the dataset has; says so where that cannot be.</summary>
    /// <returns>What is worth knowing of it.</returns>
    public static IEnumerable<string> Keep(Dataset dataset, IReadOnlyList<CheckedFrame> frames)
    {
        FormatFrame[] told = [.. frames.Select(f => f.Frame).Where(f => f.Role is not null && f.Source != FrameSource.Rendered)];
        if (told.Length == 0)
        {
            yield break;
        }

        SplitLevel level = Enum.GetValues<SplitLevel>().FirstOrDefault(l => Groups(told, l).All(IsWhole));
        IGrouping<GroupKey, FormatFrame>[] groups = Groups(told, level);
        if (Array.Find(groups, g => !IsWhole(g)) is { } divided)
        {
            yield return $"The split was not kept: it divides the item {divided.Key}, and two pictures of one item are nearly the same; 'datarig dataset split' makes another one.";
            yield break;
        }

        Split? kept = dataset.LoadSplit();
        if (kept is not null && kept.Level != level)
        {
            yield return $"The split of the dataset was left as it is: it is by {kept.Level.Noun()}, and the imported one by {level.Noun()}.";
            yield break;
        }

        Dictionary<GroupKey, SplitRole> roles = new(kept?.Roles ?? new Dictionary<GroupKey, SplitRole>());
        foreach (IGrouping<GroupKey, FormatFrame> item in groups)
        {
            SplitRole role = item.First().Role!.Value;
            if (roles.TryGetValue(item.Key, out SplitRole before) && before != role)
            {
                yield return $"The split of the dataset was left as it is: there {item.Key} is for {before.ToString().ToLowerInvariant()}, and here for {role.ToString().ToLowerInvariant()}.";
                yield break;
            }

            roles[item.Key] = role;
        }

        dataset.SaveSplit(new Split(kept?.Seed ?? new Seed(0), roles, level));
    }

    private static IGrouping<GroupKey, FormatFrame>[] Groups(FormatFrame[] frames, SplitLevel level) => [.. frames.GroupBy(f => GroupKey.Of(f, level))];

    private static bool IsWhole(IGrouping<GroupKey, FormatFrame> group) => group.Select(f => f.Role).Distinct().Count() == 1;
}
