using System.Runtime.InteropServices;

namespace DataRig.Data.Storage;

/// <summary>Files that are either wholly on the disk under their name or not there at all, even when the power goes.</summary>
internal static partial class Durable
{
    /// <summary>Files from which on the whole file system is synced, twice in all, instead of each of them and of their folders.</summary>
    private const int Many = 8;

    /// <summary>Writes files under temporary names, syncs, renames, and syncs the folders that the names are in.</summary>
    /// <param name="files">Each with its two names and its bytes; the folders exist.</param>
    /// <param name="folders">Further folders whose names have to last.</param>
    public static void Write(IReadOnlyList<(string Temporary, string Final, byte[] Bytes)> files, IReadOnlyCollection<string> folders)
    {
        string[] touched = [.. files.Select(f => Path.GetDirectoryName(f.Final)!).Concat(folders).Distinct()];
        if (OperatingSystem.IsLinux() && files.Count >= Many)
        {
            WriteEach(files, flush: false);
            SyncFileSystem(touched[0]);
            Rename(files);
            SyncFileSystem(touched[0]);
            return;
        }

        WriteEach(files, flush: true);
        Rename(files);
        foreach (string folder in touched)
        {
            SyncFolder(folder);
        }
    }

    private static void WriteEach(IReadOnlyList<(string Temporary, string Final, byte[] Bytes)> files, bool flush)
    {
        foreach ((string temporary, _, byte[] bytes) in files)
        {
            using FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            stream.Write(bytes);
            if (flush)
            {
                stream.Flush(flushToDisk: true);
            }
        }
    }

    private static void Rename(IReadOnlyList<(string Temporary, string Final, byte[] Bytes)> files)
    {
        foreach ((string temporary, string final, _) in files)
        {
            File.Move(temporary, final, overwrite: true);
        }
    }

    /// <summary>Makes the names in a folder durable. Windows has no such call: NTFS journals names by itself.</summary>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            Sync(folder, Fsync);
        }
    }

    /// <summary>Everything that was written to the file system of a folder, by whomever; says so where any of it failed (Linux 5.8).</summary>
    private static void SyncFileSystem(string folder) => Sync(folder, SyncFs);

    private static void Sync(string folder, Func<int, int> sync)
    {
        int descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        try
        {
            // EINVAL: a file system without folders to sync (some network mounts); its server decides.
            if (sync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>A second name for a file's bytes; false where the file system has none or the folders lie on two of them.</summary>
    public static bool TryLink(string existing, string name) => !OperatingSystem.IsWindows() && Link(existing, name) == 0;

    private const int InvalidArgument = 22;

    private static IOException Failure(string folder)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{folder}'", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
