namespace DataRig.Learning.Training;

/// <summary>The learning rate at each step: a pure function of the step and of the epochs before it, so that a resumed training has the same.</summary>
internal sealed class Schedule(TrainingOptions options, int stepsPerEpoch, IReadOnlyList<EpochRecord> history)
{
    private const double LastShare = 0.01;
    private const double CycleRise = 0.3, CycleStart = 1.0 / 25, CycleEnd = CycleStart / 10_000;

    private readonly int _plateaus = options.Schedule == ScheduleKind.Plateau ? Plateaus(history, options.DecayEpochs) : 0;

    /// <param name="step">From 0, over all epochs.</param>
    public double At(long step)
    {
        double all = (double)options.Epochs * stepsPerEpoch;
        if (options.Schedule == ScheduleKind.OneCycle)
        {
            double rise = Math.Max(1, CycleRise * all);
            return options.LearningRate * (step < rise ? Between(CycleStart, 1, step / rise) : Between(1, CycleEnd, (step - rise) / Math.Max(1, all - rise)));
        }

        double warmup = options.WarmupEpochs * stepsPerEpoch;
        return step < warmup ? options.LearningRate * (step + 1) / (warmup + 1) : options.LearningRate * options.Schedule switch
        {
            ScheduleKind.Cosine => Between(1, LastShare, (step - warmup) / Math.Max(1, all - warmup)),
            ScheduleKind.Step => Math.Pow(options.DecayFactor, step / stepsPerEpoch / options.DecayEpochs),
            ScheduleKind.Plateau => Math.Pow(options.DecayFactor, _plateaus),
            _ => 1,
        };
    }

    /// <summary>From one to another along half a cosine.</summary>
    private static double Between(double from, double to, double done) => to + ((from - to) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, done))));

    /// <summary>How often so many epochs in a row brought no better validation score, or without validation no lower loss.</summary>
    private static int Plateaus(IReadOnlyList<EpochRecord> history, int patience)
    {
        EpochRecord? best = null;
        int plateaus = 0, since = 0;
        foreach (EpochRecord epoch in history)
        {
            bool better = best is null || (epoch.ValidationMacroF1 is null ? epoch.TrainLoss < best.TrainLoss : epoch.IsBetterThan(best));
            (best, since) = better ? (epoch, 0) : (best, since + 1);
            if (since == patience)
            {
                (plateaus, since) = (plateaus + 1, 0);
            }
        }

        return plateaus;
    }
}
