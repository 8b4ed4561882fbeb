using Dapper;
using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>
/// The open catalog: one connection, used by one thread at a time, its failures in words. Write-ahead logging
/// lets others read while one process writes; every commit is synced.
/// </summary>
internal sealed class Catalog : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();
    private readonly string _folder;

    public Catalog(string folder, bool create, int busyTimeoutSeconds)
    {
        _folder = folder;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = FileIn(folder),
            Mode = create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            ForeignKeys = true,
            Pooling = false, // so that the folder can be moved or deleted after Dispose
            DefaultTimeout = busyTimeoutSeconds,
        }.ToString());
        try
        {
            Guard(() =>
            {
                _connection.Open();
                _connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
                if (create)
                {
                    Schema.Create(_connection);
                }

                Schema.Check(_connection, folder);
                return 0;
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public static string FileIn(string folder) => Path.Combine(folder, "dataset.db");

    /// <summary>Reads one state of the catalog, whatever others write meanwhile.</summary>
    public T Read<T>(Func<SqliteConnection, T> work) => Guard(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: true);
        T result = work(_connection);
        transaction.Commit();
        return result;
    });

    /// <summary>Takes the write lock, works, and commits durably; on a failure nothing of it stays.</summary>
    public T Write<T>(Func<SqliteConnection, T> work) => Guard(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        T result = work(_connection);
        transaction.Commit();
        return result;
    });

    /// <summary>
    /// As <see cref="Write"/>, but without waiting for the disk: a kill loses nothing, a power cut may lose it, together with
    /// everything written after it.
    /// </summary>
    public T WriteSoon<T>(Func<SqliteConnection, T> work) => Guard(() =>
    {
        _connection.Execute("PRAGMA synchronous = NORMAL");
        try
        {
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
            T result = work(_connection);
            transaction.Commit();
            return result;
        }
        finally
        {
            _connection.Execute("PRAGMA synchronous = FULL");
        }
    });

    /// <summary>Works outside any transaction.</summary>
    public T Direct<T>(Func<SqliteConnection, T> work) => Guard(() => work(_connection));

    public void Dispose()
    {
        lock (_lock)
        {
            _connection.Dispose();
        }
    }

    private T Guard<T>(Func<T> work)
    {
        lock (_lock)
        {
            try
            {
                return work();
            }
            catch (Exception e) when (Explain.Failure(e, _folder) is { } failure)
            {
                throw failure;
            }
        }
    }
}
