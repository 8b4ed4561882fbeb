using System.Runtime.InteropServices;

namespace DataRig.Learning.Native;

/// <summary>
/// glibc gives big blocks back to the kernel at every free and asks for them again at the next batch; the
/// page faults can take half of a training step. Raised thresholds keep the memory in the process.
/// </summary>
internal static partial class Allocator
{
    // From glibc's malloc.h.
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3;

    /// <returns>Whether the C library took the settings (glibc does, musl has none).</returns>
    public static bool KeepFreedMemory()
    {
        try
        {
            return SetOption(MmapThreshold, 1 << 30) == 1
                && SetOption(TrimThreshold, int.MaxValue) == 1
                && SetOption(TopPad, 64 << 20) == 1;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
