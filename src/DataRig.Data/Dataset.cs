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
public sealed class Dataset : IDisposable
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
    /// </summary>
    /// <returns>The frames' numbers in the order given, of those that were there already too.</returns>
    /// <exception cref="WorkFailedException">The disk or the catalog fails; the session is closed; a frame is there with another picture or other labels.</exception>
    /// <exception cref="ArgumentException">A frame contradicts itself: the message says how.</exception>
    public IReadOnlyList<FrameId> AddFrames(IReadOnlyList<Frame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        IncomingFrame[] incoming = [.. frames.Select(Checked)];
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
    /// Adds a captured frame in the steps that the session journal tells apart: its picture's name is noted before its file is
    /// there, the file is safe before its row is there. Killed in between, <see cref="RecoverSession"/> finds what to clear away.
    /// </summary>
    /// <exception cref="WorkFailedException">As <see cref="AddFrames"/>.</exception>
    /// <exception cref="ArgumentException">As <see cref="AddFrames"/>.</exception>
    public FrameId CommitStop(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        IncomingFrame incoming = Checked(frame);
        (SessionId session, int sweep, int stop) = (frame.Session!.Value, frame.Sweep!.Value, frame.Stop!.Value);
        _catalog.WriteSoon(catalog =>
        {
            SessionTable.RequireOpen(catalog, session);
            JournalTable.Note(catalog, session, sweep, stop, StopState.Captured, image: incoming.Image.Hash);
            return 0;
        });
        Guarded(Folder, () =>
        {
            _images.Write(incoming.Files);
            return 0;
        });
        NoteStop(session, sweep, stop, StopState.Stored);
        return _catalog.Write(catalog =>
        {
            FrameId id = Insert(catalog, incoming, new ItemKeys());
            JournalTable.Note(catalog, session, sweep, stop, StopState.Committed);
            return id;
        });
    }

    /// <summary>Notes how far a stop has come. A kill loses nothing of it; a power cut may lose the last notes.</summary>
    /// <param name="session">An open session.</param>
    /// <param name="sweep">From 0.</param>
    /// <param name="stop">From 0.</param>
    /// <param name="state">The step that is reached.</param>
    /// <param name="microsteps">The motor's count, where the turntable has proven it.</param>
    public void NoteStop(SessionId session, int sweep, int stop, StopState state, long? microsteps = null) => _catalog.WriteSoon(catalog =>
    {
        JournalTable.Note(catalog, session, sweep, stop, state, microsteps);
        return 0;
    });

    /// <summary>Clears away what a killed process left of stops that it had not finished: they are to be taken from the start.</summary>
    /// <returns>How many pictures without a frame were removed.</returns>
    public int RecoverSession(SessionId session) => _catalog.Write(catalog =>
    {
        HashSet<string> pending = JournalTable.Pending(catalog, session);
        foreach (string image in pending)
        {
            _images.Remove(image);
        }

        foreach (string half in _images.LeftBehind())
        {
            File.Delete(half);
        }

        JournalTable.ForgetUnfinished(catalog, session);
        return pending.Count;
    });

    /// <summary>Takes a sweep back, so that it can be made again. Its pictures are put aside under <c>trash/</c>.</summary>
    /// <returns>How many frames that were.</returns>
    public int TrashSweep(SessionId session, int sweep) => _catalog.Write(catalog =>
    {
        SessionTable.RequireOpen(catalog, session);
        FrameRecord[] frames = [.. FrameTable.Select(catalog, new FrameFilter { Session = session }, _images).Where(f => f.Sweep == sweep)];
        JournalTable.ForgetSweep(catalog, session, sweep);
        HashSet<string> used = [.. FrameTable.Select(catalog, null, _images).Select(f => f.ImagePath)];
        foreach (FrameRecord frame in frames.Where(f => !used.Contains(f.ImagePath)))
        {
            _images.Trash(frame.ImagePath);
        }

        return frames.Length;
    });

    /// <summary>Keeps a picture of the empty table; one that is there for the stop stays.</summary>
    public void AddPlate(SessionId session, Plate plate)
    {
        ArgumentNullException.ThrowIfNull(plate);
        const int BeforeAllSweeps = -1;
        IncomingImage image = new(ImageStore.Hash(plate.Image.Bytes), ImageCodec.Identify(plate.Image.Bytes).Format, plate.Image.Bytes);
        bool isNew = _catalog.WriteSoon(catalog =>
        {
            SessionTable.RequireOpen(catalog, session);
            if (JournalTable.Plates(catalog, session).Any(p => p.Stop == plate.Stop))
            {
                return false;
            }

            JournalTable.Note(catalog, session, BeforeAllSweeps, plate.Stop, StopState.Captured, image: image.Hash);
            return true;
        });
        if (isNew)
        {
            _catalog.Write(catalog =>
            {
                _images.Write([image]);
                JournalTable.AddPlate(catalog, session, plate, image.Hash, image.Format);
                JournalTable.Note(catalog, session, BeforeAllSweeps, plate.Stop, StopState.Committed);
                return 0;
            });
        }
    }

    /// <summary>The pictures of the empty table that opened a session, by stop.</summary>
    /// <exception cref="WorkFailedException">A file is missing.</exception>
    public IReadOnlyList<Plate> Plates(SessionId session) =>
        [.. _catalog.Read(catalog => JournalTable.Plates(catalog, session).ToArray()).Select(row =>
        {
            string path = _images.PathOf(row.Image, Text.To<ImageFormat>(row.Format));
            byte[] bytes = Guarded(Folder, () => File.Exists(path) ? File.ReadAllBytes(path) : throw new WorkFailedException($"The plate {path} of {session} is missing; restore it from a copy of the dataset."));
            return new Plate(row.Stop, new EncodedImage(bytes, row.Width, row.Height), row.AzimuthDegrees, row.Light);
        })];

    /// <summary>How the session sees (its exposure, and what its first frames looked like), as JSON text; null before it is known.</summary>
    public string? Optics(SessionId session) => _catalog.Read(catalog => SessionTable.Optics(catalog, session));

    /// <summary>Keeps how the session sees, for when it is gone on with.</summary>
    public void KeepOptics(SessionId session, string optics) => _catalog.Write(catalog =>
    {
        SessionTable.KeepOptics(catalog, session, optics);
        return 0;
    });

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

    /// <summary>Every item with its numbers of frames, in order.</summary>
    public IReadOnlyList<ItemFrames> Items() =>
        [.. Frames().GroupBy(f => new GroupKey(f.Part, f.Item)).OrderBy(g => g.Key)
            .Select(g => new ItemFrames(g.Key, g.Count(f => f.Source == FrameSource.Captured), g.Count(f => f.Source == FrameSource.Rendered), g.Count(f => f.Source == FrameSource.Imported)))];

    public DatasetInfo Info()
    {
        IReadOnlyList<ItemFrames> items = Items();
        PartInfo[] parts = [.. items.GroupBy(i => i.Group.Part).Select(p => new PartInfo(p.Key, p.Count(), p.Sum(i => i.Frames)))];
        return new DatasetInfo(items.Sum(i => i.Captured), items.Sum(i => i.Rendered), items.Sum(i => i.Imported), parts, items.Count, Sessions().Count, Hash());
    }

    /// <summary>
    /// SHA-256 in lower-case hexadecimal over every frame's picture and labels (source, part, item, pose, angles,
    /// boxes, masks, poses, maps), whatever order they were added in, when, and by which session: the same seed gives the same hash.
    /// </summary>
    public string Hash() => Fingerprint.Of(Pages().SelectMany(page => page.Frames.Select(f => Fingerprint.WithMaps(Fingerprint.Of(f, page.Annotations.GetValueOrDefault(f.Id, [])), f.Maps))));

    /// <summary>Enters a new session into the journal, as open.</summary>
    /// <param name="plan">The whole plan as JSON text.</param>
    public SessionRecord BeginSession(string plan) => _catalog.Write(catalog => SessionTable.Begin(catalog, plan, _time.GetUtcNow()));

    /// <summary>Closes a session for good. An interrupted one that is to go on stays open.</summary>
    /// <exception cref="WorkFailedException">It is closed already, or was never begun.</exception>
    public void FinishSession(SessionId session, SessionStatus status)
    {
        if (status == SessionStatus.Open)
        {
            throw new ArgumentException("a session is finished as done or cancelled", nameof(status));
        }

        _catalog.Write(catalog =>
        {
            SessionTable.Finish(catalog, session, status, _time.GetUtcNow());
            return 0;
        });
    }

    /// <summary>Every session, in the order they began in.</summary>
    public IReadOnlyList<SessionRecord> Sessions() => _catalog.Read(SessionTable.Select);

    /// <summary>Sessions that can go on: they run now, or were interrupted.</summary>
    public IReadOnlyList<SessionRecord> OpenSessions() => [.. Sessions().Where(s => s.Status == SessionStatus.Open)];

    /// <summary>The stops of a session that are safe or not wanted; whoever resumes takes the others.</summary>
    public IReadOnlySet<TakenStop> TakenStops(SessionId session) => _catalog.Read(catalog => JournalTable.Taken(catalog, session));

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
    internal (IReadOnlyList<FrameRecord> Frames, IReadOnlyList<string> Files) Snapshot() => _catalog.Write(catalog =>
    {
        HashSet<string> plates = [.. JournalTable.PlateImages(catalog).Select(p => _images.PathOf(p.Image, Text.To<ImageFormat>(p.Format)))];
        HashSet<string> pending = JournalTable.Pending(catalog);
        string[] files = [.. _images.Files().Where(f => !plates.Contains(f) && !pending.Contains(Path.GetFileNameWithoutExtension(f)))];
        return ((IReadOnlyList<FrameRecord>)FrameTable.Select(catalog, null, _images), (IReadOnlyList<string>)[.. files, .. _images.LeftBehind()]);
    });

    /// <summary>Sets or reads a setting of this connection's.</summary>
    internal long Pragma(string statement) => _catalog.Direct(catalog => catalog.ExecuteScalar<long>(statement));

    private const int BusyTimeoutSeconds = 10;

    /// <summary>All frames with their annotations, a thousand at a time: a dataset may hold more than fit into memory.</summary>
    private IEnumerable<(IReadOnlyList<FrameRecord> Frames, Dictionary<FrameId, IReadOnlyList<Annotation>> Annotations)> Pages()
    {
        FrameId last = default;
        while (true)
        {
            FrameId after = last;
            (List<FrameRecord> Frames, Dictionary<FrameId, IReadOnlyList<Annotation>> Annotations) page = _catalog.Read(catalog => FrameTable.SelectPage(catalog, after, _images));
            if (page.Frames.Count == 0)
            {
                yield break;
            }

            yield return page;
            last = page.Frames[^1].Id;
        }
    }

    private static IncomingFrame Checked(Frame frame) => new(
        frame,
        new IncomingImage(ImageStore.Hash(frame.Image.Bytes), FrameCheck.Check(frame), frame.Image.Bytes),
        frame.Maps.ToDictionary(m => m.Key, m => new IncomingImage(ImageStore.Hash(m.Value.Bytes), ImageFormat.Png, m.Value.Bytes)));

    /// <summary>Enters a frame, unless it is there already, and its maps; their files are there.</summary>
    private FrameId Insert(SqliteConnection catalog, IncomingFrame incoming, ItemKeys items)
    {
        (Frame frame, IncomingImage image, Dictionary<MapKind, IncomingImage> maps) = incoming;
        FrameRecord? same = FrameTable.FindSame(catalog, frame, image.Hash, _images);
        if (same is not null && (Fingerprint.Of(same, FrameTable.SelectAnnotations(catalog, same.Id)) != Fingerprint.Of(frame, image.Hash) || same.Maps.Any(m => maps.TryGetValue(m.Key, out IncomingImage map) && map.Hash != m.Value.Hash)))
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

    /// <summary>A frame whose files are about to be stored.</summary>
    private sealed record IncomingFrame(Frame Frame, IncomingImage Image, Dictionary<MapKind, IncomingImage> Maps)
    {
        public IEnumerable<IncomingImage> Files => Maps.Values.Append(Image);
    }
}
