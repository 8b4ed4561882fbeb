namespace DataRig.Learning.Proving;

/// <summary>
/// Areas under the curves that a threshold on one class's probability draws, one class against the rest. Sorted once,
/// then asked with the weights of each resampling.
/// </summary>
internal sealed class RankAreas
{
    private readonly int[] _order;
    private readonly bool[] _last;
    private readonly bool[] _positive;

    /// <param name="scores">One a frame.</param>
    /// <param name="positive">Whether the frame is of the class.</param>
    public RankAreas(float[] scores, bool[] positive)
    {
        _order = new int[scores.Length];
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        Array.Sort(_order, (a, b) => scores[b].CompareTo(scores[a]));
        _positive = [.. _order.Select(i => positive[i])];
        // Frames of one score are let through by the same thresholds.
        _last = [.. _order.Select((frame, at) => at + 1 == _order.Length || scores[_order[at + 1]] != scores[frame])];
    }

    /// <summary>
    /// Under the receiver operating characteristic by trapezoids, which counts ties as halves (Fawcett, "An introduction to ROC
    /// analysis", 2006), and average precision, the sum over the thresholds of the gain in recall times the precision there (Zhu, 2004).
    /// NaN without a frame of the class, the first also without one of another.
    /// </summary>
    /// <param name="weights">How often each frame counts.</param>
    public (double Roc, double Precision) Of(ReadOnlySpan<int> weights)
    {
        double positives = 0, negatives = 0, area = 0, precision = 0, blockPositives = 0, blockNegatives = 0;
        for (int at = 0; at < _order.Length; at++)
        {
            int weight = weights[_order[at]];
            if (_positive[at])
            {
                blockPositives += weight;
            }
            else
            {
                blockNegatives += weight;
            }

            if (_last[at])
            {
                area += blockNegatives * (positives + (blockPositives / 2));
                positives += blockPositives;
                negatives += blockNegatives;
                precision += blockPositives == 0 ? 0 : blockPositives * positives / (positives + negatives);
                blockPositives = blockNegatives = 0;
            }
        }

        return (positives * negatives > 0 ? area / (positives * negatives) : double.NaN, positives > 0 ? precision / positives : double.NaN);
    }
}
