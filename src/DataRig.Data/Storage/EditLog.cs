using System.Globalization;
using Dapper;
using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>
/// Makes edits within one transaction and writes them down. Annotation rows are never changed: an edit retires some and adds
/// others, so that whoever undoes it, or holds them in a snapshot, finds them as they were.
/// </summary>
internal sealed class EditLog(SqliteConnection catalog, EditedBy by, DateTimeOffset now)
{
    public SqliteConnection Catalog => catalog;

    public Edit Relabel(FrameRecord frame, PartId part, ItemId item, ItemKeys items)
    {
        (long from, long to) = (ItemOf(frame.Id), items.Of(catalog, part, item));
        Edit edit = Append(frame.Id, EditKind.Relabel, $"{frame.Part}/{frame.Item}", $"{part}/{item}");
        catalog.Execute("UPDATE frames SET item = @to WHERE id = @id", new { id = frame.Id.Value, to });
        long[] old = [.. catalog.Query<long>("SELECT id FROM annotations WHERE frame = @id AND item = @from AND retired IS NULL ORDER BY id", new { id = frame.Id.Value, from })];
        List<long> copies = [];
        foreach (long row in old)
        {
            copies.Add(FrameTable.CopyAnnotation(catalog, row, to));
        }

        Retire(old, edit.Id);
        EditTable.AddDetail(catalog, edit.Id, [from, to, .. copies]);
        return edit;
    }

    public Edit? Annotate(FrameRecord frame, IReadOnlyList<Annotation> annotations)
    {
        FrameCheck.CheckAnnotations(frame.Id, frame.Width, frame.Height, annotations);
        IReadOnlyList<Annotation> before = FrameTable.SelectAnnotations(catalog, frame.Id);
        if (Fingerprint.Of(frame, before) == Fingerprint.Of(frame, annotations))
        {
            return null;
        }

        Edit edit = Append(frame.Id, EditKind.Annotate, Count(before), Count(annotations));
        Retire(Live(frame.Id), edit.Id);
        ItemKeys items = new();
        EditTable.AddDetail(catalog, edit.Id, annotations.Select(a => FrameTable.InsertAnnotation(catalog, frame.Id.Value, a, items)).ToArray());
        return edit;
    }

    public Edit Mark(FrameId frame, EditKind kind) => Append(frame, kind, null, Text.Of(kind));

    public Edit Drop(FrameId frame, EditId? undoes = null)
    {
        catalog.Execute("UPDATE frames SET dropped = 'trash' WHERE id = @id", new { id = frame.Value });
        return Append(frame, EditKind.Drop, "kept", "trash", undoes);
    }

    public Edit Restore(FrameId frame, EditId? undoes = null)
    {
        if (Dropped(frame) == "purged")
        {
            throw new WorkFailedException($"The picture of frame {frame} was purged; import or capture it again.");
        }

        catalog.Execute("UPDATE frames SET dropped = NULL WHERE id = @id", new { id = frame.Value });
        return Append(frame, EditKind.Restore, "trash", "kept", undoes);
    }

    /// <returns>How many frames were purged.</returns>
    public int Purge(IEnumerable<FrameRecord> trashed)
    {
        int purged = 0;
        foreach (FrameRecord frame in trashed.Where(f => Dropped(f.Id) == "trash" && !SnapshotTable.Holds(catalog, f.Id)))
        {
            catalog.Execute("UPDATE frames SET dropped = 'purged' WHERE id = @id", new { id = frame.Id.Value });
            Append(frame.Id, EditKind.Purge, "trash", null);
            purged++;
        }

        return purged;
    }

    public Edit RenamePart(PartId part, PartId name)
    {
        long from = catalog.ExecuteScalar<long?>("SELECT id FROM parts WHERE name = @name", new { name = part.Value }) ?? throw new WorkFailedException($"The dataset has no part \"{part}\".");
        long[] items = [.. catalog.Query<long>("SELECT id FROM items WHERE part = @from ORDER BY id", new { from })];
        Move(items, part, name);
        Edit edit = Append(null, EditKind.RenamePart, part.Value, name.Value);
        EditTable.AddDetail(catalog, edit.Id, items);
        return edit;
    }

    public Edit Undo(Edit edit)
    {
        if (edit.UndoneBy is { } by || edit.Undoes is not null || edit.Kind == EditKind.Purge)
        {
            throw new WorkFailedException(
                edit.UndoneBy is not null ? $"Edit {edit.Id} was undone already, by edit {edit.UndoneBy}."
                : edit.Undoes is { } undone ? $"Edit {edit.Id} took edit {undone} back; make that edit again instead."
                : $"Edit {edit.Id} purged a picture and cannot be undone.");
        }

        long[] rows = EditTable.Detail(catalog, edit.Id);
        return edit.Kind switch
        {
            EditKind.Drop when Dropped(edit.Frame!.Value) is not null => Restore(edit.Frame.Value, edit.Id),
            EditKind.Restore when Dropped(edit.Frame!.Value) is null => Drop(edit.Frame.Value, edit.Id),
            EditKind.Drop or EditKind.Restore => throw new WorkFailedException($"Frame {edit.Frame} is {(edit.Kind == EditKind.Drop ? "not in the trash any more" : "in the trash again")}; there is nothing to undo."),
            EditKind.Relabel or EditKind.Annotate => UndoLabels(edit, rows),
            EditKind.RenamePart => UndoRename(edit, rows),
            _ => Back(edit),
        };
    }

    private Edit UndoLabels(Edit edit, long[] rows)
    {
        long? later = catalog.ExecuteScalar<long?>(
            """
            SELECT max(id) FROM edits e WHERE frame = @frame AND id > @id AND kind IN ('relabel', 'annotate') AND undoes IS NULL
            AND NOT EXISTS (SELECT 1 FROM edits u WHERE u.undoes = e.id)
            """,
            new { frame = edit.Frame!.Value.Value, id = edit.Id.Value });
        if (later is not null)
        {
            throw new WorkFailedException($"Edit {later} changed the labels of frame {edit.Frame} after edit {edit.Id}; undo that one first.");
        }

        Edit back = Back(edit);
        catalog.Execute("UPDATE annotations SET retired = NULL WHERE retired = @id", new { id = edit.Id.Value });
        if (edit.Kind == EditKind.Relabel)
        {
            catalog.Execute("UPDATE frames SET item = @item WHERE id = @id", new { id = edit.Frame.Value.Value, item = rows[0] });
        }

        Retire(edit.Kind == EditKind.Relabel ? rows[2..] : rows, back.Id);
        return back;
    }

    private Edit UndoRename(Edit edit, long[] items)
    {
        Move(items, new PartId(edit.New!), new PartId(edit.Old!));
        return Back(edit);
    }

    /// <summary>Hangs items under another part's name, which is entered; a part without an item goes.</summary>
    private void Move(long[] items, PartId part, PartId name)
    {
        if (catalog.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM sessions WHERE status = 'open')"))
        {
            throw new WorkFailedException($"A session is open and would go on to capture \"{part}\"; finish or cancel it before the part gets another name.");
        }

        catalog.Execute("INSERT INTO parts (name) VALUES (@name) ON CONFLICT DO NOTHING", new { name = name.Value });
        foreach (long item in items)
        {
            if (catalog.QueryFirstOrDefault<string?>(
                "SELECT i.name FROM items i JOIN parts p ON p.id = i.part WHERE p.name = @name AND i.id <> @item AND i.name = (SELECT name FROM items WHERE id = @item)", new { name = name.Value, item }) is { } twice)
            {
                throw new WorkFailedException($"Both \"{part}\" and \"{name}\" have an item \"{twice}\", and two items cannot become one; relabel the frames of one of them first.");
            }

            if (catalog.Execute(
                "UPDATE items SET part = (SELECT id FROM parts WHERE name = @name) WHERE id = @item AND part = (SELECT id FROM parts WHERE name = @part)",
                new { item, name = name.Value, part = part.Value }) == 0)
            {
                throw new WorkFailedException($"An item of \"{part}\" has been moved on by a later rename; undo that one first.");
            }
        }

        catalog.Execute("DELETE FROM parts WHERE name = @part AND NOT EXISTS (SELECT 1 FROM items WHERE part = parts.id)", new { part = part.Value });
    }

    private Edit Back(Edit edit) => Append(edit.Frame, edit.Kind, edit.New, edit.Old, edit.Id);

    private Edit Append(FrameId? frame, EditKind kind, string? old, string? now_, EditId? undoes = null)
    {
        Edit edit = new() { Id = default, Frame = frame, Kind = kind, Old = old, New = now_, By = by, At = by.At is { } then && then < now ? then : now, Undoes = undoes };
        return edit with { Id = EditTable.Append(catalog, edit, null) };
    }

    private void Retire(IEnumerable<long> rows, EditId edit) =>
        catalog.Execute("UPDATE annotations SET retired = @edit WHERE id = @row", rows.Select(row => new { row, edit = edit.Value }).ToArray());

    private long[] Live(FrameId frame) => [.. catalog.Query<long>("SELECT id FROM annotations WHERE frame = @id AND retired IS NULL", new { id = frame.Value })];

    private long ItemOf(FrameId frame) => catalog.ExecuteScalar<long>("SELECT item FROM frames WHERE id = @id", new { id = frame.Value });

    private string? Dropped(FrameId frame) => catalog.ExecuteScalar<string?>("SELECT dropped FROM frames WHERE id = @id", new { id = frame.Value });

    private static string Count(IReadOnlyList<Annotation> annotations) => annotations.Count.ToString(CultureInfo.InvariantCulture);
}
