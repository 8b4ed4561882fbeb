using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Proving;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Auditing;

/// <summary>A frame that looks like another part's frames and like none of its own.</summary>
/// <param name="Frame">The frame, with its label.</param>
/// <param name="Likest">The frame that looks most like it, of the other part.</param>
/// <param name="Agree">How many of its <see cref="LabelOutliers.Neighbours"/> likest frames are of that part.</param>
internal sealed record LabelOutlier(FrameRecord Frame, FrameRecord Likest, int Agree);

/// <summary>
/// Photographs whose nearest neighbours are of one other part, and none of their own, by what a network makes of them that has learned
/// nothing of these parts. A frame labelled wrongly stands out so, for the other frames of its sweep are labelled right. A whole item
/// or sweep under the wrong part does not: its frames agree with each other.
/// </summary>
internal static class LabelOutliers
{
    /// <summary>
    /// How many of the likest frames are asked, and how many of them must be of one other part. Of 123 labels planted wrong among
    /// 4,126 real photographs these name 118 and no other frame; among the 1,600 of the simulated rig, 22 degrees apart, 20 of
    /// 48 and no other. See the benchmark "label-errors".
    /// </summary>
    public const int Neighbours = 10;

    private const int Agreeing = 8;

    /// <summary>Likenesses that are held at a time, in numbers.</summary>
    private const int Together = 1 << 24;

    /// <param name="looks">Of photographs.</param>
    /// <param name="cancel">Stops it.</param>
    public static IReadOnlyList<LabelOutlier> Of(Embeddings looks, CancellationToken cancel)
    {
        if (looks.Rows.Count <= Neighbours)
        {
            return [];
        }

        // A part with few frames cannot have enough of them among the neighbours.
        HashSet<PartId> judged = [.. looks.Frames.CountBy(f => f.Part).Where(p => p.Value > Neighbours).Select(p => p.Key)];
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        int width = looks.Rows[0].Length, each = Math.Max(1, Together / looks.Rows.Count);
        Tensor all = tensor(looks.Rows.SelectMany(r => r).ToArray(), [looks.Rows.Count, width]);
        List<LabelOutlier> outliers = [];
        for (int from = 0; from < looks.Rows.Count; from += each)
        {
            cancel.ThrowIfCancellationRequested();
            using DisposeScope here = NewDisposeScope();
            Tensor some = all.slice(0, from, Math.Min(looks.Rows.Count, from + each), 1);
            long[] nearest = [.. some.mm(all.t()).topk(Neighbours + 1, dim: 1).indexes.contiguous().data<long>()]; // one more, for each is among them itself
            foreach ((long[] row, int i) in nearest.Chunk(Neighbours + 1).Select((row, n) => (row, from + n)))
            {
                FrameRecord frame = looks.Frames[i];
                FrameRecord[] others = [.. row.Where(n => n != i).Take(Neighbours).Select(n => looks.Frames[(int)n])];
                IGrouping<PartId, FrameRecord> most = others.GroupBy(f => f.Part).MaxBy(g => g.Count())!;
                if (judged.Contains(frame.Part) && most.Count() >= Agreeing && others.All(f => f.Part != frame.Part))
                {
                    outliers.Add(new LabelOutlier(frame, most.First(), most.Count()));
                }
            }
        }

        return outliers;
    }

    public static AuditFinding Finding(LabelOutlier outlier) => new(AuditIssue.LabelOutlier, outlier.Frame.Id, outlier.Frame.ImagePath, string.Create(
        CultureInfo.InvariantCulture,
        $"Frame {outlier.Frame.Id} is labelled {outlier.Frame.Part} {outlier.Frame.Item}, and {outlier.Agree} of the {Neighbours} photographs that look most like it are of {outlier.Likest.Part}, none of {outlier.Frame.Part} (the likest is frame {outlier.Likest.Id}, {outlier.Likest.ImagePath}). Relabel it in 'datarig tui' or put it aside ('datarig dataset trash {outlier.Frame.Id}'); confirm it there if it is right."));
}
