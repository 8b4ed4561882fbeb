using DataRig.Core;
using DataRig.Learning.Models;
using DataRig.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Tests.Training;

[Collection(TorchCollection.Name)]
public sealed class ImageNetWeightsTests
{
    private static readonly PreprocessingOptions Size = new() { InputPixels = 64 };

    /// <summary>
    /// With the input on another scale than the weights were made for, or with another layer's statistics, the maps within
    /// are no longer those whose mean and variance each normalization was made for.
    /// </summary>
    [Fact]
    public void The_network_sees_what_its_statistics_were_taken_of()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        using Network network = ModelNames.Build(ImageNetWeights.Network, 3, Size, new Seed(1)), random = ModelNames.Build(ImageNetWeights.Network, 3, Size, new Seed(1));
        Pretrained.Load(network, [new("a"), new("b"), new("c")], ImageNetWeights.Name);
        Tensor picture = Shapes();

        double learned = Surprise(network, picture), unlearned = Surprise(random, picture);

        Assert.InRange(learned, 0, 1.5);
        Assert.True(unlearned > 2 * learned, $"{unlearned} of random weights, {learned} of ImageNet's");
    }

    [Fact]
    public void They_are_of_no_other_network()
    {
        TrainingOptions options = new() { Weights = ImageNetWeights.Name, Model = "residual" };

        (string key, string problem) = Assert.Single(options.Validate());
        Assert.Equal("weights", key);
        Assert.Contains("resnet18", problem, StringComparison.Ordinal);
        Assert.Empty((options with { Model = ImageNetWeights.Network }).Validate());
    }

    /// <summary>How far the first layer's maps of a picture lie from what its normalization expects, in the logarithm of the deviation.</summary>
    private static double Surprise(Network network, Tensor picture)
    {
        Dictionary<string, Tensor> weights = Weights.Of(network);
        Tensor maps = nn.functional.conv2d(ImageNetInput.From(picture), weights["conv1.weight"], null, strides: [2, 2], padding: [3, 3]);
        Tensor deviation = maps.std([0, 2, 3]), expected = weights["bn1.running_var"].sqrt();
        return (deviation.log() - expected.log()).abs().median().item<float>();
    }

    /// <summary>Blocks of colour over a gradient, with some noise: about as rough as a photograph. On our scale, -2 to 2.</summary>
    private static Tensor Shapes()
    {
        random.manual_seed(1);
        Tensor coarse = nn.functional.interpolate(rand(8, 3, 9, 9), [64, 64], mode: InterpolationMode.Bilinear, align_corners: false);
        Tensor fine = nn.functional.interpolate(rand(8, 3, 17, 17), [64, 64], mode: InterpolationMode.Nearest);
        return ((coarse + (fine * 0.5) + (rand(8, 3, 64, 64) * 0.05)) / 1.55 * 4) - 2;
    }
}
