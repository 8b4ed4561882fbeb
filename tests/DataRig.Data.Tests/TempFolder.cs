using Microsoft.Data.Sqlite;

namespace DataRig.Data.Tests;

/// <summary>A folder of a test's own, gone when the test is.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("datarig-test-").FullName;

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file below the folder, with the folders it takes.</summary>
    public void Write(string relative, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[relative])!);
        File.WriteAllBytes(this[relative], bytes);
    }

    /// <summary>Past the library, to the catalog of the dataset in the folder's <c>data</c>.</summary>
    public SqliteConnection Connect()
    {
        SqliteConnection connection = new($"Data Source={this["data", "dataset.db"]};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Execute(string sql) => Ask(sql);

    /// <returns>The first row's first value; null where there is none.</returns>
    public object? Ask(string sql)
    {
        using SqliteConnection connection = Connect();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
