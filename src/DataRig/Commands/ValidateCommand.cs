using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig validate</c>: shows a model items that it has never seen.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        Option<SplitRole> role = new("--split") { Description = "Whose frames: test (unseen), validation (chose the epoch) or train (seen).", DefaultValueFactory = _ => SplitRole.Test, HelpName = "ROLE" };
        Command command = new("validate", "Show a model frames of items that it has never seen, and say how it does.") { Flags.Model, Flags.Data, role };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            using Predictor predictor = Predictor.Open(parsed.GetValue(Flags.Model) ?? Runs.NewestTrained());
            string folder = parsed.GetValue(Flags.Data) ?? predictor.Run.Record.Dataset;
            using Dataset dataset = folder.Length > 0 ? Dataset.Open(folder) : throw new WorkFailedException($"The model {predictor.Run.Folder} was trained on renders alone; name the dataset to prove it on with --data.");
            Split split = SplitJob.EnsureSplit(dataset, new Seed(predictor.Run.Options.Seed));
            SplitRole wanted = parsed.GetValue(role);
            if (wanted == SplitRole.Test && dataset.Folder == predictor.Run.Record.Dataset && split.Hash != predictor.Run.Record.SplitHash)
            {
                output.Warn("The dataset's split is not the one that this model was trained with: it may have seen some of these items.");
            }

            IReadOnlyList<FrameRecord> frames = SplitJob.Frames(dataset, split, wanted);
            if (frames.Count == 0)
            {
                throw new WorkFailedException($"{dataset.Folder} has no frame for {wanted.ToString().ToLowerInvariant()}; see 'datarig dataset split --data {dataset.Folder}'.");
            }

            ValidationReport report = await output.WithProgressAsync(progress =>
                Task.Factory.StartNew(() => Validator.Validate(predictor, frames, progress, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ConfigureAwait(false);
            Metrics metrics = report.Metrics;
            output.Result(
                new
                {
                    accuracy = metrics.Accuracy,
                    macroF1 = metrics.MacroF1,
                    parts = metrics.Parts.Select(p => new { part = p.Part.Value, precision = p.Precision, recall = p.Recall, f1 = p.F1, support = p.Support }),
                    split = wanted,
                    frames = frames.Count,
                    run = predictor.Run.Folder,
                    dataset = dataset.Folder,
                },
                console =>
                {
                    MetricsTable.Draw(console, metrics);
                    console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{100 * metrics.Accuracy:F1}%[/] right on {frames.Count} frames ({wanted.ToString().ToLowerInvariant()}), macro F1 {100 * metrics.MacroF1:F1}%");
                });
            return 0;
        });
        return command;
    }
}
