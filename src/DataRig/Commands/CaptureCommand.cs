using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig capture</c>: one session at the rig, into a dataset.</summary>
internal static class CaptureCommand
{
    public static Command Create()
    {
        Command command = new("capture", "Capture the plan of rig.json into a dataset.") { Flags.Rig, Flags.Data, Flags.Seed, Flags.WireLog };
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
            CaptureResult result = await output.AtTheRigAsync(file, parsed, (progress, sitting) => new CaptureJob(file, dataset, sitting).BeginAsync(seed, progress, cancel)).ConfigureAwait(false);
            Show(output, dataset, result);
            return 0;
        });
        return command;
    }

    /// <summary>What a capture gave.</summary>
    public static void Show(Output output, Dataset dataset, CaptureResult result) =>
        output.Result(
            new { framesCaptured = result.Captured, framesMarked = result.Marked, dataset = dataset.Folder, hash = dataset.Hash() },
            console =>
            {
                console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Captured [green]{result.Captured}[/] frames into {dataset.Folder}");
                if (result.Marked > 0)
                {
                    console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]{result.Marked}[/] of them are marked as doubtful; 'datarig dataset audit --data {dataset.Folder}' names them");
                }
            });

    /// <summary>Runs a session: under progress bars where the rig is simulated, with a person guided where it is real.</summary>
    public static Task<T> AtTheRigAsync<T>(this Output output, RigFile file, ParseResult parsed, Func<IProgress<StageProgress>, Sitting, Task<T>> work)
    {
        if (file.Camera is not SimulatedCameraOptions camera)
        {
            return output.WithGuideAsync((progress, person, control) => work(progress, new Sitting(person, control, parsed.GetValue(Flags.WireLog))));
        }

        output.WarnOfMeshes(camera.Scene);
        return output.WithProgressAsync(progress => work(progress, new Sitting(new Nobody())));
    }

    /// <summary>Says what is doubtful about the meshes of scenes that will be drawn, each once.</summary>
    public static void WarnOfMeshes(this Output output, params IEnumerable<string> scenes)
    {
        foreach (string warning in scenes.Distinct().SelectMany(s => Scene.Load(s, bytes => ImageCodec.Decode(bytes)).Library.Warnings).Distinct())
        {
            output.Warn(warning);
        }
    }
}
