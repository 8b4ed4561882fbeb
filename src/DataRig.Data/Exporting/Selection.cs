using System.Globalization;
using System.IO.Hashing;
using System.Text;
using DataRig.Core;

namespace DataRig.Data.Exporting;

/// <summary>The frames of an export, by number only, so that a dataset of any size can be gone through in its order.</summary>
/// <param name="Frames">In the order of their labels.</param>
/// <param name="Parts">Every part of theirs or of something marked in them, in order.</param>
/// <param name="Digest">What tells this selection from another one of the dataset at its state, in hexadecimal.</param>
internal sealed record Selection(IReadOnlyList<FrameId> Frames, IReadOnlyList<PartId> Parts, string Digest)
{
    public static Selection Of(Dataset dataset, ExportOptions options)
    {
        if (options.Frames?.NeedsSplit == true && options.Split is null)
        {
            throw new WorkFailedException($"The dataset {dataset.Folder} has no split to choose frames by; make one with 'datarig dataset split'.");
        }

        List<(FrameId Id, PartId Part, ulong Draw)> chosen = [];
        XxHash128 digest = new();
        digest.Append(Encoding.UTF8.GetBytes($"{dataset.Folder}\n{dataset.State()}\n"));
        foreach (FrameRecord frame in dataset.InOrder())
        {
            bool ofHeldOut = frame.Source == FrameSource.Rendered && options.Split is { } split && split.RoleOf(frame) is null;
            if (!ofHeldOut && options.Frames?.Holds(frame, options.Split) != false)
            {
                RequireRole(frame, options.Split);
                digest.Append(Encoding.UTF8.GetBytes($"{frame.Id} {frame.ImageHash}\n"));
                chosen.Add((frame.Id, frame.Part, ulong.Parse(frame.ImageHash.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)));
            }
        }

        if (chosen.Count == 0)
        {
            throw new WorkFailedException($"No frame of {dataset.Folder} is chosen; there is nothing to export.");
        }

        FrameId[] frames = [.. (options.Balance ? Balanced(chosen) : chosen).Select(c => c.Id)];
        HashSet<PartId> parts = [.. chosen.Select(c => c.Part)];
        foreach (FrameId[] page in frames.Chunk(Dataset.PageSize))
        {
            parts.UnionWith(dataset.MarkedParts(page));
        }

        return new Selection(frames, [.. parts.Order()], Convert.ToHexStringLower(digest.GetCurrentHash()));
    }

    /// <summary>Of each part as many as of the rarest: those whose pictures' hashes are lowest, which is as good as drawn.</summary>
    private static IEnumerable<(FrameId Id, PartId Part, ulong Draw)> Balanced(List<(FrameId Id, PartId Part, ulong Draw)> all)
    {
        int each = all.GroupBy(c => c.Part).Min(p => p.Count());
        HashSet<FrameId> kept = [.. all.GroupBy(c => c.Part).SelectMany(p => p.OrderBy(c => c.Draw).Take(each)).Select(c => c.Id)];
        return all.Where(c => kept.Contains(c.Id));
    }

    private static void RequireRole(FrameRecord frame, Split? split)
    {
        if (split is not null && split.RoleOf(frame) is null)
        {
            throw new WorkFailedException($"{split.KeyOf(frame)} came after the split was made and has no role in it; split the dataset again.");
        }
    }
}
