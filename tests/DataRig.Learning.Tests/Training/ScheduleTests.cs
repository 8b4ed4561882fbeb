using DataRig.Learning.Training;

namespace DataRig.Learning.Tests.Training;

public sealed class ScheduleTests
{
    private static readonly TrainingOptions Options = new() { LearningRate = 0.01, WarmupEpochs = 2, Epochs = 10 };

    [Fact]
    public void The_rate_rises_then_falls_along_a_cosine_to_a_hundredth()
    {
        Schedule schedule = new(Options, stepsPerEpoch: 50, []);
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
    public void A_constant_rate_stays()
    {
        Schedule schedule = new(Options with { Schedule = ScheduleKind.Constant, WarmupEpochs = 0 }, stepsPerEpoch: 50, []);

        Assert.Equal((0.01, 0.01), (schedule.At(0), schedule.At(499)));
    }

    [Fact]
    public void Steps_fall_every_so_many_epochs()
    {
        Schedule schedule = new(Options with { Schedule = ScheduleKind.Step, WarmupEpochs = 0, DecayEpochs = 3, DecayFactor = 0.1 }, stepsPerEpoch: 50, []);

        Assert.Equal([0.01, 0.01, 0.001, 0.001, 0.0001], new long[] { 0, 149, 150, 299, 300 }.Select(s => Math.Round(schedule.At(s), 12)));
    }

    [Fact]
    public void One_cycle_rises_over_three_tenths_and_falls_to_next_to_nothing()
    {
        Schedule schedule = new(Options with { Schedule = ScheduleKind.OneCycle }, stepsPerEpoch: 50, []);
        double[] rates = [.. Enumerable.Range(0, 501).Select(s => schedule.At(s))];

        Assert.Equal((0.0004, 0.01, 4e-8), (Math.Round(rates[0], 10), rates[150], Math.Round(rates[500], 12)));
        Assert.Equal(rates[..151].Order(), rates[..151]);
        Assert.Equal(rates[150..].OrderDescending(), rates[150..]);
    }

    /// <summary>Falls after two epochs in a row that brought nothing, and not before two more have.</summary>
    [Fact]
    public void A_plateau_lowers_the_rate()
    {
        double[] scores = [0.5, 0.6, 0.6, 0.55, 0.5, 0.58, 0.7, 0.6];
        EpochRecord[] history = [.. scores.Select((f1, i) => new EpochRecord(i + 1, 1, 0, 1, f1, f1, 0.01, 1, 1))];
        TrainingOptions options = Options with { Schedule = ScheduleKind.Plateau, WarmupEpochs = 0, DecayEpochs = 2, DecayFactor = 0.5 };

        double[] rates = [.. Enumerable.Range(0, history.Length + 1).Select(n => new Schedule(options, 50, history[..n]).At(n * 50))];

        Assert.Equal([0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.0025, 0.0025, 0.0025], rates);
    }

    [Fact]
    public void Without_validation_a_plateau_is_of_the_training_loss()
    {
        EpochRecord[] history = [.. new[] { 1.0, 0.9, 0.95, 0.93 }.Select((loss, i) => new EpochRecord(i + 1, loss, 0, null, null, null, 0.01, 1, 1))];
        TrainingOptions options = Options with { Schedule = ScheduleKind.Plateau, WarmupEpochs = 0, DecayEpochs = 2, DecayFactor = 0.5 };

        Assert.Equal((0.01, 0.005), (new Schedule(options, 50, history[..3]).At(200), new Schedule(options, 50, history).At(200)));
    }
}
