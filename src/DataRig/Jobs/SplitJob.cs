using DataRig.Core;
using DataRig.Data;

namespace DataRig.Jobs;

/// <summary>Which items are learned from and which prove the model.</summary>
internal static class SplitJob
{
    /// <summary>
    /// The dataset's split. It is made once and kept: an item that has proven a model must not train the
    /// next one. It is made anew when items have come that it does not know, or when a new one is asked for.
    /// </summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="seed">Which items a new split holds out.</param>
    /// <param name="anew">Forget the split that is there.</param>
    /// <exception cref="WorkFailedException">The dataset has no photographed frame.</exception>
    public static Split EnsureSplit(Dataset dataset, Seed seed, bool anew = false)
    {
        ItemFrames[] photographed = [.. dataset.Items().Where(i => i.Photographed > 0)];
        if (photographed.Length == 0)
        {
            throw new WorkFailedException($"{dataset.Folder} has no captured or imported frame; capture or import some first.");
        }

        Split? kept = anew ? null : dataset.LoadSplit();
        if (kept is not null && photographed.All(i => kept.Roles.ContainsKey(i.Group)))
        {
            return kept;
        }

        Split split = GroupSplit.Assign(photographed, seed);
        dataset.SaveSplit(split);
        return split;
    }

    /// <summary>The frames of a role, in the catalog's order.</summary>
    public static IReadOnlyList<FrameRecord> Frames(Dataset dataset, Split split, SplitRole role) =>
        [.. dataset.Frames().Where(f => split.RoleOf(f) == role)];
}
