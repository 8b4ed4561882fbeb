using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>The log of edits as rows.</summary>
internal static class EditTable
{
    public static List<Edit> Select(SqliteConnection catalog, FrameId? frame) =>
        [.. catalog.Query<Row>(
                """
                SELECT e.id, e.frame, e.kind, e.old, e.new, e.who, e.source, e.note, e.at, e.undoes, u.id AS undoneBy
                FROM edits e LEFT JOIN edits u ON u.undoes = e.id WHERE @frame IS NULL OR e.frame = @frame ORDER BY e.id
                """,
                new { frame = frame?.Value }).Select(row => row.ToEdit())];

    public static EditId Append(SqliteConnection catalog, Edit edit, string? detail) => new(catalog.ExecuteScalar<long>(
        """
        INSERT INTO edits (frame, kind, old, new, who, source, note, at, undoes, detail)
        VALUES (@frame, @kind, @old, @new, @who, @source, @note, @at, @undoes, @detail) RETURNING id
        """,
        new
        {
            frame = edit.Frame?.Value,
            kind = Text.Of(edit.Kind),
            old = edit.Old,
            @new = edit.New,
            who = edit.By.Who,
            source = edit.By.Source,
            note = edit.By.Note,
            at = edit.At.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            undoes = edit.Undoes?.Value,
            detail,
        }));

    /// <summary>The row numbers that an edit noted for whoever undoes it.</summary>
    public static long[] Detail(SqliteConnection catalog, EditId edit) =>
        [.. (catalog.ExecuteScalar<string?>("SELECT detail FROM edits WHERE id = @id", new { id = edit.Value }) ?? "")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, CultureInfo.InvariantCulture))];

    public static void AddDetail(SqliteConnection catalog, EditId edit, IEnumerable<long> rows) =>
        catalog.Execute("UPDATE edits SET detail = @detail WHERE id = @id", new { id = edit.Value, detail = string.Join(' ', rows) });

    /// <summary>Whether a frame has any edit: its labels need not be those that it came with.</summary>
    public static bool IsEdited(SqliteConnection catalog, FrameId frame) =>
        catalog.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM edits WHERE frame = @id)", new { id = frame.Value });

    /// <summary>A purged frame whose picture has come again lies in the trash with it.</summary>
    public static void Unpurge(SqliteConnection catalog, FrameId frame) =>
        catalog.Execute("UPDATE frames SET dropped = 'trash' WHERE id = @id AND dropped = 'purged'", new { id = frame.Value });

    public static IEnumerable<FrameId> Find(SqliteConnection catalog, string word)
    {
        bool number = long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long id);
        bool hash = word.Length is >= 12 and <= 64 && word.All(char.IsAsciiHexDigitLower);
        return catalog.Query<long>(
            "SELECT id FROM frames WHERE (@number AND id = @id) OR (@hash AND image >= @word AND image < @word || 'g') ORDER BY id",
            new { number, id, hash, word }).Select(found => new FrameId(found));
    }

    /// <summary>Pictures and maps that only purged frames name.</summary>
    public static IEnumerable<(string Image, string Format)> PurgedPictures(SqliteConnection catalog) => catalog.Query<(string, string)>(
        """
        SELECT image, format FROM (
            SELECT image, format FROM frames WHERE dropped = 'purged'
            UNION SELECT m.image, 'png' FROM maps m JOIN frames f ON f.id = m.frame WHERE f.dropped = 'purged')
        WHERE image NOT IN (SELECT image FROM frames WHERE dropped IS NOT 'purged') AND image NOT IN (SELECT image FROM plates)
            AND image NOT IN (SELECT m.image FROM maps m JOIN frames f ON f.id = m.frame WHERE f.dropped IS NOT 'purged')
        """);

    private sealed class Row
    {
        public long Id { get; init; }

        public long? Frame { get; init; }

        public string Kind { get; init; } = "";

        public string? Old { get; init; }

        public string? New { get; init; }

        public string Who { get; init; } = "";

        public string Source { get; init; } = "";

        public string? Note { get; init; }

        public string At { get; init; } = "";

        public long? Undoes { get; init; }

        public long? UndoneBy { get; init; }

        public Edit ToEdit() => new()
        {
            Id = new EditId(Id),
            Frame = Frame is { } frame ? new FrameId(frame) : null,
            Kind = Text.To<EditKind>(Kind),
            Old = Old,
            New = New,
            By = new EditedBy(Who, Source, Note),
            At = DateTimeOffset.Parse(At, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            Undoes = Undoes is { } undoes ? new EditId(undoes) : null,
            UndoneBy = UndoneBy is { } undone ? new EditId(undone) : null,
        };
    }
}
