using System.CommandLine;
using System.CommandLine.Parsing;
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
        Option<Shard?> shard = new("--shard") { Description = "Render only the I-th of N shards of these frames, into a dataset of its own; 'datarig dataset merge' joins them.", HelpName = "I/N", CustomParser = Parse };
        Command command = new("synth", "Render labelled frames of a scene into a dataset.") { Flags.Rig, Flags.Scene, Flags.Out, Flags.Seed, count, first, shard };
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
            foreach (string warning in request.Scene.Library.Warnings)
            {
                output.Warn(warning);
            }

            string folder = "data";
            if (parsed.GetValue(shard) is { } part)
            {
                request = request.Of(part);
                folder = $"data-{part.Number}-of-{part.Of}";
            }

            using Dataset dataset = Dataset.OpenOrCreate(parsed.GetValue(Flags.Out) ?? folder);
            (int frames, double perSecond) = await output.WithProgressAsync(progress => SynthesisJob.RunAsync(request, dataset, progress, cancel)).ConfigureAwait(false);
            output.Result(
                new { frames, framesPerSecond = Math.Round(perSecond, 1), dataset = dataset.Folder, hash = dataset.Hash() },
                console => console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Rendered [green]{frames}[/] frames into {dataset.Folder}, {perSecond:F1} a second"));
            return 0;
        });
        return command;
    }

    private static Shard? Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        Shard? shard = Shard.Parse(text);
        if (shard is null)
        {
            argument.AddError($"--shard is I/N with I from 1 to N, such as 2/8, found {text}.");
        }

        return shard;
    }
}
