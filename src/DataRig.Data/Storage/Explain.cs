using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>Turns what the disk and the database throw into one sentence that says what to do.</summary>
internal static class Explain
{
    /// <summary>The failure in words, or null where it is a bug of ours.</summary>
    public static WorkFailedException? Failure(Exception failure, string folder)
    {
        string? what = failure switch
        {
            SqliteException { SqliteErrorCode: 5 or 6 } => "another process is writing to it; wait until that is done, or stop it",
            SqliteException { SqliteErrorCode: 8 } => "it cannot be written to; give yourself write permission, or copy the dataset to where you have it",
            SqliteException { SqliteErrorCode: 13 } => DiskFull,
            SqliteException { SqliteErrorCode: 14 } => "its dataset.db cannot be opened; give yourself read and write permission for the folder and the files in it",
            SqliteException { SqliteErrorCode: 26 } => "its dataset.db is not a DataRig catalog; name another folder",
            SqliteException { SqliteErrorCode: 11 } => "its dataset.db is damaged; restore it from a copy (the pictures under images/ are not touched by that)",
            SqliteException { SqliteErrorCode: 1 } e when e.Message.Contains("because it is a view", StringComparison.Ordinal) => "it was opened at a snapshot, which takes neither frames nor edits; open it without",
            SqliteException { SqliteErrorCode: 10 } e => $"the disk failed while reading or writing dataset.db ({e.Message}); check the disk and its free space",
            IOException { HResult: NoSpace or QuotaExceeded or WindowsDiskFull } => DiskFull,
            IOException { HResult: ReadOnlyFileSystem } => "it lies on a file system mounted read-only; copy it to where you can write",
            UnauthorizedAccessException e => $"permission is denied ({e.Message}); give yourself write permission for it",
            IOException e => e.Message,
            _ => null,
        };
        return what is null ? null : new WorkFailedException($"The dataset {folder}: {what}{(what.EndsWith('.') ? "" : ".")}", failure);
    }

    private const string DiskFull = "the disk is full; free some space and go on, everything committed so far is kept";

    // .NET puts the system's error number into HResult: <errno.h> on Linux and macOS.
    private const int NoSpace = 28, ReadOnlyFileSystem = 30, QuotaExceeded = 122, WindowsDiskFull = unchecked((int)0x80070070);
}
