using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>Snapshots as rows: which frames, of which item each, with which annotations.</summary>
internal static class SnapshotTable
{
    public static void Take(SqliteConnection catalog, Snapshot snapshot)
    {
        object key = new { name = snapshot.Name, hash = snapshot.Hash, frames = snapshot.Frames, who = snapshot.Who, at = snapshot.At.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) };
        catalog.Execute("INSERT INTO snapshots (name, hash, frames, who, at) VALUES (@name, @hash, @frames, @who, @at)", key);
        catalog.Execute("INSERT INTO snapshot_frames (snapshot, frame, item) SELECT @name, id, item FROM frames WHERE dropped IS NULL", key);
        catalog.Execute("INSERT INTO snapshot_annotations (snapshot, annotation) SELECT @name, a.id FROM annotations a JOIN frames f ON f.id = a.frame WHERE a.retired IS NULL AND f.dropped IS NULL", key);
    }

    public static List<Snapshot> Select(SqliteConnection catalog) =>
        [.. catalog.Query<(string Name, string Hash, long Frames, string Who, string At)>("SELECT name, hash, frames, who, at FROM snapshots ORDER BY at, name")
            .Select(row => new Snapshot(row.Name, row.Hash, (int)row.Frames, row.Who, DateTimeOffset.Parse(row.At, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)))];

    public static bool Holds(SqliteConnection catalog, FrameId frame) =>
        catalog.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM snapshot_frames WHERE frame = @id)", new { id = frame.Value });

    /// <summary>
    /// Shows this connection the frames and annotations of a snapshot in place of the dataset's: temporary views of the tables'
    /// names go before the tables, and take no rows.
    /// </summary>
    public static void Show(SqliteConnection catalog, string name)
    {
        string quoted = name.Replace("'", "''", StringComparison.Ordinal);
        catalog.Execute($"""
            CREATE TEMP VIEW frames AS
                SELECT f.id, f.image, f.format, f.width, f.height, f.source, s.item, f.session, f.sweep, f.stop, f.pose, f.azimuth_degrees, f.elevation_degrees,
                       f.origin, f.light, f.metadata, f.marks, f.intrinsics, NULL AS dropped
                FROM main.snapshot_frames s JOIN main.frames f ON f.id = s.frame WHERE s.snapshot = '{quoted}';
            CREATE TEMP VIEW annotations AS
                SELECT a.id, a.frame, a.item, a.x, a.y, a.width, a.height, a.mask, a.visible_fraction, a.truncated, a.quality, a.amodal_x, a.amodal_y, a.amodal_width,
                       a.amodal_height, a.truncated_fraction, a.pose_in_camera, a.pose_on_table, NULL AS retired
                FROM main.snapshot_annotations s JOIN main.annotations a ON a.id = s.annotation WHERE s.snapshot = '{quoted}';
            """);
    }
}
