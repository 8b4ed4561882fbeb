using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Proving;

namespace DataRig.Jobs;

/// <summary>Trains a classifier on the training items of a dataset, on renders made meanwhile, or on both.</summary>
internal static class TrainJob
{
    /// <summary>Trains into a folder, or goes on with the run that is there; a finished run is left as it is.</summary>
    /// <param name="data">A dataset and which of its items do what; null to train on renders alone.</param>
    /// <param name="stream">Renders made meanwhile; null for none.</param>
    /// <param name="leakedFrames">How many held-out frames training knows already, see <see cref="LeakJob"/>.</param>
    /// <exception cref="WorkFailedException">The dataset, the options or the folder do not allow it.</exception>
    public static TrainingResult Train(
        (Dataset Dataset, Split Split)? data, IFrameStream? stream, TrainingOptions options, string folder, IProgress<StageProgress> progress, CancellationToken cancel, int leakedFrames = 0) =>
        Train(Request(data, stream, options, folder) with { LeakedFrames = leakedFrames }, data, progress, cancel);

    /// <summary>Trains as is requested, and ends with the rule by which the model's outputs become answers.</summary>
    public static TrainingResult Train(TrainingRequest request, (Dataset Dataset, Split Split)? data, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        int before = Run.Exists(request.RunFolder) ? Run.Open(request.RunFolder).History.Count : 0;
        TrainingResult result = new Trainer(TimeProvider.System, progress).Train(request, cancel);
        if (data is { } proven && (!DecisionRule.IsIn(result.Run) || result.Run.History.Count > before))
        {
            using Predictor predictor = Predictor.Open(result.Run.Folder);
            ProofJob.Choose(predictor, proven.Dataset, proven.Split, new DecisionOptions(), progress, cancel)?.Save(result.Run);
        }

        return result;
    }

    /// <summary>What a training of these trains on.</summary>
    public static TrainingRequest Request((Dataset Dataset, Split Split)? data, IFrameStream? stream, TrainingOptions options, string folder)
    {
        string hash = data?.Dataset.Hash() ?? "";
        return new TrainingRequest
        {
            Options = options,
            Frames = data is null ? [] : Frames(data.Value.Dataset, data.Value.Split, options),
            Stream = stream,
            RunFolder = folder,
            Resume = true,
            Dataset = data?.Dataset.Folder ?? "",
            DatasetHash = hash,
            Snapshot = (data?.Dataset.OpenedAt ?? data?.Dataset.Snapshots().FirstOrDefault(s => s.Hash == hash))?.Name,
            SplitHash = data?.Split.Hash ?? "",
        };
    }

    /// <summary>The box of the part that a frame is of, the largest where there are several; null where it has none.</summary>
    public static Box? BoxOf(FrameRecord frame, IReadOnlyList<Annotation> annotations) =>
        annotations.Where(a => a.Part == frame.Part).OrderByDescending(a => a.Box.Area).FirstOrDefault()?.Box;

    private static IReadOnlyList<LabelledFrame> Frames(Dataset dataset, Split split, TrainingOptions options)
    {
        IReadOnlyDictionary<FrameId, IReadOnlyList<Annotation>> annotations =
            options.Preprocessing.Crop == CropMode.Box ? dataset.Annotations() : new Dictionary<FrameId, IReadOnlyList<Annotation>>();
        return [.. from frame in dataset.Frames() let role = split.RoleOf(frame) where role is not null select new LabelledFrame(frame, role.Value, BoxOf(frame, annotations.GetValueOrDefault(frame.Id, [])))];
    }

    /// <summary>Goes on with a run as it began: with its options, its dataset, and the renders that it mixed in.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="open">Opens the dataset in a folder; whoever gives this owns it.</param>
    public static TrainingResult GoOn(string folder, Func<string, Dataset> open, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(open);
        Run run = Run.Open(folder);
        using SceneStream? stream = run.Record.Stream is not { } streamed ? null : new SceneStream(
            SynthesisRequest.Of(streamed.Scene, new Seed(run.Options.Seed), 0, streamed.FramesAnEpoch, []), streamed.Share);
        using Dataset? snapshot = run.Record.Snapshot is { } name ? Dataset.OpenSnapshot(run.Record.Dataset, name) : null;
        Dataset? dataset = snapshot ?? (run.Record.Dataset.Length > 0 ? open(run.Record.Dataset) : null);
        return Train(dataset is null ? null : (dataset, SplitJob.EnsureSplit(dataset, new Seed(run.Options.Seed))), stream, run.Options, folder, progress, cancel);
    }
}
