namespace DataRig.Data.Importing;

/// <summary>Paths of files that somebody else named.</summary>
internal static class ImportPaths
{
    public static bool IsPicture(string path) => Path.GetExtension(path).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".webp";

    /// <summary>Whether it is a picture by its name, of a kind that is not read.</summary>
    public static bool IsOtherPicture(string path) => Path.GetExtension(path).ToLowerInvariant() is ".tif" or ".tiff" or ".bmp" or ".gif" or ".heic" or ".heif" or ".avif" or ".jxl" or ".dng";

    public static bool IsBelow(string folder, string path) => path.StartsWith(folder.TrimEnd('/') + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The path with every link on the way followed.</summary>
    public static string RealPath(string path)
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
