using System.CommandLine;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Terminal;

namespace DataRig.Commands;

/// <summary><c>datarig resume</c>: goes on with capture sessions that were interrupted.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        Command command = new("resume", "Go on with the capture sessions of a dataset that were interrupted.") { Flags.Rig, Flags.Data, Flags.WireLog };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            RigFile file = RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig)));
            using Dataset dataset = Dataset.Open(parsed.GetValue(Flags.Data) ?? "data");
            if (dataset.OpenSessions().Count == 0)
            {
                throw new WorkFailedException($"No session of {dataset.Folder} was interrupted; 'datarig capture' begins a new one.");
            }

            CaptureResult result = await output.AtTheRigAsync(file, parsed, (progress, sitting) => new CaptureJob(file, dataset, sitting).ResumeAsync(progress, cancel)).ConfigureAwait(false);
            CaptureCommand.Show(output, dataset, result);
            return 0;
        });
        return command;
    }
}
