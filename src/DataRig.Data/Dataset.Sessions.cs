using DataRig.Core;
using DataRig.Data.Storage;

namespace DataRig.Data;

/// <summary>The journal of sessions at a rig, their frames and their plates.</summary>
public sealed partial class Dataset
{
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

    /// <summary>
    /// Adds a captured frame in the steps that the session journal tells apart: its picture's name is noted before its file is
    /// there, the file is safe before its row is there. Killed in between, <see cref="RecoverSession"/> finds what to clear away.
    /// </summary>
    /// <exception cref="WorkFailedException">As <see cref="AddFrames"/>.</exception>
    /// <exception cref="ArgumentException">As <see cref="AddFrames"/>.</exception>
    public FrameId CommitStop(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        IncomingFrame incoming = IncomingFrame.Of(frame);
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
        HashSet<string> used = [.. FrameTable.Select(catalog, null, _images).Concat(FrameTable.Select(catalog, new FrameFilter { Review = ReviewState.Trashed }, _images)).Select(f => f.ImagePath)];
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
}
