using System.CommandLine;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig review</c>: puts the frames before a person that a model gets wrong or whose labels are doubtful, and takes what is to be done with them.</summary>
internal static class ReviewCommand
{
    public static Command Create()
    {
        Option<SplitRole> role = new("--split") { Description = "Whose errors: test (unseen), validation or train.", DefaultValueFactory = _ => SplitRole.Test, HelpName = "ROLE" };
        Option<int> count = new Option<int>("--count") { Description = "How many of the errors that the model is surest of.", DefaultValueFactory = _ => 12, HelpName = "N" }.AtLeast(0);
        Option<int> doubtful = new Option<int>("--doubtful") { Description = "How many of the labels that other frames contradict most.", DefaultValueFactory = _ => 12, HelpName = "N" }.AtLeast(0);
        Option<bool> list = new("--list") { Description = "Only list them, at a terminal too." };
        Option<string[]> relabel = Frames("--relabel", "The frame is of this part, or of this part and item.", "FRAME=PART[/ITEM]");
        Option<string[]> drop = Frames("--drop", "The frame goes into the trash.", "FRAME"), recapture = Frames("--recapture", "The frame is wanted again.", "FRAME"), confirm = Frames("--confirm", "The frame's label is right.", "FRAME");
        Option<string?> edits = new("--edits") { Description = "A file of edits, a JSON document a line such as {\"frame\": 12, \"do\": \"drop\"}; - reads stdin.", HelpName = "FILE" };
        Option<bool> undo = new("--undo") { Description = "Take back the last edit that stands." };
        Option<string?> plan = new("--plan") { Description = "Write what is wanted again as a rig's configuration that 'datarig capture --rig' runs.", HelpName = "FILE" };
        Command command = new("review", "Look at the frames that a model gets wrong or whose labels are doubtful, and relabel, drop or recapture them.")
        {
            Flags.Model, Flags.Data, Flags.Rig, Flags.Out, role, count, doubtful, list, relabel, drop, recapture, confirm, edits, undo, plan, DatasetEdits.Who, DatasetEdits.Note,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            bool told = new[] { relabel, drop, recapture, confirm }.Any(o => parsed.GetValue(o) is { Length: > 0 }) || parsed.GetValue(edits) is not null || parsed.GetValue(undo) || parsed.GetValue(plan) is not null;
            using Predictor? predictor = told && parsed.GetValue(Flags.Data) is not null ? null : Predictor.Open(parsed.GetValue(Flags.Model) ?? Runs.NewestTrained());
            string folder = parsed.GetValue(Flags.Data) ?? predictor!.Run.Record.Dataset;
            using Dataset dataset = folder.Length > 0 ? Dataset.Open(folder) : throw new WorkFailedException($"The model {predictor!.Run.Folder} was trained on renders alone; name the dataset to review with --data.");
            EditedBy by = DatasetEdits.By(parsed, "review");
            if (told)
            {
                List<Edit> made = [.. ReviewEdits.Apply(dataset, Told(dataset, parsed, relabel, drop, recapture, confirm, edits), by)];
                made.AddRange(parsed.GetValue(undo) ? [ReviewEdits.UndoLast(dataset, by)] : []);
                NextCapture? next = parsed.GetValue(plan) is { } file ? Planned(dataset, parsed.GetValue(Flags.Rig), file) : null;
                output.Result(
                    new { edits = made.Select(DatasetEdits.Json), recapture = next is null ? null : new { reasons = next.Reasons, plan = next.Plan, frames = next.Plan?.FrameCount() ?? 0, rig = next.Plan is null ? null : Path.GetFullPath(parsed.GetValue(plan)!) }, dataset = dataset.Folder },
                    console =>
                    {
                        DatasetEdits.Draw(console, made);
                        Draw(console, next, parsed.GetValue(plan));
                    });
                return 0;
            }

            ReviewRequest request = new() { Role = parsed.GetValue(role), Errors = parsed.GetValue(count), Doubtful = parsed.GetValue(doubtful), Folder = parsed.GetValue(Flags.Out) ?? Path.Combine(predictor!.Run.Folder, "review") };
            Split split = SplitJob.EnsureSplit(dataset, new Seed(predictor!.Run.Options.Seed));
            IReadOnlyList<ReviewItem> items = await output.WithProgressAsync(progress =>
                Task.Factory.StartNew(() => ReviewJob.Find(predictor, dataset, split, request, progress, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ConfigureAwait(false);
            bool person = !Console.IsInputRedirected && !parsed.GetValue(list) && !parsed.GetValue(Flags.Json) && items.Count > 0;
            IReadOnlyList<Edit> answered = person ? await new ReviewTalk(dataset, Console.In, Console.Error, by).RunAsync(items, cancel).ConfigureAwait(false) : [];
            output.Result(
                new
                {
                    frames = items.Select(i => new
                    {
                        frame = i.Frame.Id.Value, reason = i.Reason, part = i.Frame.Part.Value, item = i.Frame.Item.Value, said = i.Said.Value, probability = i.Probability, labelProbability = i.LabelProbability, words = i.Words(),
                        picture = i.Frame.ImagePath, heat = i.Heat, nearest = i.Explanation.Nearest.Select(n => new { picture = n.Frame.ImagePath, part = n.Frame.Part.Value, item = n.Frame.Item.Value, likeness = n.Likeness }),
                    }),
                    run = predictor.Run.Folder,
                    dataset = dataset.Folder,
                },
                console =>
                {
                    if (person)
                    {
                        DatasetEdits.Draw(console, answered);
                        return;
                    }

                    foreach (ReviewItem item in items)
                    {
                        console.MarkupLineInterpolated($"[yellow]frame {item.Frame.Id}[/] {item.Words()}\t[grey]{item.Frame.ImagePath}\t{item.Heat}[/]");
                    }

                    console.MarkupLineInterpolated($"{items.Count} frames to look at");
                });
            return 0;
        });
        return command;
    }

    private static Option<string[]> Frames(string name, string does, string value) => new(name) { Description = does, HelpName = value, AllowMultipleArgumentsPerToken = true };

    private static IReadOnlyList<ReviewEdit> Told(
        Dataset dataset, ParseResult parsed, Option<string[]> relabel, Option<string[]> drop, Option<string[]> recapture, Option<string[]> confirm, Option<string?> edits)
    {
        List<ReviewEdit> told = [];
        foreach (string word in parsed.GetValue(relabel) ?? [])
        {
            if (word.Split('=', 2) is not [{ Length: > 0 } frame, { Length: > 0 } label])
            {
                throw new MisusedException($"--relabel takes FRAME=PART or FRAME=PART/ITEM, found \"{word}\".");
            }

            string[] names = label.Split('/', 2);
            told.AddRange(dataset.Find(frame).Select(f => new ReviewEdit { Frame = f.Value, Do = ReviewAct.Relabel, Part = names[0], Item = names.ElementAtOrDefault(1) }));
        }

        foreach ((Option<string[]> option, ReviewAct act) in new[] { (drop, ReviewAct.Drop), (recapture, ReviewAct.Recapture), (confirm, ReviewAct.Confirm) })
        {
            told.AddRange((parsed.GetValue(option) ?? []).SelectMany(dataset.Find).Select(f => new ReviewEdit { Frame = f.Value, Do = act }));
        }

        if (parsed.GetValue(edits) is { } file)
        {
            string text = file == "-" ? Console.In.ReadToEnd() : File.Exists(file) ? File.ReadAllText(file) : throw new WorkFailedException($"There is no file {file}.");
            told.AddRange(ReviewEdits.Read(text.Split('\n'), file == "-" ? "stdin" : file));
        }

        return told;
    }

    private static NextCapture Planned(Dataset dataset, string? rig, string file)
    {
        RigFile configuration = RigFile.Read(RigFile.Find(rig));
        NextCapture next = Recaptures.Plan(dataset, configuration.Plan);
        next.Write(configuration, file);
        return next;
    }

    private static void Draw(IAnsiConsole console, NextCapture? next, string? file)
    {
        if (next is null)
        {
            return;
        }

        foreach (string reason in next.Reasons)
        {
            console.MarkupLineInterpolated($"{reason}");
        }

        console.MarkupLineInterpolated(next.Plan is null ? (FormattableString)$"Nothing that a rig could take is wanted again; no plan is written." : $"[green]{file}[/] takes {next.Plan.FrameCount()} frames: datarig capture --rig {file}");
    }
}
