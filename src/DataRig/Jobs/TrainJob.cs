using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>Trains a classifier on the training items of a dataset, on renders made meanwhile, or on both.</summary>
internal static class TrainJob
{
    /// <summary>Trains into a folder, or goes on with the run that is there; a finished run is left as it is.</summary>
    /// <param name="data">A dataset and which of its items do what; null to train on renders alone.</param>
    /// <param name="stream">Renders made meanwhile; null for none.</param>
    /// <exception cref="WorkFailedException">The dataset, the options or the folder do not allow it.</exception>
    public static TrainingResult Train(
        (Dataset Dataset, Split Split)? data, IFrameStream? stream, TrainingOptions options, string folder, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        string hash = data?.Dataset.Hash() ?? "";
        return new Trainer(TimeProvider.System, progress).Train(
            new TrainingRequest
            {
                Options = options,
                Frames = data is null ? [] : [.. from frame in data.Value.Dataset.Frames() let role = data.Value.Split.RoleOf(frame) where role is not null select new LabelledFrame(frame, role.Value)],
                Stream = stream,
                RunFolder = folder,
                Resume = true,
                Dataset = data?.Dataset.Folder ?? "",
                DatasetHash = hash,
                Snapshot = (data?.Dataset.OpenedAt ?? data?.Dataset.Snapshots().FirstOrDefault(s => s.Hash == hash))?.Name,
                SplitHash = data?.Split.Hash ?? "",
            },
            cancel);
    }
}
