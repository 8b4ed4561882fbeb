using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Learning.Explaining;
using DataRig.Terminal;
using Spectre.Console;
using static DataRig.Report.FigureText;

namespace DataRig.Commands;

/// <summary><c>datarig explain</c>: shows where in a picture a model looks, and which training frames it takes it to be like.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        Argument<string[]> pictures = new("pictures") { Description = "Picture files, or frames of the dataset by number or hash; none takes the frames that the model does worst on.", Arity = ArgumentArity.ZeroOrMore };
        Option<SplitRole> role = new("--split") { Description = "Whose frames where none are named: test (unseen), validation or train.", DefaultValueFactory = _ => SplitRole.Test, HelpName = "ROLE" };
        Option<int> count = new Option<int>("--count") { Description = "How many frames where none are named.", DefaultValueFactory = _ => 24, HelpName = "N" }.AtLeast(1);
        Option<string?> part = new("--part") { Description = "Show where the model sees this part (default: the one that it takes the picture for).", HelpName = "PART" };
        Option<int> nearest = new Option<int>("--nearest") { Description = "How many training frames to show beside each.", DefaultValueFactory = _ => 3, HelpName = "N" }.AtLeast(0);
        Command command = new("explain", "Show where in a picture a model looks, and which training frames it takes the picture to be like.") { pictures, Flags.Model, Flags.Data, Flags.Out, role, count, part, nearest };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            using Predictor predictor = Predictor.Open(parsed.GetValue(Flags.Model) ?? Runs.NewestTrained());
            string folder = parsed.GetValue(Flags.Data) ?? predictor.Run.Record.Dataset;
            using Dataset? dataset = folder.Length > 0 ? Dataset.Open(folder) : null;
            ExplainRequest request = new()
            {
                Pictures = parsed.GetValue(pictures) ?? [],
                Role = parsed.GetValue(role),
                Count = parsed.GetValue(count),
                HeatOf = parsed.GetValue(part) is { } name ? new PartId(name) : null,
                Nearest = parsed.GetValue(nearest),
                Folder = parsed.GetValue(Flags.Out) ?? Path.Combine(predictor.Run.Folder, "explain"),
            };
            ExplainResult result = await output.WithProgressAsync(progress =>
                Task.Factory.StartNew(() => ExplainJob.Explain(predictor, dataset, request, progress, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ConfigureAwait(false);
            output.Result(
                new
                {
                    pictures = result.Pictures.Select(p => new
                    {
                        picture = p.File, frame = p.Frame?.Id.Value, part = p.Frame?.Part.Value, item = p.Frame?.Item.Value, said = p.Explanation.Parts[0].Part.Value, confidence = p.Explanation.Parts[0].Probability,
                        heatOf = p.Explanation.HeatOf.Value, heat = p.Heat, share = p.Explanation.Share,
                        nearest = p.Explanation.Nearest.Select(n => new { picture = n.Frame.ImagePath, part = n.Frame.Part.Value, item = n.Frame.Item.Value, likeness = n.Likeness }),
                    }),
                    kinds = result.Study?.Kinds.Select(k => new { cause = k.Cause, name = k.Name, what = k.What, errors = k.Errors.Select(e => e.Frame.Id.Value), frames = k.Frames, rate = k.Rate, rateElsewhere = k.RateElsewhere }),
                    heatOnPart = result.HeatOnPart,
                    partArea = result.PartArea,
                    sheets = result.Sheets,
                    run = predictor.Run.Folder,
                },
                console => Draw(console, result));
            return 0;
        });
        return command;
    }

    private static void Draw(IAnsiConsole console, ExplainResult result)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("picture").AddColumn("is").AddColumn("taken for").AddColumn(new TableColumn("heat on it").RightAligned()).AddColumn("most like, of the training frames");
        foreach (ExplainedPicture picture in result.Pictures)
        {
            Explanation why = picture.Explanation;
            bool wrong = picture.Frame is not null && picture.Frame.Part != why.Parts[0].Part;
            string said = Markup.Escape($"{why.Parts[0].Part} {Percent(why.Parts[0].Probability)}");
            table.AddRow(
                picture.Frame is { } frame ? $"frame {frame.Id}" : Markup.Escape(Path.GetFileName(picture.File)),
                Markup.Escape(picture.Frame is { } of ? $"{of.Item}{(of.AzimuthDegrees is { } azimuth ? string.Create(CultureInfo.InvariantCulture, $" {azimuth:F0} degrees") : "")}" : "-"),
                wrong ? $"[red]{said}[/]" : said,
                why.Share is { } share ? $"{Percent(share.OnPart)}{(share.IsElsewhere ? " [yellow]elsewhere[/]" : "")}" : "-",
                Markup.Escape(string.Join(", ", why.Nearest.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Frame.Item} {n.Likeness:F3}")))));
        }

        console.Write(table);
        if (result.HeatOnPart is { } onPart)
        {
            console.MarkupLineInterpolated($"{Percent(onPart)} of the heat lies on the part, which takes {Percent(result.PartArea!.Value)} of what the network sees");
        }

        foreach (ErrorKind kind in result.Study?.Kinds ?? [])
        {
            console.MarkupLineInterpolated($"[yellow]{kind.Cause.ToString().ToLowerInvariant()}[/] {kind.What}");
        }

        foreach (string sheet in result.Sheets)
        {
            console.MarkupLineInterpolated($"sheet  {sheet}");
        }
    }
}
