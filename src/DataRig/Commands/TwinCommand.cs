using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Jobs;
using DataRig.Terminal;
using Spectre.Console;
using static DataRig.Report.FigureText;

namespace DataRig.Commands;

/// <summary><c>datarig twin</c>: the digital twin of a real rig, from photographs that it took.</summary>
internal static class TwinCommand
{
    private const string DefaultScene = "scenes/twin.json";

    public static Command Create() => new("twin", "Fit a scene to photographs of a real rig, and score it.")
    {
        Fit(),
        Score(),
    };

    private static Command Fit()
    {
        Option<int> frames = new Option<int>("--frames") { Description = "At most how many photographs of each part are looked at.", DefaultValueFactory = _ => 12, HelpName = "K" }.AtLeast(1);
        Option<string?> scene = new("--scene") { Description = "The scene that the search begins with (default: the one that rig.json names).", HelpName = "FILE" };
        Option<string> to = new("--out") { Description = "The scene file to write; the record of the fit comes beside it.", DefaultValueFactory = _ => DefaultScene, HelpName = "FILE" };
        Option<double> widen = new("--widen") { Description = "Make every fitted distribution this many times as wide.", DefaultValueFactory = _ => 1, HelpName = "X" };
        widen.Validators.Add(result =>
        {
            if (result.Tokens is [{ } token] && double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) && x is not (>= 0 and <= 100))
            {
                result.AddError($"--widen is from 0 to 100, found {token.Value}.");
            }
        });
        Command command = new("fit", "Find the scene that photographs of known parts were taken in.") { Flags.Data, Flags.Rig, frames, scene, to, widen, Flags.Seed };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            using Dataset dataset = Dataset.Open(parsed.GetValue(Flags.Data) ?? "data");
            RigFile file = RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig)));
            TwinFitRequest request = new(dataset, parsed.GetValue(scene) ?? file.Synthesis.Scene, parsed.GetValue(to)!, parsed.GetValue(frames), parsed.GetValue(widen), new Seed(parsed.GetValue(Flags.Seed) ?? file.Seed));
            TwinRecord record = await output.WithProgressAsync(progress => Task.Run(() => TwinFitJob.Run(request, progress, cancel), CancellationToken.None)).ConfigureAwait(false);
            output.Result(record, console =>
            {
                Table table = new Table().Border(TableBorder.Simple).AddColumn("fitted").AddColumn(new TableColumn("value").RightAligned()).AddColumn(new TableColumn("deviation").RightAligned());
                foreach (FittedNumber number in record.Numbers)
                {
                    table.AddRow(Markup.Escape(number.Key), number.Value.ToString("F3", CultureInfo.InvariantCulture), number.Deviation == 0 ? "" : number.Deviation.ToString("F3", CultureInfo.InvariantCulture));
                }

                console.Write(table);
                console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Wrote [green]{record.Scene}[/]: silhouettes cover each other by {100 * record.Overlap:F1}%, the table's light is off by {100 * record.LightMisfit:F1}%; {record.Frames.Count} photographs used");
            });
            return 0;
        });
        return command;
    }

    private static Command Score()
    {
        Option<int> frames = new Option<int>("--frames") { Description = "How many photographs of each part are compared.", DefaultValueFactory = _ => 12, HelpName = "K" }.AtLeast(1);
        Option<string> scene = new("--scene") { Description = "The scene to score; photographs that its fit has seen are left out.", DefaultValueFactory = _ => DefaultScene, HelpName = "FILE" };
        Option<string?> pairs = new("--pairs") { Description = "The picture of pairs to write, photograph beside rendering (default: beside the scene).", HelpName = "FILE" };
        Command command = new("score", "Compare a scene with photographs: how alike they are, and whether a classifier can tell them apart.") { Flags.Data, Flags.Rig, frames, scene, pairs, Flags.Seed };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            using Dataset dataset = Dataset.Open(parsed.GetValue(Flags.Data) ?? "data");
            string file = parsed.GetValue(scene)!;
            ulong seed = parsed.GetValue(Flags.Seed) ?? RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig))).Seed;
            TwinScoreRequest request = new(dataset, file, parsed.GetValue(frames), parsed.GetValue(pairs) ?? Path.ChangeExtension(file, ".pairs.jpg"), new Seed(seed));
            TwinScoreResult score = await output.WithProgressAsync(progress => Task.Run(() => TwinScoreJob.Run(request, progress, cancel), CancellationToken.None)).ConfigureAwait(false);
            output.Result(score, console =>
            {
                Table table = new Table().Border(TableBorder.Simple).AddColumn($"{score.Frames} photographs against {Markup.Escape(score.Scene)}").AddColumn(new TableColumn("").RightAligned());
                table.AddRow("silhouettes cover each other by, median", Percent(score.MaskIou));
                table.AddRow("colour difference of the part (CIE 1976)", Number(score.PartDeltaE));
                table.AddRow("colour difference of the table (CIE 1976)", Number(score.TableDeltaE));
                table.AddRow("edge width in pixels, photographs and renderings", $"{Number(score.EdgeWidthPixels.Photographs)}  {Number(score.EdgeWidthPixels.Renderings)}");
                table.AddRow("noise in 8-bit steps, photographs and renderings", $"{Number(score.Noise.Photographs)}  {Number(score.Noise.Renderings)}");
                table.AddRow("exposure and white balance that the scene can draw", Percent(score.ExposureCovered));
                table.AddRow("AUC of a classifier that tells them apart (0.5 is ideal)", score.Auc is { } auc ? auc.ToString("F3", CultureInfo.InvariantCulture) : "too few items");
                console.Write(table);
                console.MarkupLineInterpolated($"Pairs, photograph beside rendering: [green]{score.Pairs}[/]");
            });
            return 0;
        });
        return command;
    }

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
