using System.Globalization;
using Dapper;
using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>The session journal as rows.</summary>
internal static class SessionTable
{
    public static SessionRecord Begin(SqliteConnection catalog, string plan, DateTimeOffset now)
    {
        long number = catalog.ExecuteScalar<long>("SELECT count(*) FROM sessions") + 1;
        SessionRecord session = new() { Id = new SessionId($"session-{number}"), Plan = plan, Status = SessionStatus.Open, Started = now };
        catalog.Execute(
            "INSERT INTO sessions (id, plan, status, started) VALUES (@id, @plan, 'open', @started)",
            new { id = session.Id.Value, plan, started = Stamp(now) });
        return session;
    }

    public static void Finish(SqliteConnection catalog, SessionId session, SessionStatus status, DateTimeOffset now)
    {
        RequireOpen(catalog, session);
        catalog.Execute("UPDATE sessions SET status = @status, ended = @ended WHERE id = @id", new { id = session.Value, status = Text.Of(status), ended = Stamp(now) });
    }

    /// <summary>The session here of frames of another dataset's session; entered, as done, when it is first met.</summary>
    public static SessionId Foreign(SqliteConnection catalog, string from, SessionId session, DateTimeOffset now)
    {
        string plan = System.Text.Json.JsonSerializer.Serialize(new { importedFrom = from, session = session.Value });
        string? known = catalog.ExecuteScalar<string?>("SELECT id FROM sessions WHERE plan = @plan", new { plan });
        if (known is not null)
        {
            return new SessionId(known);
        }

        SessionRecord begun = Begin(catalog, plan, now);
        Finish(catalog, begun.Id, SessionStatus.Done, now);
        return begun.Id;
    }

    public static List<SessionRecord> Select(SqliteConnection catalog) =>
        [.. catalog.Query<Row>("SELECT id, plan, status, started, ended FROM sessions ORDER BY length(id), id").Select(row => new SessionRecord
        {
            Id = new SessionId(row.Id),
            Plan = row.Plan,
            Status = Text.To<SessionStatus>(row.Status),
            Started = Time(row.Started),
            Ended = row.Ended is null ? null : Time(row.Ended),
        })];

    /// <summary>How the session sees, as JSON text, or null.</summary>
    public static string? Optics(SqliteConnection catalog, SessionId session) =>
        catalog.ExecuteScalar<string?>("SELECT optics FROM sessions WHERE id = @id", new { id = session.Value });

    public static void KeepOptics(SqliteConnection catalog, SessionId session, string optics) =>
        catalog.Execute("UPDATE sessions SET optics = @optics WHERE id = @id", new { id = session.Value, optics });

    /// <exception cref="WorkFailedException">The session is closed or was never begun.</exception>
    public static void RequireOpen(SqliteConnection catalog, SessionId session)
    {
        string? status = catalog.ExecuteScalar<string?>("SELECT status FROM sessions WHERE id = @id", new { id = session.Value });
        if (status != "open")
        {
            throw new WorkFailedException(status is null
                ? $"The dataset has no session {session}; begin one before its frames are added."
                : $"The session {session} is closed ({status}) and takes no more frames; begin another one.");
        }
    }

    private static string Stamp(DateTimeOffset time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string stamp) => DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Plan { get; init; } = "";

        public string Status { get; init; } = "";

        public string Started { get; init; } = "";

        public string? Ended { get; init; }
    }
}
