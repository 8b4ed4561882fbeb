using System.Globalization;
using DataRig.Core;

namespace DataRig.Data.Auditing;

/// <summary>
/// Photographs that look like one picture although they are two: one item under two names, a picture that was encoded anew, a
/// table that did not turn. Neighbours of a sweep look alike too, so within an item only what is all but equal counts, and what
/// counts is told once for two items, with the nearest pair. Renderings are left out, for thousands of them look alike by design,
/// and so are pictures of the empty table.
/// </summary>
internal static class NearDuplicates
{
    /// <summary>
    /// Bits by which two pictures of one item may differ to be taken for the same. Of 4,126 photographs in sweeps of some six
    /// degrees a step a dozen pairs come so near; one more bit would be a few hundred neighbours of sweeps.
    /// </summary>
    private const int WithinItem = 2;

    /// <param name="frames">The frames.</param>
    /// <param name="looks">How they look; null where a picture cannot be read, or is not asked about.</param>
    /// <param name="split">The split whose sides are told; null where there is none.</param>
    public static IEnumerable<AuditFinding> Of(IReadOnlyList<FrameRecord> frames, IReadOnlyDictionary<string, Look> looks, Split? split, CancellationToken cancellation)
    {
        // Copies, byte by byte, are told by themselves.
        (FrameRecord Frame, Look Look)[] photographs =
            [.. frames.Where(f => f.Source != FrameSource.Rendered && looks.ContainsKey(f.ImagePath)).DistinctBy(f => f.ImageHash).Select(f => (f, looks[f.ImagePath]))];
        IReadOnlyList<NearPair> pairs = PerceptualHash.Pairs(
            [.. photographs.Select(p => p.Look.Structure)],
            PerceptualHash.Near,
            (i, j) => photographs[i].Look.SameColours(photographs[j].Look),
            cancellation);
        return from pair in pairs
               let one = photographs[pair.First].Frame
               let other = photographs[pair.Second].Frame
               where (Item(one) != Item(other) || pair.Distance <= WithinItem) && (one.Part, other.Part) != (PartId.Nothing, PartId.Nothing)
               group (one, other, pair.Distance) by (Item(one), Item(other)) into alike
               select Finding([.. alike.OrderBy(p => p.Distance)], split);
    }

    private static AuditFinding Finding((FrameRecord One, FrameRecord Other, int Distance)[] pairs, Split? split)
    {
        (FrameRecord one, FrameRecord other, int distance) = pairs[0];
        string count = pairs.Length == 1 ? "A pair of pictures" : string.Create(CultureInfo.InvariantCulture, $"{pairs.Length} pairs of pictures");
        string look = pairs.Length == 1 ? "looks" : "look";
        string nearest = string.Create(CultureInfo.InvariantCulture, $"frames {one.Id} and {other.Id} are the nearest, {distance} of {PerceptualHash.Bits} bits apart");
        string what = one.Part != other.Part ? $"{count} of {Item(one)} and of {Item(other)} {look} the same ({nearest}); is one of the labels wrong?"
            : one.Item != other.Item ? $"{count} of the items {one.Item} and {other.Item} of {one.Part} {look} the same ({nearest}); is it one item under two names?{Sides(one, other, split)}"
            : $"{count} of {Item(one)} {look} the same ({nearest}); did the table turn?";
        return new AuditFinding(AuditIssue.NearDuplicate, other.Id, other.ImagePath, what);
    }

    private static string Sides(FrameRecord one, FrameRecord other, Split? split) =>
        split?.RoleOf(one) is { } a && split.RoleOf(other) is { } b && a != b && (a == SplitRole.Train || b == SplitRole.Train)
            ? $" One is learned from, and the other is for {(a == SplitRole.Train ? b : a).ToString().ToLowerInvariant()}: figures on it would prove little."
            : "";

    private static GroupKey Item(FrameRecord frame) => GroupKey.Of(frame);
}
