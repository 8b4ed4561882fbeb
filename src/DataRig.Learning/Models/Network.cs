using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>
/// A classifier in three steps, so that what it looks at can be looked into: pictures [N, 3, S, S] on our scale (see
/// <see cref="Loading.PixelScale"/>) become maps, maps become an embedding, the embedding becomes one logit a class.
/// </summary>
internal abstract class Network(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Where the parameters of the last layer, the only one that knows the classes, have their names: <c>fc</c> for <c>fc.weight</c> and <c>fc.bias</c>.</summary>
    public abstract string LastLayer { get; }

    /// <summary>The maps of the last convolution, [N, C, h, w], rectified and not yet pooled: where in the picture it sees something.</summary>
    public abstract Tensor Maps(Tensor pictures);

    /// <summary>What the last layer decides by, [N, D]: alike for pictures that look alike to the network.</summary>
    public abstract Tensor Embed(Tensor maps);

    /// <summary>The logits [N, classes] of embeddings.</summary>
    public abstract Tensor Classify(Tensor embeddings);

    public sealed override Tensor forward(Tensor input) => Classify(Embed(Maps(input)));

    /// <summary>Whether a parameter, by its name in the state dictionary, is of the last layer.</summary>
    public bool IsLastLayer(string parameter) => parameter.StartsWith(LastLayer + ".", StringComparison.Ordinal);

    /// <summary>Frozen, nothing but the last layer learns. Holds until it is said otherwise.</summary>
    public void FreezeBackbone(bool frozen)
    {
        foreach ((string parameterName, TorchSharp.Modules.Parameter parameter) in named_parameters())
        {
            parameter.requires_grad = !frozen || IsLastLayer(parameterName);
        }
    }

    /// <summary>Puts the network into training mode; batch normalization keeps its statistics where the backbone is frozen, since its weights were made for them.</summary>
    public void Train(bool frozen)
    {
        train();
        foreach (nn.Module module in frozen ? modules().OfType<Normalization>() : [])
        {
            module.eval();
        }
    }
}
