using System.Globalization;

namespace DataRig.Learning.Proving;

/// <summary>What ails a training.</summary>
public enum Ailment
{
    /// <summary>Nothing that its curves show.</summary>
    None,

    /// <summary>It does not learn even what it is shown.</summary>
    Underfitting,

    /// <summary>It learns what it is shown by heart, and not what unseen items have in common with it.</summary>
    Overfitting,

    /// <summary>It was still getting better when it ended.</summary>
    StoppedTooSoon,

    /// <summary>Its loss jumps about.</summary>
    Unsteady,

    /// <summary>There were no validation frames to compare with.</summary>
    Unproven,
}

/// <summary>What the curves of a training say.</summary>
/// <param name="Ailment">Its kind.</param>
/// <param name="What">In a sentence with the run's own figures.</param>
/// <param name="Remedies">What to try, the likeliest first.</param>
public sealed record Symptom(Ailment Ailment, string What, IReadOnlyList<string> Remedies);

/// <summary>Reads under- and over-fitting off the curves, and says what to do about it.</summary>
public static class Diagnosis
{
    /// <summary>Below this accuracy on its own training frames a network has not learned them.</summary>
    private const double Learned = 0.85;

    /// <summary>So much better on what it was shown than on unseen items is overfitting.</summary>
    private const double Gap = 0.12;

    /// <param name="history">A record an epoch.</param>
    /// <param name="options">How it was trained.</param>
    public static IReadOnlyList<Symptom> Of(IReadOnlyList<EpochRecord> history, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(options);
        if (history.Count == 0)
        {
            return [];
        }

        List<Symptom> findings = [];
        EpochRecord last = history[^1], best = history.Aggregate((b, e) => e.IsBetterThan(b) ? e : b);
        if (last.TrainAccuracy < Learned)
        {
            findings.Add(new Symptom(
                Ailment.Underfitting,
                Text($"Underfitting: after {history.Count} epochs it recognizes {100 * last.TrainAccuracy:F1}% of the frames it is trained on, at a loss of {last.TrainLoss:F2}."),
                [
                    Text($"train longer than {options.Epochs} epochs"), $"a larger network than {options.Model}", "weaker augmentation: what is drawn may be harder than what is photographed",
                    Text($"another learning rate than {options.LearningRate}: three times as much and a third"),
                ]));
        }

        if (last.ValidationLoss is null)
        {
            findings.Add(new Symptom(Ailment.Unproven, "No items were left for validation: the last epoch is the model, and nothing can tell whether an earlier one was better.", ["photograph four items or more of each part"]));
        }
        else
        {
            double gap = last.TrainAccuracy - last.ValidationAccuracy!.Value;
            double lowest = history.Min(e => e.ValidationLoss!.Value);
            int at = history.First(e => e.ValidationLoss == lowest).Epoch;
            bool rises = last.ValidationLoss > lowest * 1.25 && history.Count - at >= 3 && last.TrainLoss < history[at - 1].TrainLoss;
            if (gap > Gap || rises)
            {
                string risen = rises ? Text($"; the validation loss was lowest at epoch {at} ({lowest:F2}) and is {last.ValidationLoss:F2} at the end") : "";
                findings.Add(new Symptom(
                    Ailment.Overfitting,
                    Text($"Overfitting: {100 * last.TrainAccuracy:F1}% of the training frames are recognized and {100 * last.ValidationAccuracy:F1}% of those of unseen items{risen}."),
                    [
                        "more items of each part, in other colours: more frames of the same items help little", "more rendered frames (\"synthesis\": \"count\")", "stronger augmentation",
                        Text($"more weight decay than {options.WeightDecay}, or more label smoothing than {options.LabelSmoothing}"), "a smaller network",
                    ]));
            }

            if (history.Count == options.Epochs && history.Count >= 3 && best.Epoch == last.Epoch && last.ValidationLoss < 0.97 * history[^2].ValidationLoss)
            {
                findings.Add(new Symptom(
                    Ailment.StoppedTooSoon,
                    Text($"Still getting better: the last of {history.Count} epochs was the best, and its validation loss fell from {history[^2].ValidationLoss:F3} to {last.ValidationLoss:F3}."),
                    [Text($"train for {2 * options.Epochs} epochs")]));
            }
        }

        int jumps = history.Zip(history.Skip(1)).Count(p => p.Second.TrainLoss > 1.15 * p.First.TrainLoss);
        if (history.Count >= 4 && jumps >= history.Count / 4)
        {
            findings.Add(new Symptom(
                Ailment.Unsteady,
                Text($"Unsteady: the training loss rose by more than 15% after {jumps} of {history.Count} epochs."),
                [Text($"a lower learning rate than {options.LearningRate}: try a third"), Text($"larger batches than {options.BatchSize}"), "a longer warm-up"]));
        }

        return findings.Count > 0 ? findings : [new Symptom(
            Ailment.None,
            Text($"The curves show nothing wrong: {100 * last.TrainAccuracy:F1}% of the augmented training frames are recognized and {100 * last.ValidationAccuracy:F1}% of the validation frames; epoch {best.Epoch} of {history.Count} is the model."),
            [])];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
