using System.Diagnostics;

namespace DataRig.Tests.Shared;

internal static class Executable
{
    /// <summary>
    /// Writes a program that can be run at once. Another process writes it: a test that starts one beside this lets it inherit,
    /// for a moment, whatever is open for writing here, and Linux runs no file that is (execve(2), ETXTBSY).
    /// </summary>
    public static async Task WriteAsync(string path, byte[] bytes)
    {
        using Process writer = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cat >\"$0\" && chmod 500 \"$0\"", path]) { RedirectStandardInput = true })!;
        await writer.StandardInput.BaseStream.WriteAsync(bytes);
        writer.StandardInput.Close();
        await writer.WaitForExitAsync();
        Assert.Equal(0, writer.ExitCode);
    }
}
