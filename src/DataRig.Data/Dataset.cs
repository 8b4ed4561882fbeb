using Dapper;
using DataRig.Core;
using DataRig.Data.Storage;
using Microsoft.Data.Sqlite;

namespace DataRig.Data;

/// <summary>
/// A dataset: a folder with the catalog <c>dataset.db</c> and picture files under <c>images/</c>. The catalog is
/// the truth, and a frame is in it only after its picture is safe on the disk, so a kill or a power cut at any
/// point leaves every frame whole. Any thread may call; other processes may read while one writes.
/// </summary>
public sealed partial class Dataset : IDisposable
{
    /// <summary>The name of the split that is used unless another one is named.</summary>
    public const string DefaultSplit = "default";

    private readonly Catalog _catalog;
    private readonly ImageStore _images;
    private readonly TimeProvider _time;

    private Dataset(string folder, bool create, TimeProvider? time, int busyTimeoutSeconds)
    {
        Folder = folder;
        _time = time ?? TimeProvider.System;
        _images = new ImageStore(folder);
        if (create)
        {
            _images.Create();
        }

        _catalog = new Catalog(folder, create, busyTimeoutSeconds);
        if (create)
        {
            Durable.SyncFolder(folder);
        }
    }

    /// <summary>The dataset's folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>Makes an empty dataset; the caller disposes it.</summary>
    /// <param name="folder">A folder that is empty or does not exist.</param>
    /// <param name="time">The clock of the session journal; the system's if null.</param>
    /// <exception cref="WorkFailedException">The folder holds something, or cannot be written.</exception>
    public static Dataset Create(string folder, TimeProvider? time = null)
    {
        folder = Path.GetFullPath(folder);
        if (IsDataset(folder))
        {
            throw new WorkFailedException($"The folder {folder} already holds a dataset; open it, or name another folder.");
        }

        return Guarded(folder, () =>
        {
            // images/ alone is what a maker leaves that was killed before it came to the catalog.
            if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(e => Path.GetFileName(e) != "images")))
            {
                throw new WorkFailedException($"A dataset cannot be made in {folder}: something else is there; name an empty or new folder.");
            }

            return new Dataset(folder, create: true, time, BusyTimeoutSeconds);
        });
    }

    /// <summary>Opens a dataset; the caller disposes it.</summary>
    /// <exception cref="WorkFailedException">It is not there, no dataset, of a newer version, locked or not writable.</exception>
    public static Dataset Open(string folder, TimeProvider? time = null) => Open(folder, time, BusyTimeoutSeconds);

    /// <summary>Opens the dataset in a folder, or makes one where there is none.</summary>
    /// <exception cref="WorkFailedException">As <see cref="Open(string, TimeProvider?)"/> and <see cref="Create"/>.</exception>
    public static Dataset OpenOrCreate(string folder, TimeProvider? time = null) => IsDataset(folder) ? Open(folder, time) : Create(folder, time);

    /// <summary>Whether a folder has a catalog.</summary>
    public static bool IsDataset(string folder) => File.Exists(Catalog.FileIn(folder));

    /// <summary>
    /// Adds frames as one durable batch: when this returns they outlive a power cut, when it throws none of them
    /// is in the catalog. A captured frame is known by session, sweep and stop, a rendered one by its origin, an
    /// imported one by its origin and its bytes; one that is there already is not added again, but gains the maps that it lacks.
    /// What people changed in it since stays as they left it; one in the trash stays there.
    /// </summary>
    /// <returns>The frames' numbers in the order given, of those that were there already too.</returns>
    /// <exception cref="WorkFailedException">The disk or the catalog fails; the session is closed; a frame is there with another picture or other labels.</exception>
    /// <exception cref="ArgumentException">A frame contradicts itself: the message says how.</exception>
    public IReadOnlyList<FrameId> AddFrames(IReadOnlyList<Frame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        IncomingFrame[] incoming = [.. frames.Select(IncomingFrame.Of)];
        return _catalog.Write(catalog =>
        {
            foreach (SessionId session in frames.Select(f => f.Session).OfType<SessionId>().Distinct())
            {
                SessionTable.RequireOpen(catalog, session);
            }

            // Under the write lock, so that nobody takes the pictures for orphans before their rows are there.
            _images.Write(incoming.SelectMany(f => f.Files));
            ItemKeys items = new();
            return incoming.Select(frame => Insert(catalog, frame, items)).ToArray();
        });
    }

    /// <summary>
    /// Adds frames that come from somebody else's dataset, as <see cref="AddFrames"/>. Captured ones belong to sessions that are not
    /// ours: each gets one that is done, known by what it came from, so that a second import finds it.
    /// </summary>
    /// <param name="from">What they come from.</param>
    internal void AddImported(IReadOnlyList<Frame> frames, string from)
    {
        Dictionary<SessionId, SessionId> ours = _catalog.Write(catalog => frames.Select(f => f.Session).OfType<SessionId>().Distinct().ToDictionary(s => s, s => SessionTable.Foreign(catalog, from, s, _time.GetUtcNow())));
        IncomingFrame[] incoming = [.. frames.Select(f => IncomingFrame.Of(f.Session is { } session ? f with { Session = ours[session] } : f))];
        _catalog.Write(catalog =>
        {
            _images.Write(incoming.SelectMany(f => f.Files));
            ItemKeys items = new();
            return incoming.Count(frame => Insert(catalog, frame, items).Value > 0);
        });
    }

    /// <summary>How many frames there are, of a source or of all, the trash among them.</summary>
    internal int CountAll(FrameSource? source = null) => (int)_catalog.Read(catalog => catalog.ExecuteScalar<long>(
        "SELECT count(*) FROM frames WHERE @source IS NULL OR source = @source", new { source = source is { } s ? Text.Of(s) : null }));

    /// <summary>The frames, in an order that follows from their labels and not from when they were added.</summary>
    public IReadOnlyList<FrameRecord> Frames(FrameFilter? filter = null) => _catalog.Read(catalog => FrameTable.Select(catalog, filter, _images));

    /// <summary>A frame's annotations, in the order they were added in.</summary>
    public IReadOnlyList<Annotation> Annotations(FrameId frame) => _catalog.Read(catalog => FrameTable.SelectAnnotations(catalog, frame));

    /// <summary>The annotations of many frames at once; a frame without any is not in it.</summary>
    public IReadOnlyDictionary<FrameId, IReadOnlyList<Annotation>> Annotations(FrameFilter? filter = null) =>
        _catalog.Read(catalog => FrameTable.SelectAnnotations(catalog, filter));

    /// <summary>A frame's picture, decoded. Reads no catalog: as many threads as there are may call at once.</summary>
    /// <exception cref="WorkFailedException">The file is missing, broken or cut short.</exception>
    public Picture ReadImage(FrameRecord frame)
    {
        byte[] file = ReadImageFile(frame);
        try
        {
            return ImageCodec.Decode(file);
        }
        catch (WorkFailedException e)
        {
            throw new WorkFailedException($"{frame.ImagePath}: {e.Message}", e);
        }
    }

    /// <summary>A frame's picture file as it was added.</summary>
    /// <exception cref="WorkFailedException">The file is missing or cannot be read.</exception>
    public byte[] ReadImageFile(FrameRecord frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return ReadFile(frame.ImagePath, $"The picture {frame.ImagePath} of frame {frame.Id}");
    }

    /// <summary>A frame's PNG file of a kind as it was added; see <see cref="MapKind"/> and <see cref="ImageCodec.DecodeDepth"/>.</summary>
    /// <exception cref="WorkFailedException">The frame has none, or the file is missing or cannot be read.</exception>
    public byte[] ReadMapFile(FrameRecord frame, MapKind kind)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return frame.Maps.TryGetValue(kind, out MapFile? map)
            ? ReadFile(map.Path, $"The {Text.Of(kind)} file {map.Path} of frame {frame.Id}")
            : throw new WorkFailedException($"Frame {frame.Id} has no {Text.Of(kind)}; synthesize it again with --{Text.Of(kind)}.");
    }

    /// <summary>Every frame with its picture file, its maps and its annotations, in the order they were added in; few are in memory at a time.</summary>
    /// <exception cref="WorkFailedException">A file is missing or cannot be read.</exception>
    public IEnumerable<Frame> WholeFrames() => Pages().SelectMany(page => page.Frames.Select(f => f.WithFiles(ReadImageFile(f), kind => ReadMapFile(f, kind), page.Annotations.GetValueOrDefault(f.Id, []))));

    /// <summary>Frames that are read together.</summary>
    internal const int PageSize = 256;

    /// <summary>The frames in the order of <see cref="Frames"/>, without their maps, read one after the other: few are in memory at a time.</summary>
    internal IEnumerable<FrameRecord> InOrder() => _catalog.Read(FrameTable.Ids).Chunk(PageSize).SelectMany(ids => _catalog.Read(catalog => FrameTable.SelectInOrder(catalog, ids, _images)));

    /// <summary>Some frames with their annotations, in the order they are named in.</summary>
    internal IReadOnlyList<(FrameRecord Frame, IReadOnlyList<Annotation> Annotations)> Read(FrameId[] frames) => _catalog.Read(catalog =>
    {
        Dictionary<FrameId, IReadOnlyList<Annotation>> annotations = FrameTable.SelectAnnotations(catalog, frames);
        return FrameTable.SelectInOrder(catalog, frames, _images).Select(f => (f, annotations.GetValueOrDefault(f.Id, []))).ToArray();
    });

    /// <summary>What changes with every frame, annotation and edit, at no cost: the last numbers of each, and the snapshot that is looked at.</summary>
    internal string State() => _catalog.Read(catalog => catalog.ExecuteScalar<string>(
        "SELECT printf('%d %d %d', (SELECT coalesce(max(id), 0) FROM frames), (SELECT coalesce(max(id), 0) FROM annotations), (SELECT coalesce(max(id), 0) FROM edits))") + $" {OpenedAt?.Name}");

    /// <summary>Every part that a frame or something marked in one is of.</summary>
    internal IReadOnlyList<PartId> Parts() => _catalog.Read(catalog => catalog.Query<string>("SELECT name FROM parts").Select(name => new PartId(name)).ToArray());

    /// <summary>The parts of what is marked in some frames.</summary>
    internal IReadOnlyList<PartId> MarkedParts(FrameId[] frames) => _catalog.Read(catalog => FrameTable.MarkedParts(catalog, frames));

    /// <summary>Notes which renderings belong into the dataset, before they are there: whoever merges it with others sees what is missing.</summary>
    public void NoteRendering(RenderedRange range) => _catalog.Write(catalog =>
    {
        RenderingTable.Note(catalog, range);
        return 0;
    });

    /// <summary>The renderings that were asked for.</summary>
    public IReadOnlyList<RenderedRange> Renderings() => _catalog.Read(RenderingTable.Select);

    /// <summary>The indices of the frames of a source that are there with all of these maps, in no order.</summary>
    public IReadOnlyList<long> RenderedIndices(string source, IReadOnlySet<MapKind>? maps = null) => _catalog.Read(catalog => RenderingTable.Indices(catalog, source, maps ?? new HashSet<MapKind>()));

    /// <summary>Every item, or every session or sweep of one, with its numbers of frames, in order.</summary>
    public IReadOnlyList<ItemFrames> Items(SplitLevel level = SplitLevel.Item)
    {
        IReadOnlyList<FrameRecord> frames = Frames();
        HashSet<string> films = [.. frames.Where(f => f.Film is not null).GroupBy(f => f.Film!).Where(film => film.Any(f => f.Part != film.First().Part)).Select(film => film.Key)];
        return
        [
            .. frames.GroupBy(f => GroupKey.Of(f, level)).OrderBy(g => g.Key)
                .Select(g => new ItemFrames(g.Key, g.Count(f => f.Source == FrameSource.Captured), g.Count(f => f.Source == FrameSource.Rendered), g.Count(f => f.Source == FrameSource.Imported))
                {
                    Film = g.Select(f => f.Film).FirstOrDefault(f => f is not null && films.Contains(f)),
                }),
        ];
    }

    public DatasetInfo Info()
    {
        (MarkedInfo marked, int trashed) = _catalog.Read(catalog => (FrameTable.Marked(catalog), FrameTable.Trashed(catalog)));
        return DatasetInfo.Of(InOrder(), Sessions().Count, trashed, marked, Hash());
    }

    /// <summary>
    /// SHA-256 in lower-case hexadecimal over every frame's picture and labels (source, part, item, pose, angles,
    /// boxes, masks, poses, maps), whatever order they were added in, when, and by which session: the same seed gives the same hash.
    /// </summary>
    public string Hash() => Fingerprint.Of(Pages().SelectMany(Lines));

    /// <summary>Keeps a split under a name, in place of an earlier one.</summary>
    public void SaveSplit(Split split, string name = DefaultSplit) => _catalog.Write(catalog =>
    {
        SplitTable.Save(catalog, name, split);
        return 0;
    });

    /// <summary>A split that was kept, or null.</summary>
    public Split? LoadSplit(string name = DefaultSplit) => _catalog.Read(catalog => SplitTable.Load(catalog, name));

    public void Dispose() => _catalog.Dispose();

    internal static Dataset Open(string folder, TimeProvider? time, int busyTimeoutSeconds)
    {
        folder = Path.GetFullPath(folder);
        if (!IsDataset(folder))
        {
            // A folder that may not be listed must not pass for one without a catalog.
            bool there = Guarded(folder, () => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Count() >= 0);
            throw new WorkFailedException(there
                ? $"The folder {folder} is not a dataset: it has no dataset.db; name a dataset's folder, or make one by capturing, synthesizing or importing."
                : $"There is no dataset {folder}; name an existing one, or make it by capturing, synthesizing or importing.");
        }

        return Guarded(folder, () => new Dataset(folder, create: false, time, busyTimeoutSeconds));
    }

    /// <summary>Every frame, and every picture file that nobody else lays claim to, at a moment when nobody writes.</summary>
    internal (IReadOnlyList<FrameRecord> Frames, IReadOnlyList<string> Files) Everything() => _catalog.Write(catalog =>
    {
        // What lies in the trash is nobody's orphan.
        string[] trashed = [.. FrameTable.Select(catalog, new FrameFilter { Review = ReviewState.Trashed }, _images).SelectMany(f => f.Maps.Values.Select(m => m.Path).Append(f.ImagePath))];
        HashSet<string> claimed = [.. trashed, .. JournalTable.PlateImages(catalog).Select(p => _images.PathOf(p.Image, Text.To<ImageFormat>(p.Format)))];
        HashSet<string> pending = JournalTable.Pending(catalog);
        string[] files = [.. _images.Files().Where(f => !claimed.Contains(f) && !pending.Contains(Path.GetFileNameWithoutExtension(f)))];
        return ((IReadOnlyList<FrameRecord>)FrameTable.Select(catalog, null, _images), (IReadOnlyList<string>)[.. files, .. _images.LeftBehind()]);
    });

    /// <summary>Sets or reads a setting of this connection's.</summary>
    internal long Pragma(string statement) => _catalog.Direct(catalog => catalog.ExecuteScalar<long>(statement));

    private const int BusyTimeoutSeconds = 10;

    private static IEnumerable<string> Lines(FramePage page) => page.Frames.Select(f => Fingerprint.WithMaps(Fingerprint.Of(f, page.Annotations.GetValueOrDefault(f.Id, [])), f.Maps));

    /// <summary>All frames with their annotations, a thousand at a time: a dataset may hold more than fit into memory.</summary>
    private IEnumerable<FramePage> Pages() => Pages(after => _catalog.Read(catalog => FrameTable.SelectPage(catalog, after, _images)));

    /// <summary>The same within a transaction.</summary>
    private IEnumerable<FramePage> Pages(SqliteConnection catalog) => Pages(after => FrameTable.SelectPage(catalog, after, _images));

    private static IEnumerable<FramePage> Pages(Func<FrameId, FramePage> next)
    {
        for (FramePage page = next(default); page.Frames.Count > 0; page = next(page.Frames[^1].Id))
        {
            yield return page;
        }
    }

    /// <summary>Enters a frame, unless it is there already, and its maps; their files are there.</summary>
    private FrameId Insert(SqliteConnection catalog, IncomingFrame incoming, ItemKeys items)
    {
        (Frame frame, IncomingImage image, Dictionary<MapKind, IncomingImage> maps) = incoming;
        FrameRecord? same = FrameTable.FindSame(catalog, frame, image.Hash, _images);
        bool edited = same?.ImageHash == image.Hash && EditTable.IsEdited(catalog, same.Id);
        if (edited)
        {
            EditTable.Unpurge(catalog, same!.Id);
        }
        else if (same is not null && (Fingerprint.Of(same, FrameTable.SelectAnnotations(catalog, same.Id)) != Fingerprint.Of(frame, image.Hash) || same.Maps.Any(m => maps.TryGetValue(m.Key, out IncomingImage map) && map.Hash != m.Value.Hash)))
        {
            throw new WorkFailedException($"The dataset {Folder} has {FrameCheck.Name(frame)} already, with another picture or other labels ({same.Part} {same.Item}); use a new dataset, or leave that frame out.");
        }

        FrameId id = same?.Id ?? FrameTable.Insert(catalog, frame, image.Hash, image.Format, items);
        MapTable.Add(catalog, id, maps.Select(m => (m.Key, m.Value.Hash)));
        return id;
    }

    private byte[] ReadFile(string path, string what) =>
        Guarded(Folder, () => File.Exists(path) ? File.ReadAllBytes(path) : throw new WorkFailedException($"{what} is missing; restore it from a copy of the dataset."));

    private static T Guarded<T>(string folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (Explain.Failure(e, folder) is { } failure)
        {
            throw failure;
        }
    }
}
