namespace DataRig.Learning;

/// <summary>One line of <c>metrics.csv</c>. Losses are cross-entropies in nats; shares lie in [0, 1].</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainLoss">Mean over the augmented training frames, while they were learned.</param>
/// <param name="TrainAccuracy">On the same.</param>
/// <param name="ValidationLoss">Mean over the validation frames after the epoch; null without such frames, as the next two.</param>
/// <param name="ValidationAccuracy">On the same.</param>
/// <param name="ValidationMacroF1">On the same; what the best epoch is chosen by.</param>
/// <param name="LearningRate">At the epoch's last step.</param>
/// <param name="Seconds">That training took, without validation.</param>
/// <param name="ImagesPerSecond">Training frames over these seconds.</param>
public sealed record EpochRecord(
    int Epoch,
    double TrainLoss,
    double TrainAccuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double? ValidationMacroF1,
    double LearningRate,
    double Seconds,
    double ImagesPerSecond)
{
    /// <summary>Whether this epoch's model is better than another's: by macro F1, then by loss. Without validation the later one is.</summary>
    public bool IsBetterThan(EpochRecord? other) =>
        other is null
        || ValidationMacroF1 is null
        || ValidationMacroF1 > other.ValidationMacroF1
        || (ValidationMacroF1 == other.ValidationMacroF1 && ValidationLoss < other.ValidationLoss);
}
