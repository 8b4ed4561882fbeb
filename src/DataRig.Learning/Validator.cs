using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Loading;
using DataRig.Learning.Training;

namespace DataRig.Learning;

/// <summary>What a model said of a frame.</summary>
/// <param name="Frame">The frame, with the truth in it.</param>
/// <param name="Said">The likeliest part.</param>
/// <param name="Confidence">Its probability, in [0, 1].</param>
/// <param name="TruthProbability">The probability of the part that it is.</param>
public sealed record FramePrediction(FrameRecord Frame, PartId Said, double Confidence, double TruthProbability)
{
    /// <summary>One a part, in the order of the model's classes; they add up to 1.</summary>
    public required float[] Probabilities { get; init; }

    public bool IsRight => Said == Frame.Part;
}

/// <summary>How a model did on frames.</summary>
/// <param name="Metrics">The figures.</param>
/// <param name="Predictions">One a frame, in the order of the frames.</param>
public sealed record ValidationReport(Metrics Metrics, IReadOnlyList<FramePrediction> Predictions)
{
    /// <summary>The errors, the surest first.</summary>
    public IEnumerable<FramePrediction> WorstErrors => Predictions.Where(p => !p.IsRight).OrderByDescending(p => p.Confidence).ThenBy(p => p.Frame.Id.Value);
}

/// <summary>Shows a trained model frames that it was not trained on.</summary>
public static class Validator
{
    private const string Stage = "Validate";

    /// <param name="predictor">The model.</param>
    /// <param name="frames">Frames of parts that the model knows; it need not be all of them.</param>
    /// <param name="progress">Told after every frame.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="WorkFailedException">There are no frames, or there are frames of parts that the model does not know.</exception>
    public static ValidationReport Validate(Predictor predictor, IReadOnlyList<FrameRecord> frames, IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count == 0)
        {
            throw new WorkFailedException("there are no frames to validate on: the split has none with this role.");
        }

        IReadOnlyList<Sample> samples = TrainingSet.Label(frames, predictor.Classes);
        ConfusionMatrix confusion = new(predictor.Classes);
        List<FramePrediction> predictions = new(samples.Count);
        foreach ((Sample sample, float[] probabilities) in predictor.PredictAll(samples, cancel))
        {
            int said = Evaluation.Best(probabilities);
            confusion.Add(sample.Label, said);
            predictions.Add(new FramePrediction(frames[predictions.Count], predictor.Classes[said], probabilities[said], probabilities[sample.Label]) { Probabilities = probabilities });
            progress?.Report(new StageProgress(Stage, predictions.Count, samples.Count));
        }

        return new ValidationReport(Metrics.From(confusion), predictions);
    }
}
