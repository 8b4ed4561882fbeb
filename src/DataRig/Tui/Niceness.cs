using System.Runtime.InteropServices;

namespace DataRig.Tui;

/// <summary>Which thread goes first where there are more of them than processors.</summary>
internal static class Niceness
{
    /// <summary>A third of a usual thread's weight in Linux's scheduler: all there is while nobody else wants it.</summary>
    private const int Low = 5;

    /// <summary>
    /// Has this thread, and those that it starts, such as libtorch's, give way to the one that answers keys. Elsewhere than on Linux,
    /// where priorities are not a thread's own, it does nothing.
    /// </summary>
    public static void Lower()
    {
        if (OperatingSystem.IsLinux())
        {
            SetPriority(0, 0, Low); // PRIO_PROCESS of 0 is the calling thread (setpriority(2), C library/kernel differences)
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, uint who, int niceness);
}
