using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Learning.Models;
using DataRig.Learning.Proving;
using DataRig.Report;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig train</c>: trains a classifier on a dataset.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Option<string?> model = new("--network") { Description = $"The network: {string.Join(", ", ModelNames.All)} (default: as rig.json says).", HelpName = "NAME" };
        Option<int?> epochs = new Option<int?>("--epochs") { Description = "How often the training frames are gone through (default: as rig.json says).", HelpName = "N" }.AtLeast(1);
        Option<string?> weights = new("--weights") { Description = "Start from these weights: imagenet (of resnet18, they come with the build), or a safetensors file, published for the same network or a run's best.safetensors.", HelpName = "FILE" };
        Option<string[]> set = TrainingFlags.Set();
        Option<bool> preview = new("--preview") { Description = $"Only show what training would show: {TrainPreviewJob.FileName} in --out (default: here), the sizes of the parts, and what is wrong with varied pictures." };
        Option<bool> findRate = new("--find-lr") { Description = "Only look for a learning rate: try ever higher ones for a few steps, and leave no trace." };
        Option<string?> sweep = new("--sweep") { Description = "Train every combination of the settings in this file, and compare them in one table and plot.", HelpName = "FILE" };
        Option<bool> resume = new("--resume") { Description = "Go on with the run in --out." };
        Option<string?> synth = new("--synth") { Description = "Render frames of this scene straight into the batches, and no other renders.", HelpName = "SCENE" };
        Option<double?> share = new("--synth-share") { Description = "Which share of each batch is rendered, more than 0 (default: 0.7 beside a dataset's frames, else 1).", HelpName = "SHARE" };
        Option<int?> count = new Option<int?>("--count") { Description = "How many frames to render an epoch (default: as rig.json says).", HelpName = "N" }.AtLeast(1);
        Option<bool> fix = new("--fix") { Description = "Where held-out frames are known to training, move whole items to one side, and train." };
        Option<bool> allowLeaks = new("--allow-leaks") { Description = "Train although held-out frames are known to training; the run keeps how many, and its figures are marked." };
        Command command = new("train", "Train a classifier on the training items of a dataset, on renders made meanwhile, or on both.")
        {
            Flags.Data, Flags.Snapshot, Flags.Out, Flags.Rig, Flags.Seed, model, epochs, weights, set, synth, share, count, resume, preview, findRate, sweep, fix, allowLeaks,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            RigFile file = RigFile.Read(RigFile.Find(parsed.GetValue(Flags.Rig)));
            bool goOn = parsed.GetValue(resume), trial = parsed.GetValue(preview) || parsed.GetValue(findRate);
            ulong seed = parsed.GetValue(Flags.Seed) ?? file.Seed;
            TrainingOptions configured = TrainingFlags.Apply(
                (file.Training with { Seed = seed, Model = parsed.GetValue(model) ?? file.Training.Model, Epochs = parsed.GetValue(epochs) ?? file.Training.Epochs, Weights = parsed.GetValue(weights) ?? file.Training.Weights }).WeightsFrom("."),
                parsed.GetValue(set) ?? []);
            if (parsed.GetValue(sweep) is { } sweepFile)
            {
                return await SweepCommand.RunAsync(output, parsed.GetValue(Flags.Data) ?? "data", parsed.GetValue(Flags.Snapshot), sweepFile, configured, parsed.GetValue(Flags.Out) ?? Path.Combine(Runs.Folder, Path.GetFileNameWithoutExtension(sweepFile)), parsed.GetValue(allowLeaks), cancel).ConfigureAwait(false);
            }

            string folder = trial ? parsed.GetValue(Flags.Out) ?? "." : parsed.GetValue(Flags.Out) ?? Runs.NewFolder(TimeProvider.System);
            if (!trial && Run.Exists(folder) != goOn)
            {
                throw new WorkFailedException(goOn ? $"{folder} holds no run to resume." : $"{folder} holds a run already; go on with it by --resume, or name another folder with --out.");
            }

            TrainingOptions options = goOn ? Run.Open(folder).Options : configured;
            StreamRecord? streamed = goOn ? Run.Open(folder).Record.Stream : null;
            string? scene = streamed?.Scene ?? parsed.GetValue(synth);
            string data = parsed.GetValue(Flags.Data) ?? (goOn ? Run.Open(folder).Record.Dataset : scene is null ? "data" : "");
            using SceneStream? stream = scene is null ? null : new SceneStream(
                SynthesisRequest.Of(scene, new Seed(options.Seed), 0, streamed?.FramesAnEpoch ?? parsed.GetValue(count) ?? Math.Max(1, file.Synthesis.Count), []),
                streamed?.Share ?? parsed.GetValue(share) ?? (data.Length > 0 ? 0.7 : 1));
            string? snapshot = goOn ? Run.Open(folder).Record.Snapshot : parsed.GetValue(Flags.Snapshot);
            using Dataset? dataset = data.Length == 0 ? null : snapshot is null ? Dataset.Open(data) : Dataset.OpenSnapshot(data, snapshot);
            Split? split = dataset is null ? null : SplitJob.EnsureSplit(dataset, new Seed(seed));
            int leaked = 0;
            if (dataset is not null && !trial && !goOn)
            {
                (split, leaked) = await GateAsync(output, dataset, split!, parsed.GetValue(fix), parsed.GetValue(allowLeaks), cancel).ConfigureAwait(false);
            }

            foreach (string remark in split is null ? [] : SplitSummary.Of(split).Remarks)
            {
                output.Warn(remark);
            }

            if (parsed.GetValue(preview))
            {
                return await TrainTrials.PreviewAsync(output, dataset ?? throw new WorkFailedException("--preview shows a dataset's frames; name it with --data. For a scene there is 'datarig synth --preview'."), split!, options, folder, cancel).ConfigureAwait(false);
            }

            if (parsed.GetValue(findRate))
            {
                return await TrainTrials.FindRateAsync(output, TrainJob.Request(dataset is null ? null : (dataset, split!), stream, options, folder), cancel).ConfigureAwait(false);
            }

            if (dataset is not null && !goOn && TrainPreviewJob.Measure(dataset, split!, options, cancel) is { Sizes.Count: > 0 } sizes)
            {
                output.Remark(TrainTrials.Sentence(sizes));
                if (sizes.Warning is { } small)
                {
                    output.Warn(small);
                }
            }

            TrainingResult result = await output.WithProgressAsync(progress =>
                Task.Factory.StartNew(() => TrainJob.Train(dataset is null ? null : (dataset, split!), stream, options, folder, progress, cancel, leaked), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ConfigureAwait(false);
            DecisionRule? rule = DecisionRule.IsIn(result.Run) ? DecisionRule.Of(result.Run) : null;
            output.Result(
                new
                {
                    run = result.Run.Folder,
                    dataset = dataset?.Folder,
                    snapshot = result.Run.Record.Snapshot,
                    stream = stream?.Record,
                    epochs = result.Run.History.Count,
                    leakedFrames = result.Run.Record.LeakedFrames,
                    bestEpoch = result.Best.Epoch,
                    chosenByValidation = result.ChosenByValidation,
                    validationMacroF1 = result.Best.ValidationMacroF1,
                    decision = rule is null ? null : new { temperature = rule.Temperature, items = rule.Items, fewItems = rule.IsOfFewItems, promisedRecall = rule.Promise },
                    imagesPerSecond = Math.Round(result.ImagesPerSecond, 1),
                },
                console =>
                {
                    string chosen = result.ChosenByValidation ? string.Create(CultureInfo.InvariantCulture, $"epoch {result.Best.Epoch} is the best, macro F1 {100 * result.Best.ValidationMacroF1:F1}% on validation items") : "its last epoch is the model";
                    console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Trained {(result.Run.History.Count == 1 ? "1 epoch" : $"{result.Run.History.Count} epochs")} at {result.ImagesPerSecond:F0} frames a second; {chosen}");
                    console.MarkupLineInterpolated($"{(rule is null ? DecisionText.None : $"{DecisionText.Chosen(rule)} {DecisionText.Promise(rule)}")}");
                    console.MarkupLineInterpolated($"model  {result.Run.Folder}");
                    console.MarkupLineInterpolated($"next   datarig validate --model {folder}");
                });
            return 0;
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(model) is { } name && !ModelNames.All.Contains(name))
            {
                result.AddError(ModelNames.Unknown(name));
            }

            if (new[] { result.GetValue(resume), result.GetValue(preview), result.GetValue(findRate), result.GetValue(sweep) is not null }.Count(asked => asked) > 1)
            {
                result.AddError("--resume, --preview, --find-lr and --sweep are four things to do; ask for one of them.");
            }

            if (result.GetValue(fix) && (result.GetValue(allowLeaks) || result.GetValue(resume) || result.GetValue(preview) || result.GetValue(findRate) || result.GetValue(sweep) is not null))
            {
                result.AddError("--fix mends the split before a training; leave --allow-leaks, --resume, --preview, --find-lr and --sweep out, or run 'datarig dataset leaks --fix' first.");
            }

            if (result.GetValue(sweep) is not null && (result.GetValue(synth) is not null || result.GetValue(Flags.Seed) is not null))
            {
                result.AddError("--sweep trains on a dataset with the seeds that its file names; leave --synth and --seed out.");
            }

            if (result.GetValue(resume) && (result.GetValue(set) is { Length: > 0 } || result.GetValue(weights) is not null || result.GetValue(model) is not null || result.GetValue(epochs) is not null || result.GetValue(Flags.Seed) is not null))
            {
                result.AddError("--resume goes on with the settings that the run began with; leave --set, --weights, --network, --epochs and --seed out.");
            }

            if (result.GetValue(resume) && result.GetValue(Flags.Out) is null)
            {
                result.AddError("--resume needs --out, the folder of the run to go on with.");
            }

            if (result.GetValue(Flags.Snapshot) is not null && (result.GetValue(resume) || (result.GetValue(synth) is not null && result.GetValue(Flags.Data) is null)))
            {
                result.AddError("--snapshot is of the dataset in --data, and --resume takes the one that the run began with; leave it out.");
            }

            if (result.GetValue(resume) && (result.GetValue(synth) is not null || result.GetValue(share) is not null || result.GetValue(count) is not null))
            {
                result.AddError("--resume goes on with what the run began to render; leave --synth, --synth-share and --count out.");
            }
            else if (result.GetValue(synth) is null && (result.GetValue(share) is not null || result.GetValue(count) is not null))
            {
                result.AddError("--synth-share and --count need --synth, the scene to render.");
            }

            if (result.GetValue(share) is { } part && !(part is > 0 and <= 1))
            {
                result.AddError(FormattableString.Invariant($"--synth-share is more than 0 and at most 1, found {part}."));
            }
        });
        return command;
    }

    /// <returns>The split to train on, and how many of its held-out frames training knows already.</returns>
    /// <exception cref="WorkFailedException">There are leaks that are not allowed.</exception>
    private static async Task<(Split Split, int Leaked)> GateAsync(Output output, Dataset dataset, Split split, bool fix, bool allow, CancellationToken cancel)
    {
        if (fix)
        {
            LeakOutcome mended = await output.WithProgressAsync(progress => Task.Run(() => LeakJob.Fix(dataset, split, progress, cancel))).ConfigureAwait(false);
            foreach (LeakMove move in mended.Moves)
            {
                output.Warn($"{DatasetLeaks.Sentence(move)}.");
            }

            split = mended.Split;
        }

        int leaked = await output.WithProgressAsync(progress => Task.Run(() => LeakJob.Require(dataset, split, allow, progress, cancel))).ConfigureAwait(false);
        if (leaked > 0)
        {
            output.Warn($"{leaked} held-out frames are known to training: the figures of this run on them prove nothing.");
        }

        return (split, leaked);
    }
}
