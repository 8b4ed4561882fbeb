using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace DataRig.Tui;

/// <summary>What takes a terminal's place when it goes away: nothing is typed any more, and what is written goes nowhere.</summary>
internal static class LostTerminal
{
    private static AnonymousPipeServerStream? _silence;
    private static FileStream? _nowhere;

    /// <summary>
    /// Exchanges the program's standard streams. A dead terminal reports an end of input again and again and fails every write,
    /// which keeps a reader spinning and a writer from leaving.
    /// </summary>
    public static void Replace()
    {
        _silence ??= new AnonymousPipeServerStream(PipeDirection.Out);
        _nowhere ??= new FileStream("/dev/null", FileMode.Open, FileAccess.Write);
        Duplicate(_silence.ClientSafePipeHandle.DangerousGetHandle().ToInt32(), 0);
        Duplicate(_nowhere.SafeFileHandle.DangerousGetHandle().ToInt32(), 1);
        Duplicate(_nowhere.SafeFileHandle.DangerousGetHandle().ToInt32(), 2);
    }

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Duplicate(int from, int to);
}
