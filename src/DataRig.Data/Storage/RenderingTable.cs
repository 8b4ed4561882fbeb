using Dapper;
using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>Which renderings were asked for, as rows, and which are there.</summary>
internal static class RenderingTable
{
    public static void Note(SqliteConnection catalog, RenderedRange range) =>
        catalog.Execute("INSERT INTO renderings (source, first, count) VALUES (@source, @first, @count) ON CONFLICT DO NOTHING", new { source = range.Source, first = range.First, count = range.Count });

    public static RenderedRange[] Select(SqliteConnection catalog) =>
        [.. catalog.Query<(string Source, long First, long Count)>("SELECT source, first, count FROM renderings ORDER BY source, first, count").Select(row => new RenderedRange(row.Source, row.First, (int)row.Count))];

    /// <summary>The origins' numbers alone are kept in memory: a long synthesis has many.</summary>
    public static long[] Indices(SqliteConnection catalog, string source, IReadOnlySet<MapKind> maps) =>
        [.. catalog.Query<string>(
                """
                SELECT origin FROM frames WHERE source = 'rendered' AND origin >= @from AND origin < @to
                AND (SELECT count(*) FROM maps WHERE frame = frames.id AND kind IN @kinds) = @count
                """,
                // All texts that begin with a source and a comma lie between these.
                new { from = source + ",", to = source + "-", kinds = maps.Select(Text.Of).ToArray(), count = maps.Count },
                buffered: false)
            .Select(Rendering.Parse).OfType<Rendering>().Where(r => r.Source == source).Select(r => r.Index)];
}
