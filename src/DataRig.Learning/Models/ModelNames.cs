using DataRig.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>The networks by name. A new one is a line here and a file beside.</summary>
public static class ModelNames
{
    private static readonly Dictionary<string, Func<int, int, Network>> Builders = new(StringComparer.Ordinal)
    {
        ["article"] = (classes, inputPixels) => new ArticleNetwork(classes, inputPixels),
        ["mobilenet-v3-small"] = (classes, _) => new MobileNetV3Small(classes),
        ["residual"] = (classes, _) => new ResidualNetwork(classes),
        ["resnet18"] = (classes, _) => new ResNet(classes, [2, 2, 2, 2], bottleneck: false),
        ["resnet34"] = (classes, _) => new ResNet(classes, [3, 4, 6, 3], bottleneck: false),
        ["resnet50"] = (classes, _) => new ResNet(classes, [3, 4, 6, 3], bottleneck: true),
        ["vgg19"] = (classes, _) => new Vgg19(classes),
    };

    public static IReadOnlyList<string> All { get; } = [.. Builders.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The sentence for a name that is not among them.</summary>
    public static string Unknown(string name) => $"there is no model \"{name}\"; the models are {string.Join(", ", All)}";

    /// <summary>A network with random weights: pictures [N, 3, S, S] prepared so in, logits [N, classes] out.</summary>
    /// <exception cref="WorkFailedException">The name is unknown.</exception>
    internal static Network Build(string name, int classes, PreprocessingOptions input, Seed seed)
    {
        TorchRuntime.Initialize();
        if (!Builders.TryGetValue(name, out Func<int, int, Network>? build))
        {
            throw new WorkFailedException(Unknown(name) + ".");
        }

        random.manual_seed((long)(seed.For("weights").Value >> 1));
        Network network = build(classes, input.InputPixels);
        network = input.Patches > 1 ? new PatchNetwork(network, input.Patches) : network;
        network.to(TorchRuntime.Device);
        return network;
    }
}
