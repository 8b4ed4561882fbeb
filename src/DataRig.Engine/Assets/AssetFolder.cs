using DataRig.Core;

namespace DataRig.Engine.Assets;

/// <summary>
/// A folder out of which files are read by names that somebody else wrote: none that leads out of it is opened,
/// be it by its name or by a link.
/// </summary>
internal sealed class AssetFolder
{
    public const int MaxBytes = 256 << 20;

    private const int MaxLinks = 40;

    private readonly string _root;

    /// <exception cref="WorkFailedException">There is no such folder.</exception>
    public AssetFolder(string folder)
    {
        Folder = folder;
        _root = Directory.Exists(folder) ? RealPath(Path.GetFullPath(folder)) : throw new WorkFailedException($"There is no folder {folder}.");
    }

    public string Folder { get; }

    /// <summary>Whether a file of that name is there and may be read.</summary>
    public bool Has(string name) => IsPlain(name) && File.Exists(Path.Combine(_root, name));

    /// <summary>The bytes of a file.</summary>
    /// <param name="name">Relative to the folder.</param>
    /// <param name="inFolder">The folder inside this one that the name is relative to.</param>
    /// <exception cref="WorkFailedException">The name leads out of the folder, or the file is missing, empty, too large or unreadable.</exception>
    public byte[] Read(string name, string inFolder = "")
    {
        string relative = Path.Combine(inFolder, name);
        if (!IsPlain(name) || !IsPlain(relative))
        {
            throw Refused(name, "files lie inside the folder and are named relative to it, with \"/\" and without \"..\"");
        }

        try
        {
            string real = RealPath(Path.Combine(_root, relative));
            if (!IsInside(real))
            {
                throw Refused(name, "it is a link that leads out of the folder");
            }

            // Pipes and devices have no length; opening one could wait for ever.
            FileInfo file = new(real);
            return !file.Exists ? throw Refused(name, "there is no such file")
                : file.Length == 0 ? throw Refused(name, "the file is empty")
                : file.Length > MaxBytes ? throw Refused(name, $"the file has {file.Length >> 20} MiB; at most {MaxBytes >> 20} are read")
                : File.ReadAllBytes(real);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(name, $"the file cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    private WorkFailedException Refused(string name, string why, Exception? cause = null) => new($"\"{name}\" in {Folder}: {why}.", cause);

    private static bool IsPlain(string name) =>
        name.Length is > 0 and < 1024 && !Path.IsPathRooted(name) && !name.Any(c => c is '\\' or ':' || char.IsControl(c)) && !name.Split('/').Contains("..");

    private bool IsInside(string real) => real.StartsWith(_root.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>The path without links, each step of it looked at.</summary>
    private static string RealPath(string path)
    {
        string real = "/";
        int links = 0;
        Stack<string> left = new(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (left.TryPop(out string? step))
        {
            if (step is "." or "..")
            {
                real = step == "." ? real : Path.GetDirectoryName(real) ?? "/";
                continue;
            }

            string next = Path.Combine(real, step);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"there are more than {MaxLinks} links on the way");
            }

            real = target.StartsWith('/') ? "/" : real;
            foreach (string part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                left.Push(part);
            }
        }

        return real;
    }
}
