using Dapper;
using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>Depth, normals and the like of frames as rows.</summary>
internal static class MapTable
{
    /// <summary>Enters what is not there yet.</summary>
    public static void Add(SqliteConnection catalog, FrameId frame, IEnumerable<(MapKind Kind, string Image)> maps)
    {
        foreach ((MapKind kind, string image) in maps)
        {
            catalog.Execute("INSERT INTO maps (frame, kind, image) VALUES (@id, @kind, @image) ON CONFLICT DO NOTHING", new { id = frame.Value, kind = Text.Of(kind), image });
        }
    }

    /// <summary>The picture's hash of each kind, of every frame of a range that has any.</summary>
    public static Dictionary<long, Dictionary<MapKind, string>> Select(SqliteConnection catalog, long first = 0, long last = long.MaxValue) =>
        Select(catalog, "frame >= @first AND frame <= @last", new { first, last });

    /// <summary>The same of some frames.</summary>
    public static Dictionary<long, Dictionary<MapKind, string>> Select(SqliteConnection catalog, long[] frames) => Select(catalog, "frame IN @frames", new { frames });

    private static Dictionary<long, Dictionary<MapKind, string>> Select(SqliteConnection catalog, string where, object arguments)
    {
        Dictionary<long, Dictionary<MapKind, string>> maps = [];
        foreach ((long id, string kind, string image) in catalog.Query<(long, string, string)>("SELECT frame, kind, image FROM maps WHERE " + where, arguments))
        {
            (maps.TryGetValue(id, out Dictionary<MapKind, string>? known) ? known : maps[id] = []).Add(Text.To<MapKind>(kind), image);
        }

        return maps;
    }
}
