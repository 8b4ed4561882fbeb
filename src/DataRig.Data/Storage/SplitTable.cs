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
        catalog.Execute("INSERT INTO splits (name, seed, level) VALUES (@name, @seed, @level)", new { name, seed = split.Seed.ToString(), level = Text.Of(split.Level) });
        ItemKeys items = new();
        catalog.Execute(
            "INSERT INTO split_groups (split, item, session, sweep, role) VALUES (@name, @item, @session, @sweep, @role)",
            split.Roles.Select(r => new { name, item = items.Of(catalog, r.Key.Part, r.Key.Item), session = r.Key.Session?.Value, sweep = r.Key.Sweep, role = Text.Of(r.Value) }).ToArray());
    }

    public static Split? Load(SqliteConnection catalog, string name)
    {
        (string? seed, string level) = catalog.QueryFirstOrDefault<(string?, string)>("SELECT seed, level FROM splits WHERE name = @name", new { name });
        if (seed is null)
        {
            return null;
        }

        IEnumerable<(string Part, string Item, string? Session, long? Sweep, string Role)> rows = catalog.Query<(string, string, string?, long?, string)>(
            "SELECT p.name, i.name, s.session, s.sweep, s.role FROM split_groups s JOIN items i ON i.id = s.item JOIN parts p ON p.id = i.part WHERE s.split = @name",
            new { name });
        return new Split(
            new Seed(ulong.Parse(seed, CultureInfo.InvariantCulture)),
            rows.Select(r => KeyValuePair.Create(
                new GroupKey(new PartId(r.Part), new ItemId(r.Item), r.Session is { } session ? new SessionId(session) : null, (int?)r.Sweep), Text.To<SplitRole>(r.Role))),
            Text.To<SplitLevel>(level));
    }
}
