using Dapper;
using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>The row numbers of parts and items within one transaction, entered when they are first met.</summary>
internal sealed class ItemKeys
{
    private readonly Dictionary<GroupKey, long> _keys = [];

    public long Of(SqliteConnection catalog, PartId part, ItemId item)
    {
        GroupKey group = new(part, item);
        if (!_keys.TryGetValue(group, out long key))
        {
            key = catalog.ExecuteScalar<long>(
                """
                INSERT INTO parts (name) VALUES (@part) ON CONFLICT DO NOTHING;
                INSERT INTO items (part, name) SELECT id, @item FROM parts WHERE name = @part ON CONFLICT DO NOTHING;
                SELECT i.id FROM items i JOIN parts p ON p.id = i.part WHERE p.name = @part AND i.name = @item;
                """,
                new { part = part.Value, item = item.Value });
            _keys.Add(group, key);
        }

        return key;
    }
}
