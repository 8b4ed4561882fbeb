using System.CommandLine;
using System.Runtime.InteropServices;
using DataRig.Commands;
using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig;

/// <summary>The program: parses the command line, runs one verb, and turns every failure into a sentence and an exit code.</summary>
internal static class Program
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Misused = 2;
    private const int Cancelled = 130;

    public static async Task<int> Main(string[] args)
    {
        ParseResult parsed = Verbs.Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (string error in parsed.Errors.Select(e => e.Message).Distinct())
            {
                await Console.Error.WriteLineAsync($"datarig: {error}").ConfigureAwait(false);
            }

            await Console.Error.WriteLineAsync($"See: datarig {string.Join(' ', Verbs.PathOf(parsed.CommandResult.Command).Append("--help"))}").ConfigureAwait(false);
            return Misused;
        }

        using CancellationTokenSource cancel = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            InvocationConfiguration invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, cancel.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped; everything done so far is saved.").ConfigureAwait(false);
            return Cancelled;
        }
        catch (ConfigurationException e)
        {
            await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return Misused;
        }
        catch (MisusedException e)
        {
            await Console.Error.WriteLineAsync($"datarig: {e.Message}").ConfigureAwait(false);
            return Misused;
        }
        catch (DataRigException e)
        {
            await Console.Error.WriteLineAsync($"datarig: {e.Message}").ConfigureAwait(false);
            return Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"datarig: {e.Message}").ConfigureAwait(false);
            return Failed;
        }

        // The first Ctrl-C stops between two frames or epochs; the second ends the program at once, which
        // costs nothing that is already on disk.
        void Stop(PosixSignalContext signal)
        {
            if (!cancel.IsCancellationRequested)
            {
                signal.Cancel = true;
                Console.Error.WriteLine("Stopping ... (Ctrl-C again to stop at once)");
                cancel.Cancel();
            }
        }
    }
}
