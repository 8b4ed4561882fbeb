using DataRig.Core;
using DataRig.Data;

namespace DataRig.Jobs;

/// <summary>Which groups are learned from and which prove the model.</summary>
internal static class SplitJob
{
    /// <summary>
    /// The dataset's split. It is made once and kept: an item that has proven a model must not train the
    /// next one. It is made anew when groups have come that it does not know, or when a new one is asked for.
    /// </summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="seed">What a new split holds out.</param>
    /// <param name="anew">Forget the split that is there.</param>
    /// <param name="by">What is kept together; null for what the split that is there keeps together, and for items where there is none.</param>
    /// <exception cref="WorkFailedException">The dataset has no photographed frame, or a split that keeps other things together.</exception>
    public static Split EnsureSplit(Dataset dataset, Seed seed, bool anew = false, SplitLevel? by = null)
    {
        Split? there = dataset.LoadSplit();
        SplitLevel level = by ?? there?.Level ?? SplitLevel.Item;
        if (!anew && there is not null && there.Level != level)
        {
            throw new WorkFailedException($"{dataset.Folder} has a split by {there.Level.Noun()}; --anew makes one by {level.Noun()} in its place.");
        }

        ItemFrames[] photographed = [.. dataset.Items(level).Where(i => i.Photographed > 0)];
        if (photographed.Length == 0)
        {
            throw new WorkFailedException($"{dataset.Folder} has no captured or imported frame; capture or import some first.");
        }

        if (!anew && there is not null && photographed.All(i => there.Roles.ContainsKey(i.Group)))
        {
            return there;
        }

        Split split = GroupSplit.Assign(photographed, seed, level);
        dataset.SaveSplit(split);
        return split;
    }

    /// <summary>The frames of a role, in the catalog's order.</summary>
    public static IReadOnlyList<FrameRecord> Frames(Dataset dataset, Split split, SplitRole role) =>
        [.. dataset.Frames().Where(f => split.RoleOf(f) == role)];
}
