using DataRig.Core;

namespace DataRig.Report;

/// <summary>All that the report of a run shows; plain data, drawn by <see cref="HtmlReport"/>.</summary>
internal sealed record RunReport
{
    public required string Title { get; init; }

    /// <summary>What was proven, in one or two sentences.</summary>
    public required string Verdict { get; init; }

    /// <summary>Things the reader must know before trusting the figures.</summary>
    public required IReadOnlyList<string> Caveats { get; init; }

    /// <summary>The large figures at the top, name and value.</summary>
    public required IReadOnlyList<(string Name, string Value)> Figures { get; init; }

    /// <summary>Contact sheets as JPEG.</summary>
    public EncodedImage? CapturedSheet { get; init; }

    public EncodedImage? RenderedSheet { get; init; }

    public required IReadOnlyList<EpochFigures> Epochs { get; init; }

    /// <summary>The parts in the order of the confusion matrix.</summary>
    public required IReadOnlyList<PartFigures> Parts { get; init; }

    /// <summary>Frames of part [row] that were taken for part [column].</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>The errors the model was surest of, worst first.</summary>
    public required IReadOnlyList<WorstError> Errors { get; init; }

    /// <summary>Facts of the run in groups: seeds, versions, machine, times.</summary>
    public required IReadOnlyList<(string Group, IReadOnlyList<(string Name, string Value)> Facts)> Provenance { get; init; }

    /// <summary>The whole configuration as JSON.</summary>
    public required string Configuration { get; init; }
}

/// <summary>One epoch of training; null where there were no validation frames.</summary>
internal sealed record EpochFigures(double TrainLoss, double TrainAccuracy, double? ValidationLoss, double? ValidationAccuracy);

/// <summary>How the model does on one part; null figures where no unseen item could prove anything.</summary>
internal sealed record PartFigures(string Part, string TrainItems, string TestItems, int Support, double? Precision, double? Recall, double? F1);

/// <summary>A frame that the model got wrong.</summary>
internal sealed record WorstError(EncodedImage Picture, string Item, string Part, string Predicted, double Confidence, double? AzimuthDegrees, string? Pose);
