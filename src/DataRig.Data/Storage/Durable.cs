using System.Runtime.InteropServices;

namespace DataRig.Data.Storage;

/// <summary>Files that are either wholly on the disk under their name or not there at all, even when the power goes.</summary>
internal static partial class Durable
{
    /// <summary>Writes under a temporary name, syncs, and renames; the folder must be synced by <see cref="SyncFolder"/> after.</summary>
    public static void Write(string temporary, string final, ReadOnlySpan<byte> bytes)
    {
        using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, final, overwrite: true);
    }

    /// <summary>Makes the names in a folder durable. Windows has no such call: NTFS journals names by itself.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        try
        {
            // EINVAL: a file system without folders to sync (some network mounts); its server decides.
            if (Fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
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

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
