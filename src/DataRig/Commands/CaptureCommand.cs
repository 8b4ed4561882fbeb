using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig capture</c>: one session at the rig, into a dataset.</summary>
internal static class CaptureCommand
{
    public static Command Create()
    {
        Command command = new("capture", "Capture the plan of rig.json into a dataset.") { Flags.Rig, Flags.Data, Flags.Seed };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            RigFile file = RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig)));
            using Dataset dataset = Dataset.OpenOrCreate(parsed.GetValue(Flags.Data) ?? "data");
            foreach (SessionRecord open in dataset.OpenSessions())
            {
                output.Warn($"{open.Id} was interrupted; 'datarig resume --data {dataset.Folder}' goes on with it.");
            }

            Seed seed = new(parsed.GetValue(Flags.Seed) ?? file.Seed);
            int captured = await output.WithProgressAsync(progress => CaptureJob.BeginAsync(file, seed, dataset, progress, cancel)).ConfigureAwait(false);
            Show(output, dataset, captured);
            return 0;
        });
        return command;
    }

    /// <summary>What a capture gave.</summary>
    public static void Show(Output output, Dataset dataset, int captured) =>
        output.Result(
            new { framesCaptured = captured, dataset = dataset.Folder, hash = dataset.Hash() },
            console => console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Captured [green]{captured}[/] frames into {dataset.Folder}"));
}
