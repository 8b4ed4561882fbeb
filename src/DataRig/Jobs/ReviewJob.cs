using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Explaining;
using DataRig.Learning.Proving;

namespace DataRig.Jobs;

/// <summary>Which frames to put before a person.</summary>
internal sealed record ReviewRequest
{
    /// <summary>Whose frames are shown to the model.</summary>
    public SplitRole Role { get; init; } = SplitRole.Test;

    /// <summary>How many of the errors that the model is surest of.</summary>
    public int Errors { get; init; } = 12;

    /// <summary>How many of the labels that other frames contradict most.</summary>
    public int Doubtful { get; init; } = 12;

    /// <summary>Where the heat maps go.</summary>
    public required string Folder { get; init; }
}

/// <summary>Why a frame is put before a person.</summary>
internal enum ReviewReason
{
    /// <summary>The model takes it for another part.</summary>
    Error,

    /// <summary>Other frames contradict its label.</summary>
    Doubtful,
}

/// <summary>A frame to be looked at.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Reason">Why.</param>
/// <param name="Said">The part that it is taken for, or that its label should rather be.</param>
/// <param name="Probability">How likely that is, in [0, 1].</param>
/// <param name="LabelProbability">How likely its label is.</param>
/// <param name="Explanation">Where in it the model sees <paramref name="Said"/>, and which training frames it is like.</param>
/// <param name="Heat">The picture with the heat over it.</param>
internal sealed record ReviewItem(FrameRecord Frame, ReviewReason Reason, PartId Said, double Probability, double LabelProbability, Explanation Explanation, string Heat)
{
    /// <summary>What is to be looked at, in a line.</summary>
    public string Words()
    {
        string where = $"{Frame.Item}{(Frame.Pose is { } pose ? $", {pose}" : "")}{(Frame.AzimuthDegrees is { } azimuth ? string.Create(CultureInfo.InvariantCulture, $" at {azimuth:F0} degrees") : "")}";
        string what = Reason == ReviewReason.Error ? $"is taken for {Said}" : $"looks like {Said}";
        string like = Explanation.Nearest is [{ } nearest, ..] ? $"; most like {nearest.Frame.Item}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Frame.Part} ({where}) {what}, {100 * Probability:F0}% against {100 * LabelProbability:F0}%{like}");
    }
}

/// <summary>Finds the frames that a person should look at.</summary>
internal static class ReviewJob
{
    private const int HeatPixels = 384, Quality = 88;

    /// <returns>The errors, the surest first, then the doubtful labels, the most doubtful first; a frame comes once.</returns>
    /// <exception cref="WorkFailedException">There is no frame of the role, a picture is missing or damaged, or the folder cannot be written.</exception>
    public static IReadOnlyList<ReviewItem> Find(Predictor predictor, Dataset dataset, Split split, ReviewRequest request, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        FrameRecord[] frames = [.. SplitJob.Frames(dataset, split, request.Role).Where(f => predictor.Classes.Contains(f.Part))];
        ValidationReport? report = frames.Length == 0 || request.Errors == 0 ? null : Validator.Validate(predictor, frames, progress, cancel);
        FrameRecord[] photographs = [.. dataset.Frames().Where(f => f.Source != FrameSource.Rendered)];
        IEnumerable<DoubtfulLabel> doubtful = request.Doubtful == 0 ? []
            : LabelErrors.Rank(EmbeddingFile.Of(predictor, photographs, progress, cancel), new Seed(predictor.Run.Options.Seed)).Where(d => d.Doubt > 0 && d.Frame.Review != ReviewState.Reviewed).Take(request.Doubtful);
        (FrameRecord Frame, ReviewReason Reason, PartId Said, double Probability, double LabelProbability)[] found =
        [
            .. (report?.WorstErrors.Where(e => e.Frame.Review != ReviewState.Reviewed).Take(request.Errors) ?? []).Select(e => (e.Frame, ReviewReason.Error, e.Said, e.Confidence, e.TruthProbability))
                .Concat(doubtful.Select(d => (d.Frame, ReviewReason.Doubtful, d.Likelier, d.LikelierProbability, d.LabelProbability))).DistinctBy(i => i.Frame.Id),
        ];
        Explainer explainer = Explainer.Over(predictor, dataset, split, progress, cancel);
        List<ReviewItem> items = [];
        try
        {
            Directory.CreateDirectory(request.Folder);
            foreach ((FrameRecord frame, ReviewReason reason, PartId said, double probability, double labelProbability) in found)
            {
                cancel.ThrowIfCancellationRequested();
                // A label may be of a part that this model has never heard of.
                Explanation explanation = explainer.Explain(dataset, frame, predictor.Classes.Contains(said) ? said : null);
                string heat = ExplainJob.HeatFile(request.Folder, frame.ImagePath, frame);
                File.WriteAllBytes(heat, ImageCodec.EncodeJpeg(explanation.Heated(HeatPixels), Quality).Bytes);
                items.Add(new ReviewItem(frame, reason, said, probability, labelProbability, explanation, heat));
                progress.Report(new StageProgress("Explain", items.Count, found.Length));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The heat maps cannot be written to {request.Folder}: {e.Message}", e);
        }

        return items;
    }
}
