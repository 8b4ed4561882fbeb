using System.CommandLine;
using System.Globalization;
using DataRig.Core;
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
        Command command = new("bench", "Measure synthesis on this machine: the whole, its steps, and a plain copy beside it.") { Flags.Rig, Flags.Seed, count, SimToRealCommand.Create() };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            RigFile file = RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig)));
            SynthesisRequest request = SynthesisRequest.Of(file.Synthesis.Scene, new Seed(parsed.GetValue(Flags.Seed) ?? file.Seed), 0, parsed.GetValue(count), []);
            IReadOnlyList<BenchResult> results = await output.WithProgressAsync(progress => SynthesisBench.RunAsync(request, progress, cancel)).ConfigureAwait(false);
            string size = $"{request.Scene.Image.Width}x{request.Scene.Image.Height}";
            output.Result(new { frames = request.Count, size, cores = Environment.ProcessorCount, results }, console =>
            {
                Table table = new Table().Border(TableBorder.Simple).AddColumn($"{request.Count} frames of {size}, {Environment.ProcessorCount} cores").AddColumn(new TableColumn("frames/s").RightAligned()).AddColumn(new TableColumn("ratio").RightAligned());
                foreach (BenchResult result in results)
                {
                    table.AddRow(Markup.Escape(result.What), result.FramesPerSecond.ToString("F1", CultureInfo.InvariantCulture), result.Ratio.ToString("F2", CultureInfo.InvariantCulture));
                }

                console.Write(table);
            });
            return 0;
        });
        return command;
    }
}
