using System.Globalization;

namespace DataRig.Rig.Transports;

/// <summary>Who else has a port open, and whom the system lets in.</summary>
internal static class PortHolder
{
    /// <summary>
    /// Another program with the port open, such as <c>picocom (process 4711)</c>; null where none is seen. Only programs
    /// of the same user are seen, unless this one runs as root.
    /// </summary>
    public static string? Find(string port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        string device = Resolve(port);
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id != Environment.ProcessId && Holds(process, device) && !IsOurFork(process))
            {
                return $"{NameOf(process)} (process {id})";
            }
        }

        return null;
    }

    /// <summary>The group whose members may open the port: <c>dialout</c> on Debian, <c>uucp</c> on Arch.</summary>
    public static string Group(string port) =>
        OperatingSystem.IsLinux() && !File.Exists("/etc/debian_version") && File.Exists("/etc/arch-release") ? "uucp" : "dialout";

    /// <summary>The device behind a lasting name.</summary>
    public static string Resolve(string port)
    {
        try
        {
            return File.ResolveLinkTarget(port, returnFinalTarget: true)?.FullName ?? port;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return port;
        }
    }

    private static bool Holds(string process, string device)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(f => new FileInfo(f).LinkTarget == device);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // another user's, or it has just ended
        }
    }

    /// <summary>A program that this one is just starting is a copy of it for an instant, with all that it has open.</summary>
    private static bool IsOurFork(string process)
    {
        try
        {
            // "pid (name) state parent ...": the name may hold anything, the last parenthesis ends it (proc(5)).
            string stat = File.ReadAllText(Path.Combine(process, "stat"));
            string parent = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return parent == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) && new FileInfo(Path.Combine(process, "exe")).LinkTarget == Environment.ProcessPath;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true; // it has just ended
        }
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).TrimEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "a program";
        }
    }
}
