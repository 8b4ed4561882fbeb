namespace DataRig.Learning;

/// <summary><c>run.json</c>: everything that tells a run from another, written before its first epoch.</summary>
public sealed record RunRecord
{
    /// <summary>The form of this file.</summary>
    public int Format { get; init; } = 1;

    public required TrainingOptions Options { get; init; }

    /// <summary>The parts in the order of the network's outputs.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The folder of the dataset it was trained on; empty where the caller had none.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>Of the dataset it was trained on, as the dataset states it; empty where the caller had none.</summary>
    public required string DatasetHash { get; init; }

    /// <summary>The name of the dataset's snapshot that the frames are those of; null where there was none.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Of the split, likewise.</summary>
    public required string SplitHash { get; init; }

    /// <summary>How many held-out frames training knew already: it was begun all the same, and figures on them prove nothing.</summary>
    public int LeakedFrames { get; init; }

    /// <summary>SHA-256 over the image hashes, parts and roles of the frames, so that a resumed run goes on with the same ones.</summary>
    public required string FramesHash { get; init; }

    public required int TrainingFrames { get; init; }

    /// <summary>How many of the training frames were rendered.</summary>
    public required int RenderedFrames { get; init; }

    public required int ValidationFrames { get; init; }

    /// <summary>The frames that were rendered straight into the batches, if any; they are not among <see cref="TrainingFrames"/>.</summary>
    public StreamRecord? Stream { get; init; }

    /// <summary>SHA-256 of the file that the network's weights came from; null where they were drawn at random.</summary>
    public string? WeightsHash { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required string StartedAt { get; init; }

    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public required IReadOnlyDictionary<string, string> Machine { get; init; }
}
