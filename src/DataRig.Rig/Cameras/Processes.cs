using System.Globalization;
using System.Text;

namespace DataRig.Rig.Cameras;

/// <summary>What Linux tells of running processes (proc(5)); nothing elsewhere, and nothing that this user may not see.</summary>
internal static class Processes
{
    public static IEnumerable<int> Running() => !Directory.Exists("/proc")
        ? []
        : Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0).Where(id => id > 0);

    /// <summary>The program and its arguments; empty for a process that is gone.</summary>
    public static string[] Arguments(int id) => Read(id, "cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The files and devices that a process has open.</summary>
    public static IReadOnlyList<string> OpenFiles(int id)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Select(f => new FileInfo(f).LinkTarget ?? "")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static string Read(int id, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/{file}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
