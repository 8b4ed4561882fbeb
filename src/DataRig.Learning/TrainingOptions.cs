using System.ComponentModel.DataAnnotations;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Learning.Models;
using DataRig.Learning.Training;

namespace DataRig.Learning;

public enum OptimizerKind
{
    Adam,
    AdamW,
    Sgd,
    Adadelta,
    Adagrad,
    RmsProp,
}

/// <summary>How the learning rate changes while training goes on.</summary>
public enum ScheduleKind
{
    /// <summary>Along half a cosine to a hundredth (Loshchilov and Hutter, 2017), after the warm-up.</summary>
    Cosine,

    /// <summary>Falls by <see cref="TrainingOptions.DecayFactor"/> every <see cref="TrainingOptions.DecayEpochs"/>, after the warm-up.</summary>
    Step,

    /// <summary>Falls by <see cref="TrainingOptions.DecayFactor"/> whenever so many epochs brought no better score, after the warm-up.</summary>
    Plateau,

    /// <summary>Rises from a 25th for three tenths of the training and falls to a ten-thousandth of that (Smith and Topin, 2018); without a warm-up of its own.</summary>
    OneCycle,

    /// <summary>Stays, after the warm-up.</summary>
    Constant,
}

/// <summary>What is done about parts of which there are many frames, and few of others.</summary>
public enum BalanceKind
{
    /// <summary>An epoch draws equally many frames of each part.</summary>
    Sampling,

    /// <summary>An epoch shows every frame once; an error on a rare part weighs as much more as the part is rarer.</summary>
    Weights,

    /// <summary>Every frame once, all alike.</summary>
    None,
}

/// <summary>How a classifier is trained. The defaults suit a few thousand frames on a small machine without a GPU.</summary>
public sealed record TrainingOptions : IValidatedOptions
{
    /// <summary>The network by its name; <see cref="ModelNames"/> has them all.</summary>
    public string Model { get; init; } = "residual";

    /// <summary>
    /// What to start from: <c>imagenet</c>, weights of <c>resnet18</c> that come with the build, or a safetensors file: weights
    /// published for torchvision's network of the same name, or another run's <c>best.safetensors</c>. The last layer is made
    /// anew unless it tells the same parts apart. Null draws the weights at random.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>These options with the file of their weights, if it is one, found from a folder.</summary>
    public TrainingOptions WeightsFrom(string folder) =>
        Weights is null or ImageNetWeights.Name ? this : this with { Weights = Path.GetFullPath(Weights, Path.GetFullPath(folder)) };

    /// <summary>The first epochs, in which only the last layer learns and the rest stays as it came.</summary>
    [Range(0, 10_000)]
    public int FrozenEpochs { get; init; }

    /// <summary>The learning rate of all but the last layer, as a share of its own.</summary>
    [Range(0, 1)]
    public double BackboneRate { get; init; } = 1;

    public PreprocessingOptions Preprocessing { get; init; } = new();

    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Pictures in one step.</summary>
    [Range(2, 4096)]
    public int BatchSize { get; init; } = 32;

    /// <summary>Times that the training frames are gone through.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 16;

    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>The highest, reached after the warm-up.</summary>
    [Range(1e-12, 10)]
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Decay of the weights; with <c>adamW</c> decoupled from the gradient (Loshchilov and Hutter, 2019).</summary>
    [Range(0, 1)]
    public double WeightDecay { get; init; } = 0.02;

    /// <summary>The share of certainty that is spread over the other parts (Szegedy et al., 2016).</summary>
    [Range(0, 0.5)]
    public double LabelSmoothing { get; init; } = 0.05;

    /// <summary>Epochs in which the learning rate rises from near 0.</summary>
    [Range(0, 100)]
    public double WarmupEpochs { get; init; } = 1;

    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>With <see cref="ScheduleKind.Step"/>, epochs between two falls; with <see cref="ScheduleKind.Plateau"/>, epochs without a better score before one.</summary>
    [Range(1, 10_000)]
    public int DecayEpochs { get; init; } = 4;

    /// <summary>What a fall multiplies the learning rate by.</summary>
    [Range(1e-6, 1)]
    public double DecayFactor { get; init; } = 0.3;

    /// <summary>The longest step's gradient, as the norm over all weights: longer ones are shortened to it (Pascanu et al., 2013). 0 leaves them.</summary>
    [Range(0, 1e6)]
    public double GradientNorm { get; init; }

    /// <summary>
    /// The decay a step of a moving average of the weights, such as 0.999: what is validated and kept is then the average, which is
    /// steadier than the last step (Polyak and Juditsky, 1992). It forgets faster at the start. 0 keeps the last weights.
    /// </summary>
    [Range(0, 0.999999)]
    public double AverageDecay { get; init; }

    /// <summary>Epochs without a better validation score before training stops; 0 never stops early. Without validation frames it has no effect.</summary>
    [Range(0, 10_000)]
    public int Patience { get; init; } = 8;

    /// <summary>The share of the rendered training frames that is used: 0 none, 1 all.</summary>
    [Range(0, 1)]
    public double SyntheticShare { get; init; } = 1;

    public BalanceKind Balance { get; init; } = BalanceKind.Sampling;

    /// <summary>Whether five pictures must be learned by heart before training starts.</summary>
    public bool CheckFiveImages { get; init; } = true;

    /// <summary>Memory for prepared pictures in MB; pictures beyond it are prepared anew each epoch.</summary>
    [Range(0, 1_000_000)]
    public int CacheMegabytes { get; init; } = 1024;

    public ulong Seed { get; init; }

    internal Seed SeedValue => new(Seed);

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (!ModelNames.All.Contains(Model))
        {
            yield return ("model", ModelNames.Unknown(Model));
        }

        if (Weights == ImageNetWeights.Name && Model != ImageNetWeights.Network)
        {
            yield return ("weights", $"\"{ImageNetWeights.Name}\" are weights of {ImageNetWeights.Network}, and the model is {Model}");
        }

        if (FrozenEpochs > 0 && Weights is null)
        {
            yield return ("frozenEpochs", "a backbone of random weights would stay random; name the weights to start from (\"weights\")");
        }

        if (Augmentation.Handed?.FirstOrDefault(string.IsNullOrWhiteSpace) is not null)
        {
            yield return ("augmentation", "\"handed\" names parts, found an empty name");
        }

        if (WarmupEpochs > Epochs)
        {
            yield return ("warmupEpochs", FormattableString.Invariant($"the warm-up of {WarmupEpochs} epochs is longer than the training of {Epochs}"));
        }
    }
}
