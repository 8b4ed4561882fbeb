using DataRig.Core;
using DataRig.Data.Exporting;

namespace DataRig.Data;

/// <summary>
/// Image folders as torchvision's ImageFolder and Ultralytics classification read them:
/// <c>train|val|test/part/item-hash.jpg</c> by the split, or <c>part/item-hash.jpg</c> without one.
/// </summary>
public sealed class ClassFolderExporter : IDatasetExporter
{
    public string Format => "folders";

    /// <inheritdoc/>
    public ExportResult Export(Dataset dataset, string target, ExportOptions options, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        (string File, FrameRecord Frame)[] files = [.. Names(dataset.Frames(options.Frames), options.Split)];
        return ExportFolder.Write(target, folder =>
        {
            for (int i = 0; i < files.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                ExportFolder.Place(files[i].Frame, Path.Combine(folder, files[i].File), options.HardLink);
                progress?.Report(new StageProgress("Export", i + 1, files.Length));
            }

            return files.Length;
        });
    }

    /// <summary>Names that follow from the labels and the pictures alone; two frames of one item with one picture are numbered.</summary>
    private static IEnumerable<(string File, FrameRecord Frame)> Names(IReadOnlyList<FrameRecord> frames, Split? split)
    {
        Dictionary<string, int> taken = [];
        foreach (FrameRecord frame in frames)
        {
            string folder = split is null ? frame.Part.Value : Path.Combine(Subset(split, frame), frame.Part.Value);
            string stem = Path.Combine(folder, $"{frame.Item}-{frame.ImageHash[..16]}");
            int copy = taken[stem] = taken.GetValueOrDefault(stem) + 1;
            yield return ($"{stem}{(copy == 1 ? "" : $"-{copy}")}{Path.GetExtension(frame.ImagePath)}", frame);
        }
    }

    private static string Subset(Split split, FrameRecord frame) => split.RoleOf(frame) switch
    {
        SplitRole.Train => "train",
        SplitRole.Validation => "val",
        SplitRole.Test => "test",
        _ => throw new WorkFailedException($"The item {frame.Part} {frame.Item} came after the split was made and has no role in it; split the dataset again."),
    };
}
