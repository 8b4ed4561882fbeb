using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using DataRig.Core;
using DataRig.Learning.Loading;
using DataRig.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning;

/// <summary>What to train on, and where to.</summary>
public sealed record TrainingRequest
{
    public TrainingOptions Options { get; init; } = new();

    /// <summary>Frames with the role Test are left alone.</summary>
    public required IReadOnlyList<LabelledFrame> Frames { get; init; }

    /// <summary>Frames that are made while training goes on, if any. Rendered frames of the dataset are then left out: these take their place.</summary>
    public IFrameStream? Stream { get; init; }

    /// <summary>Made if it is not there; it must not hold a run unless <see cref="Resume"/> says to go on with it.</summary>
    public required string RunFolder { get; init; }

    /// <summary>Whether to go on with the run in the folder; where there is none, one is started.</summary>
    public bool Resume { get; init; }

    /// <summary>The dataset's folder, for the record in <c>run.json</c>: whoever validates the run later finds it there.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>For the record in <c>run.json</c>.</summary>
    public string DatasetHash { get; init; } = "";

    /// <summary>The dataset's snapshot that the frames are those of, for the record in <c>run.json</c>.</summary>
    public string? Snapshot { get; init; }

    /// <summary>For the record in <c>run.json</c>.</summary>
    public string SplitHash { get; init; } = "";

    /// <summary>How many held-out frames training knows already; see <see cref="LeakGate"/>.</summary>
    public int LeakedFrames { get; init; }
}

/// <summary>What came of a training.</summary>
/// <param name="Run">The run, with the model in it.</param>
/// <param name="Best">The epoch whose weights the model has.</param>
/// <param name="StoppedEarly">Whether training ended because validation no longer got better.</param>
/// <param name="ChosenByValidation">False where there were no validation frames: the model is then the last epoch's, and nothing stopped it early.</param>
/// <param name="ImagesPerSecond">Over all epochs, those before a resume among them.</param>
public sealed record TrainingResult(Run Run, EpochRecord Best, bool StoppedEarly, bool ChosenByValidation, double ImagesPerSecond);

/// <summary>Trains a classifier of parts.</summary>
/// <param name="time">Measures seconds and dates the run.</param>
/// <param name="progress">Told after every batch; units are training frames.</param>
public sealed class Trainer(TimeProvider time, IProgress<StageProgress>? progress = null)
{
    private const string Stage = "Train";

    /// <summary>
    /// Trains until the epochs are done or validation no longer gets better. Saves after every epoch: when it is cancelled
    /// or killed, everything up to the last finished epoch is there, and resuming gives the weights that an undisturbed
    /// training gives.
    /// </summary>
    /// <exception cref="WorkFailedException">The frames, the folder or the options do not allow it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; finished epochs are saved.</exception>
    public TrainingResult Train(TrainingRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        TorchRuntime.Initialize();
        TrainingOptions options = request.Options;
        TrainingSet set = TrainingSet.From(request.Frames, options, request.Stream);
        Run run = Prepare(request, set);
        PictureStore pictures = new(new Preprocessor(options.Preprocessing), (long)options.CacheMegabytes << 20);
        BatchLoader loader = new(pictures, options.BatchSize);

        using TrainingState state = new(options, set.Classes);
        state.BeginOrResume(run);
        if (state.History.Count == 0 && options.CheckFiveImages)
        {
            FiveImageCheck.Run(options, set, loader, cancel);
        }

        bool stoppedEarly = StopsEarly(state, options, set);
        for (int epoch = state.History.Count; epoch < options.Epochs && !stoppedEarly; epoch++)
        {
            EpochRecord learned = Learn(state, options, set, loader, epoch, cancel);
            EpochRecord validated = set.Validation.Count == 0 ? learned : Validate(state, learned, set, loader, cancel);
            state.Add(validated, run);
            stoppedEarly = StopsEarly(state, options, set);
        }

        double images = state.History.Sum(e => e.ImagesPerSecond * e.Seconds), seconds = state.History.Sum(e => e.Seconds);
        return new TrainingResult(run, state.Best!, stoppedEarly, set.Validation.Count > 0, images / Math.Max(seconds, 1e-9));
    }

    /// <summary>What a request would train and validate on, as <see cref="RunRecord.FramesHash"/> states it.</summary>
    /// <exception cref="WorkFailedException">The frames or the options do not allow a training.</exception>
    public static string FramesHash(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TrainingSet.From(request.Frames, request.Options, request.Stream).Hash;
    }

    /// <summary>Tries learning rates on what a request would train on, without training and without a trace.</summary>
    /// <exception cref="WorkFailedException">The frames or the options do not allow it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LearningRateCurve FindLearningRate(TrainingRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        TorchRuntime.Initialize();
        BatchLoader loader = new(new PictureStore(new Preprocessor(request.Options.Preprocessing), (long)request.Options.CacheMegabytes << 20), request.Options.BatchSize);
        return LearningRateFinder.Find(
            request.Options,
            TrainingSet.From(request.Frames, request.Options, request.Stream),
            loader,
            step => progress?.Report(new StageProgress("Learning rate", step, LearningRateFinder.Steps)),
            cancel);
    }

    private static bool StopsEarly(TrainingState state, TrainingOptions options, TrainingSet set) =>
        set.Validation.Count > 0 && options.Patience > 0 && state.EpochsSinceBest >= options.Patience && state.History.Count < options.Epochs;

    private EpochRecord Learn(TrainingState state, TrainingOptions options, TrainingSet set, BatchLoader loader, int epoch, CancellationToken cancel)
    {
        int steps = (set.ShownAnEpoch + options.BatchSize - 1) / options.BatchSize;
        Schedule schedule = new(options, steps, state.History);
        using LossFunction function = new(options, set);
        // Dropout draws from libtorch's own generator: start it anew each epoch, as a resumed training does.
        random.manual_seed((long)(options.SeedValue.For("dropout").At(epoch).Bits("epoch") >> 1));
        bool frozen = epoch < options.FrozenEpochs;
        state.Network.FreezeBackbone(frozen);
        state.Network.Train(frozen);
        long start = time.GetTimestamp(), step = (long)epoch * steps;
        double loss = 0, learningRate = 0;
        long shown = 0, right = 0;
        foreach (Batch batch in loader.Epoch(set.Epoch(options, epoch, cancel), options, epoch, cancel))
        {
            cancel.ThrowIfCancellationRequested();
            learningRate = schedule.At(step);
            (double batchLoss, long batchRight) = state.Step(batch, function, learningRate);
            state.Average?.Follow(state.Network, step);
            step++;
            if (!double.IsFinite(batchLoss))
            {
                throw new WorkFailedException($"the loss is no longer a number in epoch {epoch + 1}: the learning rate {options.LearningRate} is too high, try a tenth.");
            }

            loss += batchLoss * batch.Count;
            right += batchRight;
            shown += batch.Count;
            progress?.Report(new StageProgress(Stage, ((long)epoch * set.ShownAnEpoch) + shown, (long)options.Epochs * set.ShownAnEpoch, Note(state, options, epoch, loss / shown)));
        }

        double seconds = time.GetElapsedTime(start).TotalSeconds;
        return new EpochRecord(epoch + 1, loss / shown, (double)right / shown, null, null, null, learningRate, seconds, shown / Math.Max(seconds, 1e-9));
    }

    private static EpochRecord Validate(TrainingState state, EpochRecord learned, TrainingSet set, BatchLoader loader, CancellationToken cancel)
    {
        ConfusionMatrix confusion = new(set.Classes);
        double loss = 0;
        foreach (Batch batch in loader.Plain(set.Validation, cancel))
        {
            float[][] probabilities = Evaluation.Probabilities(state.Judged, batch);
            for (int i = 0; i < batch.Count; i++)
            {
                confusion.Add((int)batch.Labels[i], Evaluation.Best(probabilities[i]));
                loss += Evaluation.Loss(probabilities[i][batch.Labels[i]]);
            }
        }

        Metrics metrics = Metrics.From(confusion);
        return learned with { ValidationLoss = loss / set.Validation.Count, ValidationAccuracy = metrics.Accuracy, ValidationMacroF1 = metrics.MacroF1 };
    }

    /// <summary>The epoch, and the curves so far: a bar an epoch, the highest value so far the highest bar.</summary>
    private static string Note(TrainingState state, TrainingOptions options, int epoch, double loss)
    {
        string note = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch + 1} of {options.Epochs}, loss {Sparkline.Of([.. state.History.Select(e => e.TrainLoss), loss])} {loss:0.000}");
        return state.History.Count > 0 && state.History[^1].ValidationAccuracy is { } accuracy
            ? note + string.Create(CultureInfo.InvariantCulture, $", validation {Sparkline.Of([.. state.History.Select(e => e.ValidationAccuracy ?? 0)])} {accuracy:0.0%}")
            : note;
    }

    private Run Prepare(TrainingRequest request, TrainingSet set)
    {
        if (!request.Resume || !Run.Exists(request.RunFolder))
        {
            return Run.Create(request.RunFolder, Describe(request, set));
        }

        Run run = Run.Open(request.RunFolder);
        string? different =
            Run.Text(run.Options) != Run.Text(request.Options) ? "the training options" :
            !run.Classes.SequenceEqual(set.Classes) ? "the parts" :
            run.Record.FramesHash != set.Hash ? "the frames or their split" :
            run.Record.Stream != request.Stream?.Record ? "what is rendered into the batches" : null;
        return different is null
            ? run
            : throw new WorkFailedException($"{request.RunFolder} cannot be resumed: {different} changed since it was started. Put them back, or start a new run.");
    }

    private RunRecord Describe(TrainingRequest request, TrainingSet set) => new()
    {
        Options = request.Options,
        Classes = [.. set.Classes.Select(c => c.Value)],
        Dataset = request.Dataset,
        DatasetHash = request.DatasetHash,
        Snapshot = request.Snapshot,
        SplitHash = request.SplitHash,
        LeakedFrames = request.LeakedFrames,
        FramesHash = set.Hash,
        TrainingFrames = set.Train.Count,
        RenderedFrames = set.Train.Count(s => s.Frame.Source == FrameSource.Rendered),
        ValidationFrames = set.Validation.Count,
        Stream = request.Stream?.Record,
        WeightsHash = request.Options.Weights is { } weights ? Pretrained.Hash(weights) : null,
        StartedAt = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        Versions = new Dictionary<string, string>
        {
            ["datarig"] = typeof(Trainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
            ["libtorch"] = TorchRuntime.Describe().LibtorchVersion,
        },
        Machine = new Dictionary<string, string>
        {
            ["system"] = RuntimeInformation.OSDescription,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["cores"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["device"] = TorchRuntime.Describe().Device,
        },
    };
}
