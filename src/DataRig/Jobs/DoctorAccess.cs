using System.Globalization;

namespace DataRig.Jobs;

/// <summary>What the system lets the user at, and the command that changes it.</summary>
/// <param name="User">The user's name.</param>
/// <param name="IsRoot">Whether everything is open to this process.</param>
/// <param name="Groups">The groups that this process has, by number; they were given at log-in.</param>
/// <param name="GroupFile">The text of <c>/etc/group</c>: name, password, number and members, by colons (group(5)).</param>
internal sealed record DoctorAccess(string User, bool IsRoot, IReadOnlyCollection<int> Groups, string GroupFile)
{
    /// <summary>This process, as Linux tells (proc(5)); elsewhere no device files are guarded by groups.</summary>
    public static DoctorAccess Ours() => OperatingSystem.IsLinux()
        ? Of(Environment.UserName, Read("/proc/self/status"), Read("/etc/group"))
        : new DoctorAccess(Environment.UserName, IsRoot: true, [], "");

    /// <param name="status">The text of <c>/proc/self/status</c>.</param>
    public static DoctorAccess Of(string user, string status, string groupFile)
    {
        Dictionary<string, int[]> numbers = status.Split('\n')
            .Select(l => l.Split(':', 2))
            .Where(l => l is ["Uid" or "Gid" or "Groups", _])
            .ToDictionary(l => l[0], l => (int[])[.. l[1].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(n => Number(n) ?? -1)]);

        // Real, effective, saved and file system ids: the second is who it acts as.
        return new DoctorAccess(user, numbers.GetValueOrDefault("Uid")?.ElementAtOrDefault(1) == 0 && numbers.ContainsKey("Uid"), [.. numbers.GetValueOrDefault("Groups") ?? [], .. numbers.GetValueOrDefault("Gid")?.Skip(1).Take(1) ?? []], groupFile);
    }

    /// <summary>Whether the user may use devices of a kind.</summary>
    /// <param name="what">The check's name.</param>
    /// <param name="group">The group that such devices belong to.</param>
    /// <param name="devices">The devices that are there now.</param>
    /// <param name="mayUse">Whether the system lets this process read and write one.</param>
    public Finding To(string what, string group, IReadOnlyList<string> devices, Func<string, bool> mayUse)
    {
        string[] shut = [.. devices.Where(d => !mayUse(d))];
        if (shut.Length == 0 && (devices.Count > 0 || IsRoot))
        {
            return new Finding(what, true, devices.Count == 0 ? $"{User} may use everything" : $"{User} may use {string.Join(", ", devices)}");
        }

        string closed = shut.Length == 0 ? "" : $" and may not use {string.Join(", ", shut)}";
        (int Number, string[] Members)? entry = Entry(group);
        if (entry is not { } found)
        {
            return new Finding(what, shut.Length == 0, $"this system has no group {group}{closed}", shut.Length == 0 ? null : $"sudo chmod a+rw {string.Join(' ', shut)} (until the next restart; a udev rule makes it last)");
        }

        if (Groups.Contains(found.Number))
        {
            return new Finding(what, shut.Length == 0, $"{User} is in the group {group}{closed}", shut.Length == 0 ? null : $"sudo chgrp {group} {string.Join(' ', shut)} && sudo chmod g+rw {string.Join(' ', shut)}");
        }

        return found.Members.Contains(User)
            ? new Finding(what, false, $"{User} was put into the group {group}, but has not logged in since{closed}", $"log out and in again, or restart the computer; for this terminal alone: newgrp {group}")
            : new Finding(what, false, $"{User} is not in the group {group}{closed}", $"sudo usermod -aG {group} {User}, then log out and in again");
    }

    private (int Number, string[] Members)? Entry(string group) => GroupFile.Split('\n')
        .Select(l => l.Trim().Split(':'))
        .Where(l => l.Length >= 4 && l[0] == group && Number(l[2]) is not null)
        .Select(l => ((int, string[])?)(Number(l[2])!.Value, l[3].Split(',', StringSplitOptions.RemoveEmptyEntries)))
        .FirstOrDefault();

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
