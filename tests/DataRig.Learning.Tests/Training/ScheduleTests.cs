using DataRig.Learning.Training;

namespace DataRig.Learning.Tests.Training;

public sealed class ScheduleTests
{
    private static readonly TrainingOptions Options = new() { LearningRate = 0.01, WarmupEpochs = 2, Epochs = 10 };

    [Fact]
    public void The_rate_rises_then_falls_along_a_cosine_to_a_hundredth()
    {
        Schedule schedule = new(Options, stepsPerEpoch: 50);
        double[] rates = [.. Enumerable.Range(0, 501).Select(s => schedule.At(s))];

        Assert.InRange(rates[0], 1e-5, 2e-4);
        Assert.Equal(0.01, rates[100], 12);
        Assert.Equal(rates[..101].Order(), rates[..101]);
        Assert.Equal(rates[100..].OrderDescending(), rates[100..]);
        // Half way down the cosine: the mean of its ends.
        Assert.Equal((0.01 + 0.0001) / 2, rates[300], 12);
        Assert.Equal(0.0001, rates[500], 12);
    }

    [Fact]
    public void Without_the_cosine_it_stays()
    {
        Schedule schedule = new(Options with { CosineSchedule = false, WarmupEpochs = 0 }, stepsPerEpoch: 50);

        Assert.Equal((0.01, 0.01), (schedule.At(0), schedule.At(499)));
    }
}
