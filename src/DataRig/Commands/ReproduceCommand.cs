using System.CommandLine;
using DataRig.Core;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig reproduce</c>: trains a run once more from what it says of itself, and compares.</summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        Argument<string> run = new("RUN") { Description = "The folder of a finished run." };
        Command command = new("reproduce", "Train a run once more from what its run.json says, and compare the two to the bit.") { run, Flags.Data, Flags.Out };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            Run first = Run.Open(parsed.GetValue(run)!);
            string folder = parsed.GetValue(Flags.Out) ?? $"{Path.TrimEndingDirectorySeparator(first.Folder)}-again";
            Reproduction result = await output.WithProgressAsync(progress =>
                Task.Factory.StartNew(() => ReproduceJob.Run(first, parsed.GetValue(Flags.Data), folder, progress, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ConfigureAwait(false);
            output.Result(result, console =>
            {
                console.MarkupLineInterpolated($"{(result.Equal ? $"Equal to the bit: {result.Epochs} epochs and the model." : $"Not equal: {result.Difference}")}");
                foreach (string other in result.Elsewhere)
                {
                    console.MarkupLineInterpolated($"[yellow]{other}[/]");
                }

                console.MarkupLineInterpolated($"again  {result.Again}");
            });
            return result.Equal ? 0 : 1;
        });
        return command;
    }
}
