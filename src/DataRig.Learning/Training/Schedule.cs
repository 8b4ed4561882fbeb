namespace DataRig.Learning.Training;

/// <summary>The learning rate at each step: a linear warm-up, then a cosine down to a hundredth. A pure function of the step.</summary>
internal sealed class Schedule(TrainingOptions options, int stepsPerEpoch)
{
    private const double LastShare = 0.01;

    /// <param name="step">From 0, over all epochs.</param>
    public double At(long step)
    {
        double warmup = options.WarmupEpochs * stepsPerEpoch;
        if (step < warmup)
        {
            return options.LearningRate * (step + 1) / (warmup + 1);
        }

        if (!options.CosineSchedule)
        {
            return options.LearningRate;
        }

        double total = Math.Max(1, ((double)options.Epochs * stepsPerEpoch) - warmup);
        double done = Math.Min(1, (step - warmup) / total);
        return options.LearningRate * (LastShare + ((1 - LastShare) * 0.5 * (1 + Math.Cos(Math.PI * done))));
    }
}
