using System.Diagnostics;
using System.Globalization;

namespace DataRig.Rig.Cameras;

/// <summary>
/// Programs that were started for a DataRig which died before them. Each program carries its owner's id and start in its
/// environment, where Linux shows it (proc(5)); elsewhere there is nothing to find.
/// </summary>
internal static class Orphans
{
    private const string Variable = "DATARIG_OWNER";

    public static void Mark(ProcessStartInfo start)
    {
        if (OperatingSystem.IsLinux())
        {
            start.Environment[Variable] = $"{Environment.ProcessId}:{StartTicks(Environment.ProcessId)}";
        }
    }

    /// <summary>Kills what dead owners left running of one program.</summary>
    /// <returns>How many there were.</returns>
    public static int Kill(string program)
    {
        string name = Path.GetFileName(program);
        int killed = 0;
        foreach (int id in Processes.Running().Where(id => Processes.Arguments(id).Any(a => Path.GetFileName(a) == name) && Owner(id) is { } owner && !IsAlive(owner)))
        {
            try
            {
                using Process orphan = Process.GetProcessById(id);
                orphan.Kill();
                killed++;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It ended meanwhile, or is another user's.
            }
        }

        return killed;
    }

    private static string? Owner(int id) =>
        Array.Find(Processes.Read(id, "environ").Split('\0'), v => v.StartsWith(Variable + "=", StringComparison.Ordinal))?[(Variable.Length + 1)..];

    /// <summary>An id alone does not do: Linux gives it to another process in time.</summary>
    private static bool IsAlive(string owner) =>
        owner.Split(':') is [string id, string ticks] && int.TryParse(id, CultureInfo.InvariantCulture, out int process) && StartTicks(process) == ticks;

    /// <summary>When a process started, in clock ticks after boot: the 22nd field of its stat, the 20th after the name in brackets.</summary>
    private static string? StartTicks(int id) => Processes.Read(id, "stat") is { Length: > 0 } stat
        ? stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(19)
        : null;
}
