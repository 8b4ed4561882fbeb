using DataRig.Core;
using DataRig.Learning.Explaining;
using DataRig.Learning.Proving;

namespace DataRig.Report;

/// <summary>All that the report of a run shows; plain data, drawn by <see cref="HtmlReport"/>.</summary>
internal sealed record RunReport
{
    public required string Title { get; init; }

    /// <summary>What was proven, in one or two sentences.</summary>
    public required string Verdict { get; init; }

    /// <summary>Things the reader must know before trusting the figures.</summary>
    public required IReadOnlyList<string> Caveats { get; init; }

    /// <summary>The large figures at the top.</summary>
    public required IReadOnlyList<LargeFigure> Figures { get; init; }

    /// <summary>What was asked of the figures and of the model, and how it came out.</summary>
    public required IReadOnlyList<ReportCheck> Checks { get; init; }

    /// <summary>Held-out frames that are known to training, some of each kind.</summary>
    public required IReadOnlyList<ShownLeak> Leaks { get; init; }

    /// <summary>Contact sheets as JPEG.</summary>
    public EncodedImage? CapturedSheet { get; init; }

    public EncodedImage? RenderedSheet { get; init; }

    public required IReadOnlyList<EpochFigures> Epochs { get; init; }

    /// <summary>The figures over all parts.</summary>
    public required ProofFigures Overall { get; init; }

    /// <summary>The parts in the order of the confusion matrix.</summary>
    public required IReadOnlyList<PartFigures> Parts { get; init; }

    /// <summary>Frames of part [row] that were taken for part [column].</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Confusion { get; init; }

    /// <summary>Accuracy by azimuth, pose, light and item.</summary>
    public required IReadOnlyList<Slice> Slices { get; init; }

    /// <summary>How far its confidence can be trusted; null where no frames could choose a rule.</summary>
    public (DecisionRule Rule, DecisionProof Proof)? Decision { get; init; }

    /// <summary>Sequences judged by an alarm; null where none was asked for.</summary>
    public AlarmReport? Alarm { get; init; }

    /// <summary>The errors the model was surest of, worst first.</summary>
    public required IReadOnlyList<ShownError> Errors { get; init; }

    /// <summary>What errors have in common.</summary>
    public required IReadOnlyList<ErrorKind> Kinds { get; init; }

    /// <summary>Labels that other frames contradict, the most doubtful first.</summary>
    public required IReadOnlyList<ShownDoubt> Doubtful { get; init; }

    /// <summary>What to photograph next, a sentence each.</summary>
    public required IReadOnlyList<string> Next { get; init; }

    /// <summary>The command that makes a plan of it; null where there is nothing to capture.</summary>
    public string? NextCommand { get; init; }

    /// <summary>Facts of the run in groups: seeds, versions, machine, times.</summary>
    public required IReadOnlyList<(string Group, IReadOnlyList<(string Name, string Value)> Facts)> Provenance { get; init; }

    /// <summary>The whole configuration as JSON.</summary>
    public required string Configuration { get; init; }
}

/// <summary>A large figure.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">As text.</param>
/// <param name="Interval">In which it may lie, as text; null where that is not known.</param>
internal sealed record LargeFigure(string Name, string Value, string? Interval = null);

/// <summary>Something that was asked of the figures or of the model.</summary>
/// <param name="Name">What.</param>
/// <param name="Good">How it came out; null where it is only told.</param>
/// <param name="What">In a sentence or two.</param>
/// <param name="Remedies">What to try, the likeliest first.</param>
internal sealed record ReportCheck(string Name, bool? Good, string What, IReadOnlyList<string> Remedies);

/// <summary>A held-out frame and the one that knows it, side by side.</summary>
/// <param name="Pair">The known one on the left.</param>
/// <param name="What">In a sentence.</param>
internal sealed record ShownLeak(EncodedImage Pair, string What);

/// <summary>One epoch of training; null where there were no validation frames.</summary>
internal sealed record EpochFigures(double TrainLoss, double TrainAccuracy, double? ValidationLoss, double? ValidationAccuracy);

/// <summary>How the model does on one part.</summary>
/// <param name="TrainItems">What it was trained on.</param>
/// <param name="TestItems">What it was proven on.</param>
/// <param name="Proof">Its figures; those of a part without frames are empty.</param>
internal sealed record PartFigures(string TrainItems, string TestItems, PartProof Proof);

/// <summary>A frame that the model got wrong.</summary>
/// <param name="Strip">What the network sees, the heat over it, and the nearest training frames, in one picture.</param>
/// <param name="Item">What it is.</param>
/// <param name="Part">Its part.</param>
/// <param name="Predicted">What was said.</param>
/// <param name="Confidence">How surely.</param>
/// <param name="AzimuthDegrees">The table's angle.</param>
/// <param name="Pose">How it lay.</param>
/// <param name="Nearest">The names of the training frames in the strip.</param>
/// <param name="Kinds">What it has in common with others.</param>
internal sealed record ShownError(EncodedImage Strip, string Item, string Part, string Predicted, double Confidence, double? AzimuthDegrees, string? Pose, IReadOnlyList<string> Nearest, IReadOnlyList<string> Kinds);

/// <summary>A label that other frames contradict.</summary>
/// <param name="Strip">As in <see cref="ShownError"/>, the heat being of the likelier part.</param>
/// <param name="Frame">The frame's number.</param>
/// <param name="Item">What its label says.</param>
/// <param name="LabelProbability">How likely that is.</param>
/// <param name="Likelier">The likelier part.</param>
/// <param name="LikelierProbability">How likely that is.</param>
internal sealed record ShownDoubt(EncodedImage Strip, long Frame, string Item, double LabelProbability, string Likelier, double LikelierProbability);
