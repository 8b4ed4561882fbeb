using DataRig.Core;

namespace DataRig.Data;

/// <summary>What is exported, and how.</summary>
public sealed record ExportOptions
{
    /// <summary>Which frames; all if null.</summary>
    public FrameFilter? Frames { get; init; }

    /// <summary>What the frames are used for; null exports them without telling.</summary>
    public Split? Split { get; init; }

    /// <summary>
    /// Whether the export shares the dataset's files by hard links where the file system can: quick and without room, but
    /// whoever then edits a picture in place edits the dataset's. Otherwise they are copied.
    /// </summary>
    public bool HardLink { get; init; }
}

/// <summary>What an export wrote.</summary>
/// <param name="Folder">Where, as a full path.</param>
/// <param name="Frames">Frames written.</param>
public sealed record ExportResult(string Folder, int Frames);

/// <summary>Hands a dataset to another tool. An export is there whole or not at all.</summary>
public interface IDatasetExporter
{
    /// <summary>The format's name on the command line, such as <c>folders</c>.</summary>
    string Format { get; }

    /// <summary>Writes the dataset into a folder that is empty or does not exist.</summary>
    /// <exception cref="WorkFailedException">The folder holds something, an item has no role in the split, or the disk fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left behind.</exception>
    ExportResult Export(Dataset dataset, string target, ExportOptions options, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default);
}
