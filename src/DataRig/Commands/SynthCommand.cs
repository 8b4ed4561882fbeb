using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig synth</c>: renders labelled frames of a scene into a dataset.</summary>
internal static class SynthCommand
{
    public static Command Create()
    {
        Option<int?> count = new Option<int?>("--count") { Description = "How many frames (default: as rig.json says).", HelpName = "N" }.AtLeast(1);
        Option<long> first = new Option<long>("--first") { Description = "The first frame's index: --first 17 --count 1 makes frame 17 alone.", HelpName = "N" }.AtLeast(0);
        Command command = new("synth", "Render labelled frames of a scene into a dataset.") { Flags.Rig, Flags.Scene, Flags.Out, Flags.Seed, count, first };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            RigFile file = RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig)));
            SynthesisRequest request = SynthesisRequest.Of(
                parsed.GetValue(Flags.Scene) ?? file.Synthesis.Scene,
                new Seed(parsed.GetValue(Flags.Seed) ?? file.Seed),
                parsed.GetValue(first),
                parsed.GetValue(count) ?? file.Synthesis.Count,
                []);
            using Dataset dataset = Dataset.OpenOrCreate(parsed.GetValue(Flags.Out) ?? "data");
            (int frames, double perSecond) = await output.WithProgressAsync(progress => SynthesisJob.RunAsync(request, dataset, progress, cancel)).ConfigureAwait(false);
            output.Result(
                new { frames, framesPerSecond = Math.Round(perSecond, 1), dataset = dataset.Folder, hash = dataset.Hash() },
                console => console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Rendered [green]{frames}[/] frames into {dataset.Folder}, {perSecond:F1} a second"));
            return 0;
        });
        return command;
    }
}
