using System.CommandLine;
using System.Globalization;
using DataRig.Jobs;
using DataRig.Report;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig bench sim2real</c>: how well a classifier trained on renders does on photographs.</summary>
internal static class SimToRealCommand
{
    public static Command Create()
    {
        Option<string> data = new("--data") { Description = "The dataset of photographs.", HelpName = "DATASET", Required = true };
        Option<int> count = new Option<int>("--count") { Description = "Frames to render.", DefaultValueFactory = _ => 5000, HelpName = "N" }.AtLeast(1);
        Option<ulong[]> seeds = new("--seeds") { Description = "Repetitions, a seed each.", DefaultValueFactory = _ => [1, 2, 3], AllowMultipleArgumentsPerToken = true, HelpName = "N N ..." };
        Option<int[]> real = new("--real") { Description = "Real frames of each part to train on, one comparison each.", DefaultValueFactory = _ => [0, 1, 5, 12, 24], AllowMultipleArgumentsPerToken = true, HelpName = "N N ..." };
        Option<int> pictures = new Option<int>("--pictures") { Description = "Pictures that each training on renders is shown.", DefaultValueFactory = _ => 80_000, HelpName = "N" }.AtLeast(1);
        Option<int> realPictures = new Option<int>("--real-pictures") { Description = "Pictures that each training on real frames is shown, alone or after the renders.", DefaultValueFactory = _ => 16_000, HelpName = "N" }.AtLeast(1);
        Option<int?> budget = new Option<int?>("--budget") { Description = "Begin no training after this many minutes.", HelpName = "MINUTES" }.AtLeast(1);
        Option<bool> allowLeaks = new("--allow-leaks") { Description = "Prove also on held-out photographs whose like may be trained on; without it they are left out." };
        Option<string[]> set = TrainingFlags.Set();
        Command command = new("sim2real", "Train on few photographs with and without renders, and prove each model on photographs of other items.") { data, Flags.Scene, Flags.Rig, count, seeds, real, pictures, realPictures, budget, allowLeaks, set, Flags.Out };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            RigFile file = RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig)));
            string folder = parsed.GetValue(Flags.Out) ?? Path.Combine("runs", "sim2real");
            SimToRealRequest request = new()
            {
                Photographs = parsed.GetValue(data)!,
                Scene = parsed.GetValue(Flags.Scene) ?? file.Synthesis.Scene,
                Count = parsed.GetValue(count),
                Seeds = parsed.GetValue(seeds)!,
                RealFrames = parsed.GetValue(real)!,
                PicturesShown = parsed.GetValue(pictures),
                RealPicturesShown = parsed.GetValue(realPictures),
                Training = TrainingFlags.Apply(file.Training with { Seed = file.Seed }, parsed.GetValue(set) ?? []).WeightsFrom("."),
                AllowLeaks = parsed.GetValue(allowLeaks),
            };
            TimeSpan? limit = parsed.GetValue(budget) is { } minutes ? TimeSpan.FromMinutes(minutes) : null;
            IReadOnlyList<SimToRealCell> cells = await output.WithProgressAsync(progress => new SimToReal(request, folder, TimeProvider.System).RunAsync(limit, progress, cancel)).ConfigureAwait(false);
            IReadOnlyList<SimToRealRow> rows = SimToRealTable.Of(cells);
            string? worth = SimToRealTable.Worth(rows, request.Count);
            string? leaks = SimToRealTable.Leaks(cells);
            string page = Path.GetFullPath(Path.Combine(folder, "sim2real.html"));
            File.WriteAllText(page, SimToRealPage.Draw(worth ?? "Trainings with and without renders.", rows, cells, leaks));
            output.Result(new { photographs = request.Photographs, scene = request.Scene, rendered = request.Count, picturesShown = request.PicturesShown, realPicturesShown = request.RealPicturesShown, rows, worth, leaks, trainings = cells, page }, console => Draw(console, rows, worth, leaks, page));
            return 0;
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(real) is { } numbers && numbers.Any(n => n < 0))
            {
                result.AddError("--real takes numbers from 0.");
            }
        });
        return command;
    }

    private static void Draw(IAnsiConsole console, IReadOnlyList<SimToRealRow> rows, string? worth, string? leaks, string page)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("real frames a part");
        foreach (string name in new[] { "real alone", "with renders", "with renders, all parts", "renders alone, all photographs" })
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (SimToRealRow row in rows)
        {
            table.AddRow([row.RealFrames.ToString(CultureInfo.InvariantCulture), Show(row.Alone), Show(row.WithRenders), Show(row.AllParts), Show(row.AllPhotographs)]);
        }

        console.Write(table);
        foreach (string sentence in new[] { worth, leaks }.OfType<string>())
        {
            console.MarkupLineInterpolated($"{sentence}");
        }

        console.MarkupLineInterpolated($"page   {page}");
    }

    private static string Show(Estimate? estimate) => estimate switch
    {
        null => "",
        { Low: { } low, High: { } high } => string.Create(CultureInfo.InvariantCulture, $"{100 * estimate.Mean:F1}% ({100 * low:F1} to {100 * high:F1})"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * estimate.Mean:F1}%"),
    };
}
