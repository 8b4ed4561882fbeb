using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Proving;

/// <summary>A frame whose label other frames contradict.</summary>
/// <param name="Frame">The frame, with its label.</param>
/// <param name="LabelProbability">How likely the label is to a classifier that never saw this frame, in [0, 1].</param>
/// <param name="Likelier">The part that is likeliest to it.</param>
/// <param name="LikelierProbability">How likely.</param>
public sealed record DoubtfulLabel(FrameRecord Frame, double LabelProbability, PartId Likelier, double LikelierProbability)
{
    /// <summary>How far the label falls short of the likeliest other part, in [-1, 1]; what is above 0 contradicts the label.</summary>
    public double Doubt => LikelierProbability - LabelProbability;
}

/// <summary>
/// Ranks labels by how unlikely each is to a classifier that was fitted without the frame (out-of-fold, as in Northcutt et al.,
/// "Confident Learning", 2021). The classifier is a logistic regression on what the network makes of the frames: other frames
/// of the same item, which are labelled right, show up the one that is not. No figure about unseen items is drawn from it.
/// </summary>
public static class LabelErrors
{
    private const int Folds = 5;

    /// <param name="embeddings">Of the frames to judge; rendered ones have nothing to be judged.</param>
    /// <param name="seed">Which frames make a fold.</param>
    /// <returns>Every frame, the most doubtful label first.</returns>
    public static IReadOnlyList<DoubtfulLabel> Rank(Embeddings embeddings, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        PartId[] parts = [.. embeddings.Frames.Select(f => f.Part).Distinct().Order()];
        if (parts.Length < 2 || embeddings.Frames.Count < 2 * Folds)
        {
            return [];
        }

        int[] labels = [.. embeddings.Frames.Select(f => Array.IndexOf(parts, f.Part))];
        int[] order = seed.For("label folds").At(0).Permutation("frames", labels.Length);
        float[][] probabilities = new float[labels.Length][];
        // Rows are of length 1: scaled so that each number is about 1.
        float scale = MathF.Sqrt(embeddings.Rows[0].Length);
        float[][] rows = [.. embeddings.Rows.Select(row => row.Select(v => v * scale).ToArray())];
        Parallel.For(0, Folds, fold =>
        {
            int[] fitted = [.. order.Where((_, i) => i % Folds != fold)];
            SoftmaxRegression classifier = SoftmaxRegression.Fit([.. fitted.Select(i => rows[i])], [.. fitted.Select(i => labels[i])], parts.Length);
            foreach (int held in order.Where((_, i) => i % Folds == fold))
            {
                probabilities[held] = classifier.Probabilities(rows[held]);
            }
        });

        return [.. embeddings.Frames.Select((frame, i) => Judge(frame, probabilities[i], labels[i], parts)).OrderByDescending(d => d.Doubt).ThenBy(d => d.Frame.Id.Value)];
    }

    private static DoubtfulLabel Judge(FrameRecord frame, float[] probabilities, int label, PartId[] parts)
    {
        int other = Enumerable.Range(0, parts.Length).Where(p => p != label).MaxBy(p => probabilities[p]);
        return new DoubtfulLabel(frame, probabilities[label], parts[other], probabilities[other]);
    }
}
