using Dapper;
using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>The stops and plates of sessions as rows.</summary>
internal static class JournalTable
{
    public static void Note(SqliteConnection catalog, SessionId session, int sweep, int stop, StopState state, long? microsteps = null, string? image = null) =>
        catalog.Execute(
            """
            INSERT INTO journal (session, sweep, stop, state, microsteps, image) VALUES (@session, @sweep, @stop, @state, @microsteps, @image)
            ON CONFLICT DO UPDATE SET state = excluded.state, microsteps = coalesce(excluded.microsteps, microsteps), image = coalesce(excluded.image, image)
            """,
            new { session = session.Value, sweep, stop, state = Text.Of(state), microsteps, image });

    /// <summary>Stops that need not be taken: frames are there, or nobody wants them.</summary>
    public static HashSet<TakenStop> Taken(SqliteConnection catalog, SessionId session) =>
        [.. catalog.Query<(int Sweep, int Stop)>(
                """
                SELECT sweep, stop FROM frames WHERE source = 'captured' AND session = @id
                UNION SELECT sweep, stop FROM journal WHERE session = @id AND state = 'skipped'
                """,
                new { id = session.Value })
            .Select(row => new TakenStop(row.Sweep, row.Stop))];

    /// <summary>Pictures whose files may be there while their frames are not: those of stops that are being taken, or were when the power went.</summary>
    public static HashSet<string> Pending(SqliteConnection catalog, SessionId? session = null) =>
        [.. catalog.Query<string>(
            """
            SELECT image FROM journal WHERE state IN ('captured', 'stored') AND image IS NOT NULL AND (@id IS NULL OR session = @id)
            AND image NOT IN (SELECT image FROM frames) AND image NOT IN (SELECT image FROM plates)
            """,
            new { id = session?.Value })];

    /// <summary>Forgets how far unfinished stops have come: they are taken from the start.</summary>
    public static void ForgetUnfinished(SqliteConnection catalog, SessionId session) =>
        catalog.Execute("DELETE FROM journal WHERE session = @id AND state NOT IN ('committed', 'skipped')", new { id = session.Value });

    /// <summary>Forgets a whole sweep, its frames included.</summary>
    public static void ForgetSweep(SqliteConnection catalog, SessionId session, int sweep)
    {
        object key = new { session = session.Value, sweep };
        catalog.Execute("DELETE FROM edits WHERE frame IN (SELECT id FROM frames WHERE session = @session AND sweep = @sweep)", key);
        catalog.Execute("DELETE FROM annotations WHERE frame IN (SELECT id FROM frames WHERE session = @session AND sweep = @sweep)", key);
        catalog.Execute("DELETE FROM frames WHERE session = @session AND sweep = @sweep", key);
        catalog.Execute("DELETE FROM journal WHERE session = @session AND sweep = @sweep", key);
        catalog.Execute("DELETE FROM sweeps WHERE session = @session AND number = @sweep", key);
    }

    public static void AddPlate(SqliteConnection catalog, SessionId session, Plate plate, string image, ImageFormat format) =>
        catalog.Execute(
            """
            INSERT INTO plates (session, stop, image, format, width, height, azimuth_degrees, light)
            VALUES (@session, @stop, @image, @format, @width, @height, @azimuth, @light)
            """,
            new
            {
                session = session.Value,
                stop = plate.Stop,
                image,
                format = Text.Of(format),
                width = plate.Image.Width,
                height = plate.Image.Height,
                azimuth = plate.AzimuthDegrees,
                light = plate.Light,
            });

    public static IEnumerable<(int Stop, string Image, string Format, int Width, int Height, double AzimuthDegrees, string? Light)> Plates(SqliteConnection catalog, SessionId session) =>
        catalog.Query<(int, string, string, int, int, double, string?)>(
            "SELECT stop, image, format, width, height, azimuth_degrees, light FROM plates WHERE session = @id ORDER BY stop", new { id = session.Value });

    public static IEnumerable<(string Image, string Format)> PlateImages(SqliteConnection catalog) =>
        catalog.Query<(string, string)>("SELECT image, format FROM plates");
}
