using System.Runtime.InteropServices;

namespace DataRig.Learning.Native;

/// <summary>Threads that yield to others. On Linux, where .NET's own thread priorities do nothing; elsewhere threads stay as they are.</summary>
internal static partial class Niceness
{
    /// <summary>
    /// How far below its process: a core that both want goes to the other, but for a tenth of its time. Not further, since everyone
    /// waits now and then: at a garbage collection for all threads to stand still, and training for the last picture of a batch. With
    /// a tenth, that takes hundredths of a second where other programs keep all cores busy; with the least that Linux gives, seconds.
    /// </summary>
    public const int Step = 10;

    /// <summary>The calling thread yields from now on.</summary>
    public static void Lower()
    {
        if (OperatingSystem.IsLinux())
        {
            // POSIX lowers the process, Linux the thread. Where it is refused the thread goes on as it is.
            _ = Nice(Step);
        }
    }

    [LibraryImport("libc", EntryPoint = "nice")]
    private static partial int Nice(int step);
}
