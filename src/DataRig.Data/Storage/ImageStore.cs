using System.Security.Cryptography;

namespace DataRig.Data.Storage;

/// <summary>A picture that is about to be stored.</summary>
/// <param name="Hash">SHA-256 of its bytes in lower-case hexadecimal.</param>
/// <param name="Format">Its file format.</param>
/// <param name="Bytes">The whole file.</param>
internal readonly record struct IncomingImage(string Hash, ImageFormat Format, byte[] Bytes);

/// <summary>
/// Picture files under <c>images/</c>, named by the SHA-256 of their bytes in 256 sub-folders, so that the
/// same picture is kept once. Only one process writes at a time (the catalog's write lock sees to it).
/// </summary>
internal sealed class ImageStore(string datasetFolder)
{
    public string Folder { get; } = Path.Combine(datasetFolder, "images");

    /// <summary>Where files are written before they get their name; what a killed process leaves there is nobody's.</summary>
    private string Incoming => Path.Combine(Folder, "incoming");

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public string PathOf(string hash, ImageFormat format) => Path.Combine(Folder, hash[..2], hash + Extension(format));

    public void Create() => Directory.CreateDirectory(Incoming);

    /// <summary>Puts the pictures on the disk, durably: when this returns they outlive a power cut.</summary>
    public void Write(IEnumerable<IncomingImage> images)
    {
        HashSet<string> folders = [];
        Dictionary<string, (string Temporary, string Final, byte[] Bytes)> files = [];
        foreach ((string hash, ImageFormat format, byte[] bytes) in images)
        {
            string final = PathOf(hash, format);
            string folder = Path.GetDirectoryName(final)!;
            if (new FileInfo(final) is { Exists: true } there && there.Length == bytes.Length)
            {
                // Its writer may have been killed before the folder was synced.
                folders.Add(folder);
                continue;
            }

            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                folders.Add(Folder);
            }

            files[final] = (Path.Combine(Incoming, hash), final, bytes);
        }

        Directory.CreateDirectory(Incoming);
        Durable.Write([.. files.Values], folders);
    }

    /// <summary>Removes a picture that nothing names any more, in whatever format it has, if it or its folder came to be at all.</summary>
    public void Remove(string hash)
    {
        foreach (string file in Enum.GetValues<ImageFormat>().Select(format => PathOf(hash, format)).Where(File.Exists))
        {
            File.Delete(file);
        }
    }

    /// <summary>Puts a picture aside under <c>trash/</c>, where a person can still find it.</summary>
    public void Trash(string file)
    {
        string trash = Path.Combine(datasetFolder, "trash");
        Directory.CreateDirectory(trash);
        if (File.Exists(file))
        {
            File.Move(file, Path.Combine(trash, Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>Half-written files of a killed process.</summary>
    public IReadOnlyList<string> LeftBehind() => Directory.Exists(Incoming) ? Directory.GetFiles(Incoming) : [];

    /// <summary>Every file that has its name, in order.</summary>
    public IReadOnlyList<string> Files() =>
        Directory.Exists(Folder)
            ? [.. Directory.EnumerateDirectories(Folder).Where(d => d != Incoming).SelectMany(d => Directory.EnumerateFiles(d)).Order(StringComparer.Ordinal)]
            : [];

    private static string Extension(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => ".jpg",
        ImageFormat.Png => ".png",
        _ => ".webp",
    };
}
