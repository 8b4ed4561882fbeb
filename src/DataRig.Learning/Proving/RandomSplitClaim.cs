using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Proving;

/// <summary>What a random split of the same photographs would have claimed, beside what unseen items give.</summary>
/// <param name="Frames">Frames of unseen items that both are measured on.</param>
/// <param name="Honest">The share that is right where the classifier was fitted on the training items alone.</param>
/// <param name="Claimed">The share that is right where it was fitted on the other frames of the same items as well.</param>
public sealed record RandomSplitEstimate(int Frames, Figure Honest, Figure Claimed);

/// <summary>
/// Estimates in seconds what a random split would have claimed: not the network is trained anew, but a linear classifier (a logistic
/// regression) on what the network makes of the frames. Once it is fitted on the training items, and once on these and on four
/// fifths of the held-out frames, drawn at random; each held-out frame is judged by the fit without it. The network itself saw none of
/// them, so that a network trained on a random split would claim rather more.
/// </summary>
public static class RandomSplitClaim
{
    private const int Folds = 5;

    /// <param name="embeddings">Of photographs that were trained on and of photographs of unseen items.</param>
    /// <param name="isHeld">Whether a frame is of an unseen item.</param>
    /// <param name="seed">Which frames make a fold, and what intervals are drawn from.</param>
    /// <returns>Null where there is nothing to compare: fewer than two parts, too few held-out frames, or no photograph in training.</returns>
    public static RandomSplitEstimate? Of(Embeddings embeddings, Func<FrameRecord, bool> isHeld, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(isHeld);
        int[] trained = [.. Enumerable.Range(0, embeddings.Frames.Count).Where(i => !isHeld(embeddings.Frames[i]))];
        PartId[] parts = [.. trained.Select(i => embeddings.Frames[i].Part).Distinct().Order()];
        int[] held = [.. Enumerable.Range(0, embeddings.Frames.Count).Where(i => isHeld(embeddings.Frames[i]) && parts.Contains(embeddings.Frames[i].Part))];
        if (parts.Length < 2 || held.Length < 2 * Folds)
        {
            return null;
        }

        // Rows are of length 1: scaled so that each number is about 1.
        float scale = MathF.Sqrt(embeddings.Rows[0].Length);
        float[][] rows = [.. embeddings.Rows.Select(row => row.Select(v => v * scale).ToArray())];
        int[] labels = [.. embeddings.Frames.Select(f => Array.IndexOf(parts, f.Part))];
        int[] order = [.. seed.For("random split").At(0).Permutation("frames", held.Length).Select(i => held[i])];
        bool[] honest = new bool[labels.Length], claimed = new bool[labels.Length];
        Parallel.For(0, Folds + 1, fit =>
        {
            // The last fit is the honest one: on the training items alone, judged on all.
            int[] fitted = fit == Folds ? trained : [.. trained, .. order.Where((_, i) => i % Folds != fit)];
            SoftmaxRegression classifier = SoftmaxRegression.Fit([.. fitted.Select(i => rows[i])], [.. fitted.Select(i => labels[i])], parts.Length);
            foreach (int i in fit == Folds ? order : order.Where((_, n) => n % Folds == fit))
            {
                float[] probabilities = classifier.Probabilities(rows[i]);
                (fit == Folds ? honest : claimed)[i] = Array.IndexOf(probabilities, probabilities.Max()) == labels[i];
            }
        });

        string[] items = [.. held.Select(i => $"{embeddings.Frames[i].Part} {embeddings.Frames[i].Item}")];
        string[] groups = [.. items.Distinct(StringComparer.Ordinal)];
        int[] group = [.. items.Select(i => Array.IndexOf(groups, i))];
        IReadOnlyList<Figure> figures = Bootstrap.Of(groups.Length, seed, weights =>
        {
            long all = 0, right = 0, said = 0;
            for (int i = 0; i < held.Length; i++)
            {
                int weight = weights[group[i]];
                (all, right, said) = (all + weight, right + (honest[held[i]] ? weight : 0), said + (claimed[held[i]] ? weight : 0));
            }

            return [all == 0 ? double.NaN : (double)right / all, all == 0 ? double.NaN : (double)said / all];
        });
        return new RandomSplitEstimate(held.Length, figures[0], figures[1]);
    }
}
