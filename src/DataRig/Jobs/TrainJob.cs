using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>Trains a classifier on the training items of a dataset.</summary>
internal static class TrainJob
{
    /// <summary>Trains into a folder, or goes on with the run that is there; a finished run is left as it is.</summary>
    /// <exception cref="WorkFailedException">The dataset, the options or the folder do not allow it.</exception>
    public static TrainingResult Train(Dataset dataset, Split split, TrainingOptions options, string folder, IProgress<StageProgress> progress, CancellationToken cancel) =>
        new Trainer(TimeProvider.System, progress).Train(
            new TrainingRequest
            {
                Options = options,
                Frames = [.. from frame in dataset.Frames() let role = split.RoleOf(frame) where role is not null select new LabelledFrame(frame, role.Value)],
                RunFolder = folder,
                Resume = true,
                Dataset = dataset.Folder,
                DatasetHash = dataset.Hash(),
                SplitHash = split.Hash,
            },
            cancel);
}
