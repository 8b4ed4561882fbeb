namespace DataRig.Learning;

/// <summary>The loss at one learning rate.</summary>
/// <param name="LearningRate">Of the step.</param>
/// <param name="Loss">A running mean up to this step, in nats.</param>
public sealed record LearningRatePoint(double LearningRate, double Loss);

/// <summary>How the loss goes while the learning rate rises step by step (Smith, 2017).</summary>
/// <param name="Points">In the order of the steps; they end where the loss has run away.</param>
public sealed record LearningRateCurve(IReadOnlyList<LearningRatePoint> Points)
{
    /// <summary>A loss this many times the lowest has run away.</summary>
    internal const double Runaway = 4;

    private const int Window = 5;

    /// <summary>So far below the lowest loss the steepest fall is looked for: further down the loss only trembles.</summary>
    private const double Reach = 100;

    /// <summary>Where the loss is lowest: the highest rate that still learns, too high to train with.</summary>
    public double Lowest => Points.MinBy(p => p.Loss)!.LearningRate;

    /// <summary>A rate to train with: where the loss falls most steeply over the logarithm of the rate, within two powers of ten before it is lowest.</summary>
    public double Suggested
    {
        get
        {
            int lowest = Points.Index().MinBy(p => p.Item.Loss).Index;
            int first = Points.Index().First(p => p.Item.LearningRate >= Lowest / Reach).Index;
            int steepest = Enumerable.Range(first, Math.Max(1, lowest - Window - first)).MinBy(i => Points[Math.Min(i + Window, Points.Count - 1)].Loss - Points[i].Loss);
            return Points[Math.Min(steepest + (Window / 2), Points.Count - 1)].LearningRate;
        }
    }
}
