using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
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
        Option<bool> depth = new("--depth") { Description = "Keep each frame's depth as well: 16-bit PNG, tenths of a millimetre." };
        Option<bool> normals = new("--normals") { Description = "Keep each frame's normals as well: 8-bit PNG, the camera's frame." };
        Option<string?> focus = new("--focus") { Description = "Half of the frames by what a model takes for each other: the result of 'datarig validate --json'.", HelpName = "FILE" };
        Option<string?> cutOuts = new("--cutouts") { Description = "Cut the parts out of a dataset's frames instead of rendering a scene, and set them into pictures of the empty table.", HelpName = "DATASET" };
        Option<string?> plates = new("--plates") { Description = "With --cutouts: the dataset with the empty tables (default: the same).", HelpName = "DATASET" };
        Option<bool> preview = new("--preview") { Description = $"Only show what would be made: {PreviewJob.FileName} in --out (default: here) with labels drawn in, {PreviewJob.DefaultCount} frames unless --count says otherwise." };
        Option<long?> explain = new Option<long?>("--explain") { Description = "Only print every parameter that is drawn for one frame.", HelpName = "INDEX" }.AtLeast(0);
        Command command = new("synth", "Render labelled frames of a scene into a dataset.")
        {
            Flags.Rig, Flags.Scene, Flags.Out, Flags.Seed, count, first, shard, focus, cutOuts, plates, depth, normals, preview, explain,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            RigFile file = RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig)));
            Seed seed = new(parsed.GetValue(Flags.Seed) ?? file.Seed);
            int frames = parsed.GetValue(count) ?? (parsed.GetValue(preview) ? PreviewJob.DefaultCount : file.Synthesis.Count);
            RenderRequest request;
            if (parsed.GetValue(cutOuts) is { } parts)
            {
                request = CompositeRequest.Of(parts, parsed.GetValue(plates) ?? parts, seed, parsed.GetValue(first), frames);
            }
            else
            {
                SynthesisRequest scene = SynthesisRequest.Of(parsed.GetValue(Flags.Scene) ?? file.Synthesis.Scene, seed, parsed.GetValue(first), frames, [], focus: parsed.GetValue(focus)) with { Maps = Kinds().ToHashSet() };
                foreach (string warning in scene.Scene.Library.Warnings)
                {
                    output.Warn(warning);
                }

                if (parsed.GetValue(explain) is { } index)
                {
                    Explain(output, scene, index);
                    return 0;
                }

                request = scene;
            }

            if (parsed.GetValue(preview))
            {
                string sheet = await output.WithProgressAsync(progress => Task.Run(() => PreviewJob.Write(request, parsed.GetValue(Flags.Out) ?? ".", progress, cancel))).ConfigureAwait(false);
                output.Result(new { preview = sheet, frames = request.Count }, console => console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{sheet}"));
                return 0;
            }

            string folder = "data";
            if (parsed.GetValue(shard) is { } part)
            {
                request = request.Of(part);
                folder = $"data-{part.Number}-of-{part.Of}";
            }

            using Dataset dataset = Dataset.OpenOrCreate(parsed.GetValue(Flags.Out) ?? folder);
            (int made, double perSecond, LabelTally labels) = await output.WithProgressAsync(progress => SynthesisJob.RunAsync(request, dataset, progress, cancel)).ConfigureAwait(false);
            output.Result(
                new { frames = made, framesPerSecond = Math.Round(perSecond, 1), dataset = dataset.Folder, hash = dataset.Hash(), labels = new { frames = labels.Frames, mismatched = labels.Mismatched, unresolved = labels.Unresolved } },
                console => console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Rendered [green]{made}[/] frames into {dataset.Folder}, {perSecond:F1} a second; {Sentence(labels)}"));
            return 0;

            IEnumerable<MapKind> Kinds() => [.. parsed.GetValue(depth) ? [MapKind.Depth] : Array.Empty<MapKind>(), .. parsed.GetValue(normals) ? [MapKind.Normals] : Array.Empty<MapKind>()];
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(cutOuts) is null ? result.GetValue(plates) is not null : result.GetValue(Flags.Scene) is not null || result.GetValue(focus) is not null || result.GetValue(depth) || result.GetValue(normals) || result.GetValue(explain) is not null)
            {
                result.AddError("--plates goes with --cutouts, and --scene, --focus, --depth, --normals and --explain are of renders; ask for one or the other.");
            }

            if (result.GetValue(preview) && result.GetValue(explain) is not null)
            {
                result.AddError("--preview draws frames and --explain prints the numbers of one; ask for one of them.");
            }

            if (result.GetValue(preview) && result.GetValue(count) > PreviewJob.MostFrames)
            {
                result.AddError($"--preview shows at most {PreviewJob.MostFrames} frames on its sheet, found --count {result.GetValue(count)}.");
            }
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

    private static string Sentence(LabelTally labels) => labels.Mismatched == 0
        ? "all labels agree with the geometry"
        : $"{labels.Mismatched} had to be drawn again, since a label did not agree with the geometry, and {labels.Unresolved} still do not agree and are marked ('datarig dataset audit' lists them)";

    private static void Explain(Output output, SynthesisRequest request, long index)
    {
        SampledScene sampled = SceneSampler.Sample(request.Scene, request.Seed, index);
        (string Name, double Value)[] values = [.. sampled.Values.Select(v => (v.Key, v.Value)).OrderBy(v => v.Key, StringComparer.Ordinal)];
        output.Result(
            new
            {
                origin = new Rendering(request.Source, index),
                parts = sampled.Entities.Select(e => new { part = e.Part.Value, item = e.Item.Value, material = e.Material, pose = e.Pose }),
                values = values.ToDictionary(v => v.Name, v => v.Value),
            },
            console =>
            {
                console.MarkupLineInterpolated($"{new Rendering(request.Source, index)}");
                console.MarkupLineInterpolated($"shows {string.Join(", ", sampled.Entities.Select(e => $"{e.Part} in {e.Material}, {e.Pose}"))}");
                Table table = new Table().Border(TableBorder.Simple).AddColumn("parameter").AddColumn(new TableColumn("value").RightAligned());
                foreach ((string name, double value) in values)
                {
                    table.AddRow(Markup.Escape(name), value.ToString("0.######", CultureInfo.InvariantCulture));
                }

                console.Write(table);
            });
    }
}
