using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Explaining;

/// <summary>A frame that the model got wrong, and why.</summary>
/// <param name="Prediction">The frame, what it is and what was said of it.</param>
/// <param name="Explanation">Where the network saw what it said, and what it takes the picture to be like.</param>
/// <param name="Kinds">What it has in common with other errors; empty for one that stands alone.</param>
public sealed record ErrorCase(FramePrediction Prediction, Explanation Explanation, IReadOnlyList<ErrorKind> Kinds);

/// <summary>What is wrong with what a model says, looked into.</summary>
public sealed record ErrorStudy
{
    /// <summary>The errors that the model was surest of, the surest first.</summary>
    public required IReadOnlyList<ErrorCase> Worst { get; init; }

    /// <summary>What errors have in common, that of most errors first.</summary>
    public required IReadOnlyList<ErrorKind> Kinds { get; init; }

    /// <summary>All errors, shown or not.</summary>
    public required int Errors { get; init; }

    /// <summary>The mean share of the heat that lies on the part, over all frames of which it is known; null where it is known of none.</summary>
    public required double? HeatOnPart { get; init; }

    /// <summary>The mean share of the window that the part takes: what heat spread evenly would give.</summary>
    public required double? PartArea { get; init; }

    /// <summary>Looks at every frame that was shown, and keeps the worst errors.</summary>
    /// <param name="explainer">Looks into the model.</param>
    /// <param name="dataset">Where the frames are.</param>
    /// <param name="report">What the model said.</param>
    /// <param name="worst">How many errors to keep.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="WorkFailedException">A picture is missing or damaged.</exception>
    public static ErrorStudy Of(Explainer explainer, Dataset dataset, ValidationReport report, int worst, IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(report);
        FramePrediction[] shown = [.. report.WorstErrors.Take(worst)];
        Dictionary<FrameId, Explanation> kept = [];
        List<ErrorKinds.Seen> seen = new(report.Predictions.Count);
        HashSet<FrameId> wanted = [.. shown.Select(p => p.Frame.Id)];
        foreach (Explanation explanation in explainer.Explain(dataset, [.. report.Predictions.Select(p => p.Frame)], progress: progress, cancel: cancel))
        {
            FramePrediction prediction = report.Predictions[seen.Count];
            seen.Add(new ErrorKinds.Seen(prediction, explanation.Measures, explanation.Share));
            if (wanted.Contains(prediction.Frame.Id))
            {
                kept[prediction.Frame.Id] = explanation;
            }
        }

        IReadOnlyList<ErrorKind> kinds = ErrorKinds.Of(seen);
        HeatShare[] shares = [.. seen.Select(s => s.Share).OfType<HeatShare>()];
        return new ErrorStudy
        {
            Worst = [.. shown.Select(p => new ErrorCase(p, kept[p.Frame.Id], [.. kinds.Where(k => k.Errors.Any(e => e.Frame.Id == p.Frame.Id))]))],
            Kinds = kinds,
            Errors = report.Predictions.Count(p => !p.IsRight),
            HeatOnPart = shares.Length == 0 ? null : shares.Average(s => s.OnPart),
            PartArea = shares.Length == 0 ? null : shares.Average(s => s.PartArea),
        };
    }
}
