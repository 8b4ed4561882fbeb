using System.Globalization;
using Dapper;
using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>Splits as rows.</summary>
internal static class SplitTable
{
    public static void Save(SqliteConnection catalog, string name, Split split)
    {
        catalog.Execute("DELETE FROM splits WHERE name = @name", new { name });
        catalog.Execute("INSERT INTO splits (name, seed) VALUES (@name, @seed)", new { name, seed = split.Seed.ToString() });
        ItemKeys items = new();
        catalog.Execute(
            "INSERT INTO split_items (split, item, role) VALUES (@name, @item, @role)",
            split.Roles.Select(r => new { name, item = items.Of(catalog, r.Key.Part, r.Key.Item), role = Text.Of(r.Value) }).ToArray());
    }

    public static Split? Load(SqliteConnection catalog, string name)
    {
        string? seed = catalog.ExecuteScalar<string?>("SELECT seed FROM splits WHERE name = @name", new { name });
        if (seed is null)
        {
            return null;
        }

        IEnumerable<(string Part, string Item, string Role)> rows = catalog.Query<(string, string, string)>(
            "SELECT p.name, i.name, s.role FROM split_items s JOIN items i ON i.id = s.item JOIN parts p ON p.id = i.part WHERE s.split = @name",
            new { name });
        return new Split(
            new Seed(ulong.Parse(seed, CultureInfo.InvariantCulture)),
            rows.Select(r => KeyValuePair.Create(new GroupKey(new PartId(r.Part), new ItemId(r.Item)), Text.To<SplitRole>(r.Role))));
    }
}
