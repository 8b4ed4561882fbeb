using System.Formats.Tar;
using System.IO.Compression;
using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Importing;

/// <summary>
/// Unpacks archives that anybody may have made: only pictures and label files, only below the target, never through a link, and
/// never much more than the archive itself promises.
/// </summary>
internal static class Archive
{
    /// <summary>Pictures do not shrink, labels by ten or twenty times; what unpacks to more than this many times its size is a bomb.</summary>
    private const long MaxGrowth = 100;

    /// <summary>Small archives may unpack to this many bytes whatever their size.</summary>
    private const long AlwaysAllowed = 256L << 20;

    private const int MaxEntries = 2_000_000;

    private static readonly string[] Labels = [".json", ".jsonl", ".xml", ".txt", ".csv", ".yaml", ".yml", ".manifest", ".parquet", ".labels", ".cls"];

    private static readonly string[] Archives = [".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst"];

    /// <summary>Unpacks what may be unpacked, noting what may not.</summary>
    /// <exception cref="WorkFailedException">It is no archive that can be read, or a bomb.</exception>
    public static void Unpack(string archive, string target, FormatReader reader, CancellationToken cancellation)
    {
        Directory.CreateDirectory(target);
        string name = Path.GetFileName(archive);
        long room = Math.Max(AlwaysAllowed, new FileInfo(archive).Length * MaxGrowth);
        try
        {
            int entries = 0;
            foreach ((string entry, string? refused, Stream? content) in Entries(archive))
            {
                cancellation.ThrowIfCancellationRequested();
                if (++entries > MaxEntries)
                {
                    throw new WorkFailedException($"{archive} holds more than {MaxEntries:N0} files; import it in several parts.");
                }

                string where = $"{name}/{Fields.Short(entry)}";
                string path = entry.Replace('\\', '/');
                string? problem = Problem(path) ?? refused;
                string extension = Path.GetExtension(path).ToLowerInvariant();
                bool hidden = path.Split('/').Any(part => part.StartsWith('.') && part != ".") || path.StartsWith("__MACOSX/", StringComparison.Ordinal);
                if (problem is not null)
                {
                    reader.Problems.Add(where, problem);
                }
                else if (Archives.Contains(extension))
                {
                    reader.Problems.Add(where, "an archive within an archive is not unpacked; unpack it yourself first");
                }
                else if (content is not null && !hidden && (ImportPaths.IsPicture(path) || Labels.Contains(extension)))
                {
                    string file = Path.GetFullPath(Path.Combine(target, path));
                    if (File.Exists(file) || Directory.Exists(file) || file.Length > 4000)
                    {
                        reader.Problems.Add(where, File.Exists(file) ? "the archive holds two files of this name; keep one of them" : "a folder has this name, or it is too long");
                        continue;
                    }

                    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                    room = Copy(content, file, room) ?? throw new WorkFailedException($"{archive} unpacks to more than {MaxGrowth} times its size and was not unpacked further; if it is no trap, unpack it yourself and import the folder.");
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException or FormatException or ArgumentException || (e is IOException && e.HResult == 0))
        {
            throw new WorkFailedException($"{archive} is broken or no archive that can be read ({e.Message.TrimEnd('.')}); expected a .zip, .tar or .tar.gz file.", e);
        }
    }

    private static string? Problem(string path) =>
        path.Length == 0 || path.Any(char.IsControl) ? "the name is empty or holds control characters"
        : path.StartsWith('/') || (path.Length > 1 && path[1] == ':') ? "the path is absolute and would leave the target"
        : path.Split('/').Contains("..") ? "the path goes up and would leave the target"
        : null;

    /// <summary>The entries with their content, which is there until the next one is asked for; a folder has none.</summary>
    private static IEnumerable<(string Name, string? Refused, Stream? Content)> Entries(string archive)
    {
        using FileStream file = File.OpenRead(archive);
        byte[] head = new byte[4];
        int read = file.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        file.Position = 0;
        return head switch
        {
            [(byte)'P', (byte)'K', ..] => Zip(archive),
            [0x1F, 0x8B, ..] => Tar(archive, zipped: true),
            _ when read == 4 => Tar(archive, zipped: false),
            _ => throw new InvalidDataException("it is empty"),
        };
    }

    private static IEnumerable<(string Name, string? Refused, Stream? Content)> Zip(string archive)
    {
        const int FileType = 0xF000, Link = 0xA000;
        using ZipArchive zip = ZipFile.OpenRead(archive);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            bool isLink = ((entry.ExternalAttributes >> 16) & FileType) == Link;
            if (isLink || entry.IsEncrypted || entry.Name.Length == 0)
            {
                yield return (entry.FullName, isLink ? LinkProblem : entry.IsEncrypted ? "the file is encrypted; unpack it yourself first" : null, null);
                continue;
            }

            using Stream content = entry.Open();
            yield return (entry.FullName, null, content);
        }
    }

    private static IEnumerable<(string Name, string? Refused, Stream? Content)> Tar(string archive, bool zipped)
    {
        using FileStream file = File.OpenRead(archive);
        using Stream plain = zipped ? new GZipStream(file, CompressionMode.Decompress) : file;
        using TarReader tar = new(plain);
        while (tar.GetNextEntry() is { } entry)
        {
            bool regular = entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;
            bool folder = entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes;
            yield return (entry.Name, regular || folder ? null : LinkProblem, regular ? entry.DataStream ?? Stream.Null : null);
        }
    }

    private const string LinkProblem = "it is a link or a device, and only plain files are unpacked";

    /// <returns>The room that is left; null where there was not enough.</returns>
    private static long? Copy(Stream content, string file, long room)
    {
        byte[] buffer = new byte[1 << 16];
        using FileStream to = new(file, FileMode.CreateNew);
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            if ((room -= read) < 0)
            {
                return null;
            }

            to.Write(buffer.AsSpan(0, read));
        }

        return room;
    }
}
