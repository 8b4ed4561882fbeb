using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Importing;

/// <summary>What is imported as a folder: the folder itself, or what was unpacked of an archive, which goes when it is disposed.</summary>
internal sealed class Unpacked : IDisposable
{
    private readonly string? _scratch;

    private Unpacked(FormatReader reader, string name, string? scratch)
    {
        Reader = reader;
        Name = name;
        _scratch = scratch;
    }

    public FormatReader Reader { get; }

    /// <summary>What was named, for origins: the folder's or the archive's name, and the folder within the archive.</summary>
    public string Name { get; }

    /// <param name="path">A folder, or a zip, tar or tar.gz file; a folder of tar files is unpacked too.</param>
    /// <param name="scratch">Where archives are unpacked to; what a killed import left there is cleared away.</param>
    /// <exception cref="WorkFailedException">There is nothing there, or it is no archive that can be read.</exception>
    public static Unpacked Of(string path, string scratch, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        if (Directory.Exists(scratch))
        {
            Directory.Delete(scratch, recursive: true);
        }

        bool isFolder = Directory.Exists(path);
        string[] archives = isFolder ? [.. Directory.EnumerateFiles(path, "*.tar").Order(StringComparer.Ordinal)] : File.Exists(path) ? [path] : [];
        if (archives.Length == 0)
        {
            return isFolder ? new Unpacked(new FormatReader(path), Path.GetFileName(path), null)
                : throw new WorkFailedException($"There is no folder or archive {path} to import; name a folder with frames.csv, with a folder for each part, or in another tool's format, or a .zip, .tar or .tar.gz file of one.");
        }

        try
        {
            FormatReader reader = new(scratch);
            for (int i = 0; i < archives.Length; i++)
            {
                Archive.Unpack(archives[i], isFolder ? Path.Combine(scratch, Path.GetFileNameWithoutExtension(archives[i])) : scratch, reader, cancellation);
                progress?.Report(new StageProgress("Unpack", i + 1, archives.Length, Path.GetFileName(archives[i])));
            }

            // Archives often hold one folder with everything in it.
            string inner = scratch;
            while (!isFolder && Directory.GetFileSystemEntries(inner) is [var only] && Directory.Exists(only) && Directory.EnumerateDirectories(only).Any())
            {
                inner = only;
            }

            FormatReader within = inner == scratch ? reader : new FormatReader(inner, reader);
            string below = Path.GetRelativePath(scratch, inner).Replace(Path.DirectorySeparatorChar, '/');
            return new Unpacked(within, below == "." ? Path.GetFileName(path) : $"{Path.GetFileName(path)}/{below}", scratch);
        }
        catch
        {
            Clear(scratch);
            throw;
        }
    }

    /// <summary>The same for labels alone, which may also be a single file.</summary>
    public static Unpacked OfLabels(string path, string scratch, CancellationToken cancellation) =>
        File.Exists(path) && Path.GetExtension(path).ToLowerInvariant() is ".json" or ".xml"
            ? new Unpacked(new FormatReader(Path.GetDirectoryName(path)!, Path.GetFileName(path)), Path.GetFileName(path), null)
            : Of(path, scratch, null, cancellation);

    public void Dispose() => Clear(_scratch);

    private static void Clear(string? scratch)
    {
        if (Directory.Exists(scratch))
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
