using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Learning.Proving;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig validate</c>: shows a model items that it has never seen.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        Option<SplitRole> role = new("--split") { Description = "Whose frames: test (unseen), validation (chose the epoch) or train (seen).", DefaultValueFactory = _ => SplitRole.Test, HelpName = "ROLE" };
        Option<double?> beta = new("--beta") { Description = "How many times as much recall counts as precision in F-beta (default: 2).", HelpName = "BETA" };
        Option<string?> plan = new("--plan") { Description = "Write what to capture next, as a rig's configuration that 'datarig capture --rig' runs.", HelpName = "FILE" };
        Option<string[]> wrongCost = new("--wrong-cost") { Description = "Try thresholds chosen by what a wrong answer costs, for all parts or PART=COST, instead of by F-beta; --choose keeps them.", HelpName = "COST" };
        Option<double?> rejectCost = new("--reject-cost") { Description = "What \"not sure\" costs beside --wrong-cost (default: 1).", HelpName = "COST" };
        Option<bool> background = new("--background") { Description = "Also show the model the table without the part, and the part without the table." };
        Option<int> doubtful = new Option<int>("--doubtful") { Description = "Also list so many labels that the other frames contradict.", HelpName = "N" }.AtLeast(0);
        Option<bool> randomSplit = new("--random-split") { Description = "Also estimate what a random split of the same frames would have claimed." };
        Option<double?> thresholdBeta = new("--threshold-beta") { Description = "Try thresholds for which recall counts so many times as much as precision (default: 1); --choose keeps them.", HelpName = "BETA" };
        Option<string?> alarm = new("--alarm") { Description = "Also judge sequences of frames by this part: false alarms and misses per 100.", HelpName = "PART" };
        Option<double?> alarmThreshold = new("--alarm-threshold") { Description = "The smoothed probability from which it is an alarm (default: 0.5).", HelpName = "SHARE" };
        Option<int?> alarmFrames = new Option<int?>("--alarm-frames") { Description = "How many frames in a row it must stay there (default: 3).", HelpName = "N" }.AtLeast(1);
        Option<double?> alarmSmoothing = new("--alarm-smoothing") { Description = "What the newest frame weighs in the smoothed probability; 1 does not smooth (default: 0.3).", HelpName = "WEIGHT" };
        Option<bool> choose = new("--choose") { Description = "Choose the temperature and the thresholds anew and keep them in the run (decision.json); with --threshold-beta or --wrong-cost by these." };
        Option<string?> page = new("--report") { Description = "Also write all of it, with pictures, as one HTML page.", HelpName = "FILE" };
        Command command = new("validate", "Show a model frames of items that it has never seen, and say how it does.")
        {
            Flags.Model, Flags.Data, Flags.Rig, role, beta, plan, wrongCost, rejectCost, choose, background, doubtful, alarm, alarmThreshold, alarmFrames, alarmSmoothing, randomSplit, thresholdBeta, page,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(beta) is { } times && !(times is > 0 and <= 100))
            {
                result.AddError(FormattableString.Invariant($"--beta is more than 0 and at most 100, found {times}."));
            }

            if (result.GetValue(page) is not null && result.GetResult(role) is { Implicit: false } && result.GetValue(role) != SplitRole.Test)
            {
                result.AddError("--report is of items that the model has never seen; leave --split out.");
            }

            if (result.GetValue(thresholdBeta) is { } weight && !(weight is >= 0.01 and <= 100))
            {
                result.AddError(FormattableString.Invariant($"--threshold-beta lies from 0.01 to 100, found {weight}."));
            }

            if (result.GetValue(alarm) is null && (result.GetValue(alarmThreshold) is not null || result.GetValue(alarmFrames) is not null || result.GetValue(alarmSmoothing) is not null))
            {
                result.AddError("--alarm-threshold, --alarm-frames and --alarm-smoothing need --alarm, the part that is the alarm.");
            }

            if (result.GetValue(alarmThreshold) is { } share && !(share is >= 0 and <= 1))
            {
                result.AddError(FormattableString.Invariant($"--alarm-threshold lies from 0 to 1, found {share}."));
            }

            if (result.GetValue(alarmSmoothing) is { } newest && !(newest is >= 0.001 and <= 1))
            {
                result.AddError(FormattableString.Invariant($"--alarm-smoothing lies from 0.001 to 1, found {newest}."));
            }

            if (result.GetValue(rejectCost) is { } reject && !(reject is >= 0 and <= 1e9))
            {
                result.AddError(FormattableString.Invariant($"--reject-cost lies from 0 to 1e9, found {reject}."));
            }

            if (result.GetValue(thresholdBeta) is not null && (result.GetValue(wrongCost) ?? []).Any(cost => !cost.Contains('=', StringComparison.Ordinal)))
            {
                result.AddError("--threshold-beta and a --wrong-cost for all parts choose the same thresholds; give one of them, or the cost for some parts only (PART=COST).");
            }

            if (result.GetValue(rejectCost) is not null && result.GetValue(wrongCost) is not { Length: > 0 })
            {
                result.AddError("--reject-cost is weighed against what a wrong answer costs; give --wrong-cost too.");
            }
        });
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

            if (wanted != SplitRole.Train && predictor.Run.Record.LeakedFrames is > 0 and int leaked)
            {
                output.Warn($"{leaked} held-out frames were known to training when this model was trained (--allow-leaks): these figures do not show how it does on unseen items.");
            }

            if (wanted == SplitRole.Validation)
            {
                output.Warn("These items chose the epoch, the temperature and the thresholds: figures on them promise more than others will keep.");
            }

            SplitSummary summary = SplitSummary.Of(split);
            foreach (string remark in summary.Remarks)
            {
                output.Warn(remark);
            }

            IReadOnlyList<FrameRecord> frames = SplitJob.Frames(dataset, split, wanted);
            if (frames.Count == 0)
            {
                throw new WorkFailedException($"{dataset.Folder} has no frame for {wanted.ToString().ToLowerInvariant()}; see 'datarig dataset split --data {dataset.Folder}'.");
            }

            ValidationReport report = await output.WithProgressAsync(progress =>
                Task.Factory.StartNew(() => Validator.Validate(predictor, frames, progress, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ConfigureAwait(false);
            ProofRequest request = new()
            {
                Decision = !parsed.GetValue(choose) && parsed.GetValue(thresholdBeta) is null && parsed.GetValue(wrongCost) is not { Length: > 0 } ? null : new DecisionOptions { Beta = parsed.GetValue(thresholdBeta) ?? 1, WrongCosts = ProofJob.Costs(parsed.GetValue(wrongCost) ?? []), RejectCost = parsed.GetValue(rejectCost) ?? 1 },
                KeepDecision = parsed.GetValue(choose),
                Background = parsed.GetValue(background),
                Doubtful = parsed.GetValue(doubtful),
                RandomSplit = parsed.GetValue(randomSplit),
                Alarm = parsed.GetValue(alarm) is { } part ? Alarm(part, parsed.GetValue(alarmThreshold), parsed.GetValue(alarmFrames), parsed.GetValue(alarmSmoothing)) : null,
            };
            Proof proof = await output.WithProgressAsync(progress =>
                Task.Factory.StartNew(() => ProofJob.Prove(predictor, dataset, split, report, request, progress, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ConfigureAwait(false);
            Metrics metrics = report.Metrics;
            ProofFigures figures = ProofFigures.Of(Scores.Of(predictor.Classes, report.Predictions), new Seed(predictor.Run.Options.Seed), parsed.GetValue(beta) ?? 2);
            IReadOnlyList<Slice> slices = Breakdown.Of(report.Predictions, new Seed(predictor.Run.Options.Seed));
            NextCapture next = NextCapture.Of(RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig))), report.Predictions, split, parsed.GetValue(plan));
            string? written = parsed.GetValue(page) is not { } file ? null : await output.WithProgressAsync(progress =>
                Task.Factory.StartNew(() => ReportJob.Write(new ReportRequest { Predictor = predictor, Dataset = dataset, Split = split, Validation = report, Proof = proof, Next = next }, file, progress, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ConfigureAwait(false);
            output.Result(
                new
                {
                    accuracy = metrics.Accuracy,
                    macroF1 = metrics.MacroF1,
                    splitBy = split.Level,
                    parts = metrics.Parts.Select(p => new { part = p.Part.Value, precision = p.Precision, recall = p.Recall, f1 = p.F1, support = p.Support, fewItems = summary.Few.Contains(p.Part) }),
                    confusion = FiguresJson.Of(metrics.Confusion),
                    split = wanted,
                    frames = frames.Count,
                    leakedFrames = predictor.Run.Record.LeakedFrames,
                    figures = FiguresJson.Of(figures),
                    slices = FiguresJson.Of(slices),
                    proof = ProofText.Json(proof),
                    captureNext = new { reasons = next.Reasons, plan = next.Plan, rig = next.Plan is null ? null : parsed.GetValue(plan) },
                    run = predictor.Run.Folder,
                    dataset = dataset.Folder,
                    report = written,
                },
                console =>
                {
                    MetricsTable.Draw(console, metrics, summary.Few);
                    MetricsTable.Draw(console, figures, slices);
                    ProofText.Draw(console, proof);
                    foreach (string reason in next.Reasons)
                    {
                        console.MarkupLineInterpolated($"[yellow]{reason}[/]");
                    }

                    if (written is not null)
                    {
                        console.MarkupLineInterpolated($"report   {written}");
                    }

                    console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{100 * metrics.Accuracy:F1}%[/] right on {frames.Count} frames ({wanted.ToString().ToLowerInvariant()}{(summary.KnowsItems ? $": {summary.Proves}" : "")}), macro F1 {100 * metrics.MacroF1:F1}%");
                });
            return 0;
        });
        return command;
    }

    /// <summary>The usual alarm, but for what is given.</summary>
    private static AlarmOptions Alarm(string part, double? threshold, int? frames, double? smoothing)
    {
        AlarmOptions usual = new() { Part = part };
        return usual with { Threshold = threshold ?? usual.Threshold, Frames = frames ?? usual.Frames, Smoothing = smoothing ?? usual.Smoothing };
    }
}
