using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig dataset</c>: brings datasets in and out, and looks at them.</summary>
internal static class DatasetCommand
{
    public static Command Create() => new("dataset", "Import, export, inspect, split and merge datasets.")
    {
        DatasetTransfer.Import(),
        DatasetTransfer.Export(),
        DatasetCorrect.Corrections(),
        DatasetGlance.Info(),
        DatasetAuditCommand.Create(),
        SplitItems(),
        DatasetLeaks.Create(),
        Merge(),
        DatasetEdits.Trash(),
        DatasetEdits.RenamePart(),
        DatasetEdits.Log(),
        DatasetEdits.Undo(),
        DatasetEdits.Snapshot(),
    };

    private static Command SplitItems()
    {
        Option<bool> anew = new("--anew") { Description = "Forget the split that is there and make another one." };
        Option<SplitLevel?> by = new("--by") { Description = "What stays together: item (the default, another brick is proven), or session or sweep of an item, for parts of which there is one brick only (another sitting or pose of that brick is proven, and it is said with every figure).", HelpName = "LEVEL" };
        Command command = new("split", "Show which items train and which prove the model; makes the split if there is none.") { Flags.Data, Flags.Seed, anew, by };
        command.SetAction(parsed =>
        {
            using Dataset dataset = Dataset.Open(parsed.GetValue(Flags.Data) ?? "data");
            Split split = SplitJob.EnsureSplit(dataset, new Seed(parsed.GetValue(Flags.Seed) ?? 1), parsed.GetValue(anew), parsed.GetValue(by));
            SplitSummary summary = SplitSummary.Of(split);
            var result = new
            {
                hash = split.Hash,
                by = split.Level,
                items = split.Roles.Select(r => new { part = r.Key.Part.Value, item = r.Key.Item.Value, session = r.Key.Session?.Value, sweep = r.Key.Sweep, role = r.Value }),
                unprovable = summary.Unprovable.Select(p => p.Value),
                remarks = summary.Remarks,
            };
            Flags.Output(parsed).Result(result, console =>
            {
                Table table = new Table().Border(TableBorder.Simple).AddColumns("part", "train", "validation", "test");
                foreach (PartSplit part in summary.Parts)
                {
                    table.AddRow([Markup.Escape(part.Part.Value), .. new[] { part.Train, part.Validation, part.Test }.Select(groups => Markup.Escape(string.Join(", ", groups.Select(g => g.Name))))]);
                }

                console.Write(table);
                foreach (string remark in summary.Remarks)
                {
                    console.MarkupLineInterpolated($"[yellow]{remark}[/]");
                }
            });
            return 0;
        });
        return command;
    }

    private static Command Merge()
    {
        Argument<string[]> shards = new("shards") { Description = "The datasets to join, such as those that 'datarig synth --shard' made.", Arity = ArgumentArity.OneOrMore };
        Command command = new("merge", "Join datasets: the shards of a synthesis, after checking that no frame is missing or there twice, or any others, in which an item of the same part and name is the same object.") { shards, Flags.Out };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            string target = parsed.GetValue(Flags.Out) ?? throw new WorkFailedException("--out is missing; name the folder of the dataset to make.");
            int frames = await output.WithProgressAsync(progress => Task.Run(() => DatasetMerge.Merge(parsed.GetValue(shards)!, target, progress, cancel, output.Remark), CancellationToken.None)).ConfigureAwait(false);
            using Dataset merged = Dataset.Open(target);
            output.Result(
                new { frames, dataset = merged.Folder, hash = merged.Hash() },
                console => console.MarkupLineInterpolated($"Merged [green]{frames}[/] frames into {merged.Folder}"));
            return 0;
        });
        return command;
    }
}
