using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>What became of a program that was run: how it ended, and the bounded part of what it said.</summary>
/// <param name="ExitCode">Null where it was killed at its deadline, or because it would not stop talking.</param>
/// <param name="Output">Its standard output, up to the bound.</param>
/// <param name="Errors">The end of its standard error.</param>
/// <param name="TooMuch">It wrote more than the bound to its standard output and was killed for that.</param>
/// <param name="Unkillable">It did not even end when it was killed: it hangs inside the kernel.</param>
internal sealed record ProgramRun(int? ExitCode, byte[] Output, string Errors, bool TooMuch, bool Unkillable)
{
    private const int MostErrorBytes = 16 * 1024;
    private const int Kill = 9;

    /// <summary>How long a killed program may take to go on a busy machine, and its pipes to close where something else holds them.</summary>
    private static readonly TimeSpan Death = TimeSpan.FromSeconds(10), Mourning = TimeSpan.FromSeconds(2);

    /// <summary>The line of its standard error that says most: the last one with "error" in it, or else the last.</summary>
    public string LastWords
    {
        get
        {
            string[] lines = [.. Errors.Split('\n').Select(l => new string([.. l.Where(c => !char.IsControl(c))]).Trim()).Where(l => l.Length > 0)];
            string words = Array.FindLast(lines, l => l.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.LastOrDefault() ?? "";
            return words.Length > 200 ? words[..200] + "..." : words;
        }
    }

    /// <summary>
    /// Runs a program to its end in a process group of its own, so that at the deadline, or when cancelled, whatever it
    /// started is killed with it.
    /// </summary>
    /// <param name="program">A path, or a name on the PATH.</param>
    /// <param name="deadline">After this it is killed.</param>
    /// <param name="mostOutputBytes">How much of its standard output is kept, and it is killed when it writes more; null throws all of it away.</param>
    /// <exception cref="WorkFailedException">There is no such program, or it cannot be started.</exception>
    public static async Task<ProgramRun> ToEndAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan deadline, int? mostOutputBytes, TimeProvider time, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using Process process = Start(program, arguments);
        using CancellationTokenSource late = new(deadline, time);
        using CancellationTokenSource closing = new();
        using CancellationTokenSource full = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        using MemoryStream output = new();
        Queue<byte> errors = new();
        bool tooMuch = false;
        Task listening = Task.WhenAll(
            ListenAsync(process.StandardOutput.BaseStream, Keep, closing.Token),
            ListenAsync(process.StandardError.BaseStream, KeepEnd, closing.Token));
        bool ended = await EndsAsync(process, full.Token).ConfigureAwait(false);
        KillGroup(process); // also what an ended program left running
        bool gone = ended || await EndsAsync(process, Death, time).ConfigureAwait(false);
        await Task.WhenAny(listening, Task.Delay(ended || gone ? Mourning : TimeSpan.Zero, time, CancellationToken.None)).ConfigureAwait(false);
        await closing.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
        return new ProgramRun(ended && !tooMuch ? process.ExitCode : null, output.ToArray(), Encoding.UTF8.GetString([.. errors]), tooMuch, !gone);

        void Keep(ReadOnlySpan<byte> bytes)
        {
            if (mostOutputBytes is { } most)
            {
                output.Write(bytes[..Math.Min(bytes.Length, most - (int)output.Length)]);
                if (output.Length >= most && !tooMuch)
                {
                    tooMuch = true;
                    full.Cancel();
                }
            }
        }

        void KeepEnd(ReadOnlySpan<byte> bytes)
        {
            foreach (byte b in bytes)
            {
                errors.Enqueue(b);
            }

            while (errors.Count > MostErrorBytes)
            {
                errors.Dequeue();
            }
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        string path = Find(program) ?? throw new WorkFailedException($"There is no program \"{program}\" on this machine; install it, or set \"program\" in the camera's settings to its path.");

        // setsid (util-linux) gives the program a process group of its own, which .NET cannot.
        string? setsid = OperatingSystem.IsLinux() ? Find("setsid") : null;
        ProcessStartInfo start = new(setsid ?? path, setsid is null ? arguments : [path, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Orphans.Mark(start);
        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close(); // ffmpeg and others would wait at the terminal for a key
            return process;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new WorkFailedException($"The program \"{path}\" cannot be started: {e.Message}.", e);
        }
    }

    /// <summary>The program's path, or null if there is none that may be executed.</summary>
    private static string? Find(string program) =>
        program.Contains('/', StringComparison.Ordinal)
            ? (IsProgram(program) ? program : null)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsProgram);

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    private static async Task ListenAsync(Stream stream, ReadOnlySpanAction keep, CancellationToken closing)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, closing).ConfigureAwait(false) is > 0 and int count)
            {
                keep(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Something that outlived the program holds the pipe; what was said until now counts.
        }
    }

    private static async Task<bool> EndsAsync(Process process, CancellationToken cancel)
    {
        try
        {
            await process.WaitForExitAsync(cancel).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return process.HasExited;
        }
    }

    private static async Task<bool> EndsAsync(Process process, TimeSpan within, TimeProvider time)
    {
        using CancellationTokenSource late = new(within, time);
        return await EndsAsync(process, late.Token).ConfigureAwait(false);
    }

    private static void KillGroup(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It is gone already.
        }

        if (OperatingSystem.IsLinux())
        {
            _ = Signal(-process.Id, Kill);
        }
    }

    private delegate void ReadOnlySpanAction(ReadOnlySpan<byte> bytes);

    /// <summary>kill(2).</summary>
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
