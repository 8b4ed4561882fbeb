using DataRig.Core;

namespace DataRig.Data.Importing;

/// <summary>The pictures of a folder with their labels, however the folder tells them.</summary>
internal sealed class FolderListing
{
    private readonly string _realFolder;

    private FolderListing(string folder)
    {
        Folder = folder;
        _realFolder = RealPath(folder);
    }

    /// <summary>The folder as a full path.</summary>
    public string Folder { get; }

    public List<ListedFile> Files { get; } = [];

    /// <summary>What keeps a row or file from being imported, with its place.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>What is worth knowing, each a sentence.</summary>
    public List<string> Remarks { get; } = [];

    /// <exception cref="WorkFailedException">There is no such folder, or it cannot be read.</exception>
    public static FolderListing Read(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(folder))
        {
            throw new WorkFailedException($"There is no folder {folder} to import; name a folder with frames.csv, or with a folder for each part.");
        }

        FolderListing listing = new(folder);
        try
        {
            if (File.Exists(Path.Combine(folder, FramesCsv.Name)))
            {
                FramesCsv.Read(listing);
            }
            else
            {
                ClassFolders.Read(listing);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The folder {folder} cannot be read: {e.Message}", e);
        }

        return listing;
    }

    /// <summary>Lists a picture, or notes what keeps it out.</summary>
    /// <param name="relative">Its path below the folder.</param>
    /// <param name="where">How messages name it.</param>
    /// <param name="part">The part's name.</param>
    /// <param name="item">The item's name.</param>
    public void Add(string relative, string where, string part, string item)
    {
        string path = Path.GetFullPath(Path.Combine(Folder, relative));
        string? problem = Storage.FrameCheck.NameProblem(part) is { } badPart ? $"the part's name \"{part}\" cannot be used: {badPart}"
            : Storage.FrameCheck.NameProblem(item) is { } badItem ? $"the item's name \"{item}\" cannot be used: {badItem}"
            : Path.IsPathRooted(relative) || !IsBelow(Folder, path) ? $"\"{relative}\" leaves the folder; name a file below {Folder}"
            : !IsPicture(path) ? $"\"{relative}\" is no picture by its name; expected .jpg, .jpeg, .png or .webp"
            : !File.Exists(path) ? $"there is no file \"{relative}\""
            : !IsBelow(_realFolder, RealPath(path)) ? $"\"{relative}\" is a link that leaves the folder; copy the file into it"
            : null;
        if (problem is null)
        {
            string below = Path.GetRelativePath(Folder, path).Replace(Path.DirectorySeparatorChar, '/');
            Files.Add(new ListedFile(path, where, $"{Path.GetFileName(Folder)}/{below}", new PartId(part), new ItemId(item)));
        }
        else
        {
            Problems.Add($"{where}: {problem}.");
        }
    }

    public static bool IsPicture(string path) => Path.GetExtension(path).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".webp";

    private static bool IsBelow(string folder, string path) => path.StartsWith(folder.TrimEnd('/') + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The path with every link on the way followed.</summary>
    private static string RealPath(string path)
    {
        string real = Path.GetPathRoot(path)!;
        foreach (string name in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, name);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            real = info.LinkTarget is null ? next : RealPath(info.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
        }

        return real;
    }
}
