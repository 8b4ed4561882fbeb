using DataRig.Core;
using DataRig.Data.Storage;
using Microsoft.Data.Sqlite;

namespace DataRig.Data;

/// <summary>What people change after the frames came in: each change is a row of a log that only grows, and can be undone.</summary>
public sealed partial class Dataset
{
    /// <summary>Every edit, or those of one frame, in the order they were made.</summary>
    public IReadOnlyList<Edit> Edits(FrameId? frame = null) => _catalog.Read(catalog => EditTable.Select(catalog, frame));

    /// <summary>Says that frames are of another part or item. What is marked in them of the old item is of the new one afterwards.</summary>
    /// <param name="frames">Frames that are not in the trash.</param>
    /// <param name="part">The right part; a new name is entered.</param>
    /// <param name="item">The right item; the frame's own item name, under the part, if null.</param>
    /// <returns>The edits; none for a frame that has the label already.</returns>
    /// <exception cref="WorkFailedException">There is no such frame, it is in the trash, or a name cannot be used.</exception>
    public IReadOnlyList<Edit> Relabel(IReadOnlyList<FrameId> frames, PartId part, ItemId? item, EditedBy by)
    {
        RequireName(part.Value);
        RequireName(item?.Value ?? part.Value);
        ItemKeys items = new();
        return EditEach(frames, by, (log, frame) =>
            frame.Part == part && frame.Item == (item ?? frame.Item) ? null : log.Relabel(frame, part, item ?? frame.Item, items));
    }

    /// <summary>Replaces what is marked in a frame.</summary>
    /// <returns>The edit; null where nothing differs.</returns>
    /// <exception cref="WorkFailedException">There is no such frame, it is in the trash, a name cannot be used, or a box or mask does not fit the picture.</exception>
    public Edit? Annotate(FrameId frame, IReadOnlyList<Annotation> annotations, EditedBy by)
    {
        ArgumentNullException.ThrowIfNull(annotations);
        return EditEach([frame], by, (log, record) => log.Annotate(record, annotations)).SingleOrDefault();
    }

    /// <summary>Notes that somebody found the labels of frames right.</summary>
    /// <returns>The edits; none for a frame that is reviewed already.</returns>
    /// <exception cref="WorkFailedException">There is no such frame, or it is in the trash.</exception>
    public IReadOnlyList<Edit> Confirm(IReadOnlyList<FrameId> frames, EditedBy by) =>
        EditEach(frames, by, (log, frame) => frame.Review == ReviewState.Reviewed ? null : log.Mark(frame.Id, EditKind.Confirm));

    /// <summary>Puts frames into the trash: they vanish from listings, splits, exports, training and the hash. Their pictures stay until <see cref="Purge"/>.</summary>
    /// <returns>The edits; none for a frame that is there already.</returns>
    /// <exception cref="WorkFailedException">There is no such frame.</exception>
    public IReadOnlyList<Edit> Drop(IReadOnlyList<FrameId> frames, EditedBy by) =>
        EditEach(frames, by, (log, frame) => frame.Review == ReviewState.Trashed ? null : log.Drop(frame.Id), trashed: true);

    /// <summary>Takes frames out of the trash.</summary>
    /// <returns>The edits; none for a frame that is not there.</returns>
    /// <exception cref="WorkFailedException">There is no such frame, or its picture was purged.</exception>
    public IReadOnlyList<Edit> Restore(IReadOnlyList<FrameId> frames, EditedBy by) =>
        EditEach(frames, by, (log, frame) => frame.Review == ReviewState.Trashed ? log.Restore(frame.Id) : null, trashed: true);

    /// <summary>Marks frames as wanted again.</summary>
    /// <returns>The edits; none for a frame that is marked already.</returns>
    /// <exception cref="WorkFailedException">There is no such frame.</exception>
    public IReadOnlyList<Edit> Recapture(IReadOnlyList<FrameId> frames, EditedBy by)
    {
        HashSet<FrameId> wanted = [.. Wanted().Select(w => w.Frame.Id)];
        return EditEach(frames, by, (log, frame) => wanted.Contains(frame.Id) ? null : log.Mark(frame.Id, EditKind.Recapture), trashed: true);
    }

    /// <summary>Frames that are wanted again, those in the trash too, in the order they were marked.</summary>
    public IReadOnlyList<WantedFrame> Wanted() => _catalog.Read(catalog =>
    {
        Edit[] marks = [.. EditTable.Select(catalog, null).Where(e => e is { Kind: EditKind.Recapture, Undoes: null, UndoneBy: null })];
        return marks.Select(mark => new WantedFrame(FrameTable.Find(catalog, mark.Frame!.Value, _images)!, mark)).ToArray();
    });

    /// <summary>Gives a part another name in every frame, split and annotation. Where the name is another part's, the two become one.</summary>
    /// <exception cref="WorkFailedException">There is no such part, a name cannot be used, both parts have an item of one name, or a session is open.</exception>
    public Edit RenamePart(PartId part, PartId name, EditedBy by)
    {
        RequireName(name.Value);
        return Edited(by, log => log.RenamePart(part, name));
    }

    /// <summary>Takes an edit back, by another edit.</summary>
    /// <exception cref="WorkFailedException">There is no such edit, it was undone, a later edit of the frame stands on it, or it cannot be undone.</exception>
    public Edit Undo(EditId edit, EditedBy by) => Edited(by, log => log.Undo(EditTable.Select(log.Catalog, null).FirstOrDefault(e => e.Id == edit)
        ?? throw new WorkFailedException($"The dataset {Folder} has no edit {edit}; 'datarig dataset edits' lists them.")));

    /// <summary>Deletes the pictures of the frames in the trash, for good; those of a frame that a snapshot holds stay.</summary>
    /// <returns>How many frames were purged.</returns>
    public int Purge(EditedBy by)
    {
        int purged = Edited(by, log => log.Purge(FrameTable.Select(log.Catalog, new FrameFilter { Review = ReviewState.Trashed }, _images)));
        // Only after the commit, and under the lock once more: no frame may ever be kept whose picture is gone.
        _catalog.Write(catalog =>
        {
            string[] files = [.. EditTable.PurgedPictures(catalog).Select(p => _images.PathOf(p.Image, Text.To<ImageFormat>(p.Format)))];
            Guarded(Folder, () =>
            {
                foreach (string file in files.Where(File.Exists))
                {
                    File.Delete(file);
                }

                return 0;
            });
            return 0;
        });
        return purged;
    }

    /// <summary>Enters what people corrected elsewhere, all of it or nothing; a frame that only gets what it has is confirmed.</summary>
    /// <exception cref="WorkFailedException">A frame's labels are no longer those that the correction was held against.</exception>
    internal IReadOnlyList<Edit> Correct(IReadOnlyList<Correction> corrections) => corrections.Count == 0 ? [] : _catalog.Write(catalog =>
    {
        List<Edit> edits = [];
        ItemKeys items = new();
        foreach (Correction correction in corrections)
        {
            FrameRecord? frame = FrameTable.Find(catalog, correction.Frame.Id, _images);
            if (frame is null or { Review: ReviewState.Trashed } || Fingerprint.Of(frame, FrameTable.SelectAnnotations(catalog, frame.Id)) != correction.Before)
            {
                throw new WorkFailedException($"Frame {correction.Frame.Id} was changed while its correction was read, and nothing was corrected; run it again.");
            }

            EditLog log = new(catalog, correction.By, _time.GetUtcNow());
            Edit? relabelled = frame.Part == correction.Part ? null : log.Relabel(frame, correction.Part, frame.Item, items);
            Edit? annotated = correction.Annotations is { } annotations ? log.Annotate(frame with { Part = correction.Part }, annotations) : null;
            edits.AddRange(new[] { relabelled, annotated }.OfType<Edit>());
            if (relabelled is null && annotated is null)
            {
                edits.Add(log.Mark(frame.Id, EditKind.Confirm));
            }
        }

        return edits.ToArray();
    });

    /// <summary>The frames that a word names: a frame's number, or the path, name or first 12 or more digits of a picture file.</summary>
    /// <exception cref="WorkFailedException">It names none.</exception>
    public IReadOnlyList<FrameId> Find(string word) => _catalog.Read(catalog =>
    {
        FrameId[] found = [.. EditTable.Find(catalog, Path.GetFileNameWithoutExtension(word))];
        return found.Length > 0 ? found : throw new WorkFailedException($"The dataset {Folder} has no frame \"{word}\"; name a frame by its number, or by its picture's file or hash (12 digits or more).");
    });

    private static void RequireName(string name)
    {
        if (FrameCheck.NameProblem(name) is { } problem)
        {
            throw new WorkFailedException($"The name \"{name}\" cannot be a part's or an item's: {problem}.");
        }
    }

    private Edit[] EditEach(IReadOnlyList<FrameId> frames, EditedBy by, Func<EditLog, FrameRecord, Edit?> edit, bool trashed = false) => Edited(by, log =>
    {
        List<Edit> edits = [];
        foreach (FrameId id in frames.Distinct())
        {
            FrameRecord frame = FrameTable.Find(log.Catalog, id, _images) ?? throw new WorkFailedException($"The dataset {Folder} has no frame {id}.");
            if (frame.Review == ReviewState.Trashed && !trashed)
            {
                throw new WorkFailedException($"Frame {id} is in the trash; restore it first.");
            }

            edits.AddRange(edit(log, frame) is { } made ? [made] : Array.Empty<Edit>());
        }

        return edits.ToArray();
    });

    private T Edited<T>(EditedBy by, Func<EditLog, T> edit)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by.Who);
        return _catalog.Write(catalog => edit(new EditLog(catalog, by, _time.GetUtcNow())));
    }
}
