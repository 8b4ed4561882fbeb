using DataRig.Core;

namespace DataRig.Data;

/// <summary>How many frames of one item a dataset holds.</summary>
public sealed record ItemFrames(GroupKey Group, int Captured, int Rendered, int Imported)
{
    public int Frames => Captured + Rendered + Imported;

    /// <summary>The video that shows the item first as one part and then as another (<see cref="FrameRecord.Film"/>); null where there is none.</summary>
    public string? Film { get; init; }

    /// <summary>Frames of the physical object: only these can prove a model.</summary>
    public int Photographed => Captured + Imported;
}

/// <summary>One part in a dataset.</summary>
/// <param name="Part">The part.</param>
/// <param name="Items">Its items, rendered ones among them.</param>
/// <param name="Photographed">Frames of physical objects: captured and imported ones.</param>
/// <param name="Rendered">Frames from the engine.</param>
public sealed record PartInfo(PartId Part, int Items, int Photographed, int Rendered)
{
    public int Frames => Photographed + Rendered;
}

/// <summary>From which sides a part was seen.</summary>
/// <param name="Part">The part.</param>
/// <param name="Rendered">Whether it is the rendered frames that are counted, or those of physical objects.</param>
/// <param name="Sectors">Frames in each sector of <see cref="SectorDegrees"/>, from azimuth 0 on.</param>
public sealed record AzimuthCoverage(PartId Part, bool Rendered, IReadOnlyList<int> Sectors)
{
    /// <summary>How wide a sector is.</summary>
    public const int SectorDegrees = 10;

    /// <summary>How many sectors have a frame.</summary>
    public int Covered => Sectors.Count(n => n > 0);
}

/// <summary>Pictures of one size.</summary>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Frames">Frames of that size.</param>
public sealed record PictureSize(int Width, int Height, int Frames);

/// <summary>What is marked in the frames of a dataset.</summary>
/// <param name="Frames">Frames in which something is marked.</param>
/// <param name="Boxes">What is marked in all of them.</param>
/// <param name="Masks">How much of it has a mask.</param>
public sealed record MarkedInfo(int Frames, int Boxes, int Masks);

/// <summary>A dataset at a glance; what is in the trash counts nowhere but in <see cref="Trashed"/>.</summary>
public sealed record DatasetInfo
{
    /// <summary>Frames from a rig.</summary>
    public required int Captured { get; init; }

    /// <summary>Frames from the engine.</summary>
    public required int Rendered { get; init; }

    /// <summary>Frames from folders.</summary>
    public required int Imported { get; init; }

    /// <summary>The parts, in order of their names.</summary>
    public required IReadOnlyList<PartInfo> Parts { get; init; }

    /// <summary>Items of all parts, rendered ones among them.</summary>
    public required int Items { get; init; }

    /// <summary>Sittings at the rig, unfinished ones among them.</summary>
    public required int Sessions { get; init; }

    /// <summary>See <see cref="Dataset.Hash"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>The sizes of pictures, the most frequent first.</summary>
    public required IReadOnlyList<PictureSize> Sizes { get; init; }

    /// <summary>Bytes of the picture files, each counted once; those that are missing count nothing.</summary>
    public required long PictureBytes { get; init; }

    public required MarkedInfo Marked { get; init; }

    /// <summary>Frames that somebody relabelled, corrected or confirmed.</summary>
    public required int Reviewed { get; init; }

    /// <summary>Frames in the trash.</summary>
    public required int Trashed { get; init; }

    /// <summary>By part, photographed before rendered; only where an azimuth is known.</summary>
    public required IReadOnlyList<AzimuthCoverage> Azimuths { get; init; }

    public int Frames => Captured + Rendered + Imported;

    /// <summary>The most frames of a part over the fewest: 1 where all parts have as many; null without a part.</summary>
    public double? Imbalance => Parts.Count == 0 ? null : (double)Parts.Max(p => p.Frames) / Parts.Min(p => p.Frames);

    /// <summary>Counts frames, going through them once.</summary>
    /// <param name="frames">Those that are not in the trash.</param>
    internal static DatasetInfo Of(IEnumerable<FrameRecord> frames, int sessions, int trashed, MarkedInfo marked, string hash)
    {
        int[] bySource = new int[Enum.GetValues<FrameSource>().Length];
        Dictionary<GroupKey, (int Photographed, int Rendered)> items = [];
        Dictionary<(int, int), int> sizes = [];
        Dictionary<(PartId, bool), int[]> azimuths = [];
        HashSet<string> pictures = new(StringComparer.Ordinal);
        int reviewed = 0;
        long bytes = 0;
        foreach (FrameRecord frame in frames)
        {
            bool rendered = frame.Source == FrameSource.Rendered;
            bySource[(int)frame.Source]++;
            reviewed += frame.Review == ReviewState.Reviewed ? 1 : 0;
            GroupKey item = GroupKey.Of(frame);
            (int photographed, int drawn) = items.GetValueOrDefault(item);
            items[item] = rendered ? (photographed, drawn + 1) : (photographed + 1, drawn);
            sizes[(frame.Width, frame.Height)] = sizes.GetValueOrDefault((frame.Width, frame.Height)) + 1;
            if (pictures.Add(frame.ImageHash) && new FileInfo(frame.ImagePath) is { Exists: true } file)
            {
                bytes += file.Length;
            }

            if (frame.AzimuthDegrees is { } azimuth)
            {
                int[] sectors = azimuths.TryGetValue((frame.Part, rendered), out int[]? known) ? known : azimuths[(frame.Part, rendered)] = new int[360 / AzimuthCoverage.SectorDegrees];
                sectors[(int)(azimuth / AzimuthCoverage.SectorDegrees) % sectors.Length]++;
            }
        }

        return new DatasetInfo
        {
            Captured = bySource[(int)FrameSource.Captured],
            Rendered = bySource[(int)FrameSource.Rendered],
            Imported = bySource[(int)FrameSource.Imported],
            Parts = [.. items.GroupBy(i => i.Key.Part).OrderBy(p => p.Key).Select(p => new PartInfo(p.Key, p.Count(), p.Sum(i => i.Value.Photographed), p.Sum(i => i.Value.Rendered)))],
            Items = items.Count,
            Sessions = sessions,
            Hash = hash,
            Sizes = [.. sizes.Select(s => new PictureSize(s.Key.Item1, s.Key.Item2, s.Value)).OrderByDescending(s => s.Frames).ThenBy(s => s.Width).ThenBy(s => s.Height)],
            PictureBytes = bytes,
            Marked = marked,
            Reviewed = reviewed,
            Trashed = trashed,
            Azimuths = [.. azimuths.OrderBy(a => a.Key.Item1).ThenBy(a => a.Key.Item2).Select(a => new AzimuthCoverage(a.Key.Item1, a.Key.Item2, a.Value))],
        };
    }
}
