using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Engine;
using DataRig.Jobs;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig bench</c>: how fast this machine synthesizes, and what limits it.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        Option<int> count = new Option<int>("--count") { Description = "Frames to measure with.", DefaultValueFactory = _ => 400, HelpName = "N" }.AtLeast(1);
        Option<int?> size = new Option<int?>("--size") { Description = "Pixels across and down (default: as the scene says).", HelpName = "N" }.AtLeast(32);
        Command command = new("bench", "Measure synthesis on this machine: the whole, its steps, and a plain copy beside it.") { Flags.Rig, Flags.Scene, Flags.Seed, count, size, SimToRealCommand.Create() };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            RigFile file = RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig)));
            SynthesisRequest request = SynthesisRequest.Of(parsed.GetValue(Flags.Scene) ?? file.Synthesis.Scene, new Seed(parsed.GetValue(Flags.Seed) ?? file.Seed), 0, parsed.GetValue(count), []);
            if (parsed.GetValue(size) is { } side)
            {
                request = request with { Scene = request.Scene with { Image = request.Scene.Image with { Width = side, Height = side } } };
            }

            (IReadOnlyList<BenchResult> results, IReadOnlyList<PassTime> passes) = await output.WithProgressAsync(progress => SynthesisBench.RunAsync(request, progress, cancel)).ConfigureAwait(false);
            string pixels = $"{request.Scene.Image.Width}x{request.Scene.Image.Height}";
            output.Result(new { frames = request.Count, size = pixels, cores = Environment.ProcessorCount, results, passes }, console =>
            {
                Table table = new Table().Border(TableBorder.Simple).AddColumn($"{request.Count} frames of {pixels}, {Environment.ProcessorCount} cores");
                table.AddColumns(new TableColumn("frames/s").RightAligned(), new TableColumn("ratio").RightAligned(), new TableColumn("processor ms a frame").RightAligned());
                foreach (BenchResult result in results)
                {
                    table.AddRow(Markup.Escape(result.What), Figure(result.FramesPerSecond, "F1"), Figure(result.Ratio, "F2"), Figure(result.ProcessorMilliseconds, "F2"));
                }

                foreach (PassTime pass in passes)
                {
                    table.AddRow(Markup.Escape($"  {pass.Pass}, one renderer"), "", "", Figure(pass.ProcessorMilliseconds, "F2"));
                }

                console.Write(table);
            });
            return 0;
        });
        return command;
    }

    private static string Figure(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
