using DataRig.Core;
using DataRig.Data.Formats;
using DataRig.Data.Importing;

namespace DataRig.Data.Correcting;

/// <summary>A frame's labels as somebody left them in another tool, with all that the tool knows nothing of taken from what is here.</summary>
/// <param name="Part">The frame's part.</param>
/// <param name="Annotations">What is marked in it; null where nobody in the whole export marks anything: only parts were judged then.</param>
internal sealed record Wanted(PartId Part, IReadOnlyList<Annotation>? Annotations)
{
    /// <summary>Percent of a picture and back cost the last digits: a box that is off by less was not moved.</summary>
    private const double SamePixels = 0.01;

    /// <summary>What overlaps less than this is another thing.</summary>
    private const double SameThing = 0.1;

    /// <param name="frame">The frame as it is here.</param>
    /// <param name="now">What is marked in it here.</param>
    /// <param name="said">What came back.</param>
    /// <param name="boxes">Whether anybody marks anything in what came back.</param>
    /// <param name="masks">Whether anything there has a mask; else masks were not asked for, and stay.</param>
    /// <param name="refuse">Told why it cannot be taken.</param>
    /// <returns>Null where it was refused.</returns>
    public static Wanted? Of(FrameRecord frame, IReadOnlyList<Annotation> now, FormatFrame said, bool boxes, bool masks, Action<string> refuse)
    {
        if (said.Width > 0 && (said.Width, said.Height) != (frame.Width, frame.Height))
        {
            refuse($"it came back at {said.Width}x{said.Height} pixels and is {frame.Width}x{frame.Height} here; send frames without --size and --crop.");
            return null;
        }

        if (said.Annotations.Select(a => PictureCheck.Problem(a, frame.Width, frame.Height)).OfType<string>().FirstOrDefault() is { } problem)
        {
            refuse($"{problem}.");
            return null;
        }

        Annotation[] theirs = [.. said.Annotations.Select(a => a with { Box = PictureCheck.Cut(a.Box, frame.Width, frame.Height) })];
        PartId? chosen = said.Part.Value is null ? null : said.Part;
        if (Contradicted(frame, now, theirs, chosen) is { } marked)
        {
            if (chosen is not null)
            {
                refuse($"its part is \"{chosen}\" and what is marked is \"{marked}\"; make them agree there.");
                return null;
            }

            chosen = marked;
        }

        PartId part = chosen ?? frame.Part;
        // Here a box of the frame's own item goes with the frame; in the tools it is labelled by itself.
        Annotation[] ours = [.. now.Select(a => (a.Part, a.Item) == (frame.Part, frame.Item) ? a with { Part = part } : a)];
        return new Wanted(part, boxes ? Merge(frame, part, ours, theirs, masks) : null);
    }

    public override string ToString() => Describe(Part, Annotations);

    public static string Describe(PartId part, IReadOnlyList<Annotation>? annotations) => annotations is null ? $"{part}"
        : $"{part} with {(annotations.Count == 0 ? "nothing marked" : string.Join(" and ", annotations.Take(3).Select(a => FormattableString.Invariant($"{a.Part} at ({a.Box.X:0.#}, {a.Box.Y:0.#}), {a.Box.Width:0.#} by {a.Box.Height:0.#}"))))}{(annotations.Count > 3 ? " and more" : "")}";

    /// <summary>The part that the frame's only mark of its own is labelled as, where that is neither the chosen one nor the one it had.</summary>
    private static PartId? Contradicted(FrameRecord frame, IReadOnlyList<Annotation> now, Annotation[] theirs, PartId? chosen)
    {
        Annotation[] own = [.. now.Where(a => (a.Part, a.Item) == (frame.Part, frame.Item))];
        PartId part = chosen ?? frame.Part;
        return own.Length == 1 && !theirs.Any(a => a.Part == part) && theirs.MaxBy(a => a.Box.Overlap(own[0].Box)) is { } same && same.Box.Overlap(own[0].Box) >= SameThing && same.Part != frame.Part ? same.Part : null;
    }

    private static Annotation[] Merge(FrameRecord frame, PartId part, Annotation[] ours, Annotation[] theirs, bool masks)
    {
        List<Annotation> left = [.. ours];
        Annotation[] merged = new Annotation[theirs.Length];
        // What overlaps most finds its counterpart first.
        foreach (int i in Enumerable.Range(0, theirs.Length).OrderByDescending(i => ours.Select(o => o.Box.Overlap(theirs[i].Box)).DefaultIfEmpty().Max()))
        {
            Annotation said = theirs[i];
            Annotation? same = left.Where(o => o.Box.Overlap(said.Box) >= SameThing).OrderByDescending(o => o.Box.Overlap(said.Box) + (o.Part == said.Part ? 1e-6 : 0)).FirstOrDefault();
            if (said.Part == frame.Part && (same?.Part, same?.Item) == (part, frame.Item))
            {
                said = said with { Part = part }; // only the frame's part was changed there
            }

            ItemId item = same?.Part == said.Part ? same.Item : said.Part == part ? frame.Item : FormatFrame.ItemFor(said.Part);
            merged[i] = same is null ? said with { Item = item, Quality = null } : Merge(same, said, masks) with { Part = said.Part, Item = item };
            left.Remove(same!);
        }

        return merged;
    }

    /// <summary>Where only the box was moved the mask is cut to it, and where only the mask was drawn anew the box follows it.</summary>
    private static Annotation Merge(Annotation ours, Annotation theirs, bool masks)
    {
        bool sameBox = Math.Abs(ours.Box.X - theirs.Box.X) < SamePixels && Math.Abs(ours.Box.Y - theirs.Box.Y) < SamePixels && Math.Abs(ours.Box.Right - theirs.Box.Right) < SamePixels && Math.Abs(ours.Box.Bottom - theirs.Box.Bottom) < SamePixels;
        Mask? mask = masks ? theirs.Mask : ours.Mask;
        bool sameMask = mask is null ? ours.Mask is null : ours.Mask is not null && mask.Counts.SequenceEqual(ours.Mask.Counts);
        if (sameBox && sameMask)
        {
            return ours;
        }

        mask = sameMask && mask is not null ? Within(mask, theirs.Box) : mask;
        Box box = sameBox && mask?.Bounds() is { } bounds ? bounds : theirs.Box;
        Box? amodal = ours.AmodalBox is { } whole && whole.X <= box.X && whole.Y <= box.Y && whole.Right >= box.Right && whole.Bottom >= box.Bottom ? whole : null;
        return ours with { Box = box, Mask = mask, AmodalBox = amodal, Quality = null };
    }

    /// <summary>The pixels of a mask whose middles lie in a box; null where none do.</summary>
    private static Mask? Within(Mask mask, Box box)
    {
        byte[] pixels = mask.ToPixels();
        for (int i = 0; i < pixels.Length; i++)
        {
            (double x, double y) = ((i % mask.Width) + 0.5, (i / mask.Width) + 0.5);
            pixels[i] = x >= box.X && x <= box.Right && y >= box.Y && y <= box.Bottom ? pixels[i] : (byte)0;
        }

        return Mask.FromPixels(mask.Width, mask.Height, pixels) is { Area: > 0 } cut ? cut : null;
    }
}
