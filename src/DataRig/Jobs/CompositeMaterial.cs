using System.IO.Hashing;
using System.Text;
using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>A frame with its part cut out.</summary>
/// <param name="Frame">Where it comes from.</param>
/// <param name="View">The part and its surroundings.</param>
/// <param name="Quality">See <see cref="Annotation.Quality"/>.</param>
internal sealed record CutOutFrame(FrameRecord Frame, CutOutPicture View, double? Quality);

/// <summary>
/// What composites are made of: frames of each part, and empty tables. A captured frame is cut out by its mask against the plate of
/// its own stop; one without a mask from the picture alone, which also makes an empty table of it where no session has plates.
/// </summary>
internal sealed class CompositeMaterial
{
    /// <summary>A mask of which less can be trusted is not used.</summary>
    private const double LeastQuality = 0.5;

    private readonly IReadOnlyDictionary<(SessionId Session, int Stop), Plate> _ownPlates;
    private readonly IReadOnlyList<Plate> _plates;
    private readonly IReadOnlyList<FrameRecord> _tables;
    private readonly IReadOnlyDictionary<FrameId, Annotation> _masks;

    private CompositeMaterial(IReadOnlyDictionary<PartId, FrameRecord[]> frames, IReadOnlyDictionary<FrameId, Annotation> masks, IReadOnlyDictionary<(SessionId, int), Plate> ownPlates, IReadOnlyList<Plate> plates, IReadOnlyList<FrameRecord> tables)
    {
        (Frames, _masks, _ownPlates, _plates, _tables) = (frames, masks, ownPlates, plates, tables);
        IEnumerable<string> content = frames.OrderBy(p => p.Key).SelectMany(p => p.Value.Select(f => $"{f.Part} {f.Item} {f.ImageHash}"))
            .Concat(plates.Select(p => Convert.ToHexStringLower(XxHash64.Hash(p.Image.Bytes))))
            .Concat(tables.Select(t => t.ImageHash));
        Hash = Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(string.Join('\n', content))));
    }

    /// <summary>The frames to cut out of, by part, in an order that follows from their labels.</summary>
    public IReadOnlyDictionary<PartId, FrameRecord[]> Frames { get; }

    /// <summary>Tells what the two datasets hold from everything else.</summary>
    public string Hash { get; }

    /// <exception cref="WorkFailedException">A dataset is none, or has nothing to cut out or to set it into.</exception>
    public static CompositeMaterial Find(string cutOuts, string plates)
    {
        using Dataset parts = Dataset.Open(cutOuts), tables = Dataset.Open(plates);
        FrameRecord[] frames = Photographs(parts) is { Length: > 0 } photographs ? photographs : [.. parts.Frames().Where(f => !CompositeRequest.Made(f))];
        IReadOnlyDictionary<FrameId, IReadOnlyList<Annotation>> labels = parts.Annotations();
        Dictionary<FrameId, Annotation> masks = [];
        List<FrameRecord> usable = [];
        foreach (FrameRecord frame in frames)
        {
            Annotation? label = labels.GetValueOrDefault(frame.Id, []).FirstOrDefault(a => a.Part == frame.Part && a.Item == frame.Item);
            if (label?.Mask is not null)
            {
                masks[frame.Id] = label;
            }

            if (label?.Mask is null || (label is { Truncated: false, VisibleFraction: > 0.99 } && (label.Quality ?? 1) >= LeastQuality && label.Mask.Area > 0))
            {
                usable.Add(frame);
            }
        }

        if (usable.Count == 0)
        {
            throw new WorkFailedException($"{parts.Folder} has no frame whose part can be cut out ({(frames.Length == 0 ? "it has no frames" : $"the masks of its {frames.Length} frames are cut off, hidden or doubtful")}): capture some with plates, or import photographs of parts on a light table.");
        }

        Plate[] empty = [.. Sessions(tables).SelectMany(tables.Plates)];
        FrameRecord[] made = empty.Length > 0 ? [] : [.. Photographs(tables)];
        if (empty.Length == 0 && made.Length == 0)
        {
            throw new WorkFailedException($"{tables.Folder} has no plates and no photographs to set parts into; name a captured dataset by --plates.");
        }

        return new CompositeMaterial(
            usable.GroupBy(f => f.Part).ToDictionary(g => g.Key, g => g.ToArray()),
            masks,
            Sessions(parts).SelectMany(session => parts.Plates(session).Select(plate => (session, plate))).ToDictionary(p => (p.session, p.plate.Stop), p => p.plate),
            empty,
            made);
    }

    /// <summary>A frame's part with its surroundings; null where its outline is not clear.</summary>
    public CutOutFrame? CutOut(Dataset dataset, FrameRecord frame)
    {
        Picture picture = dataset.ReadImage(frame);
        if (_masks.TryGetValue(frame.Id, out Annotation? label))
        {
            Picture? plate = frame is { Session: { } session, Stop: { } stop } && _ownPlates.TryGetValue((session, stop), out Plate? own)
                ? ImageCodec.Decode(own.Image.Bytes)
                : PhotographCutter.Cut(picture)?.Plate;
            return new CutOutFrame(frame, new CutOutPicture(picture, label.Mask!, plate is null || (plate.Width, plate.Height) != (picture.Width, picture.Height) ? null : plate), label.Quality);
        }

        return PhotographCutter.Cut(picture) is { } cut ? new CutOutFrame(frame, new CutOutPicture(picture, cut.CutOut.Mask, cut.Plate), cut.CutOut.Quality) : null;
    }

    /// <summary>An empty table, its hash and the quality of its JPEG; no picture where the photograph that was drawn does not show a table.</summary>
    public (Picture? Picture, string Hash, int Quality) Plate(Dataset dataset, Draws draws, int attempt)
    {
        const int UsualQuality = 90;
        if (_plates.Count > 0)
        {
            byte[] file = draws.Choose("plate", _plates).Image.Bytes;
            return (ImageCodec.Decode(file), Convert.ToHexStringLower(XxHash64.Hash(file)), JpegQuality.Of(file) ?? UsualQuality);
        }

        FrameRecord frame = draws.Choose($"plate {attempt}", _tables);
        byte[] photograph = dataset.ReadImageFile(frame);
        return (PhotographCutter.Cut(ImageCodec.Decode(photograph))?.Plate, frame.ImageHash, JpegQuality.Of(photograph) ?? UsualQuality);
    }

    private static FrameRecord[] Photographs(Dataset dataset) => [.. dataset.Frames().Where(f => f.Source != FrameSource.Rendered)];

    private static IEnumerable<SessionId> Sessions(Dataset dataset) => dataset.Frames(new FrameFilter { Source = FrameSource.Captured }).Select(f => f.Session).OfType<SessionId>().Distinct().Order();
}
