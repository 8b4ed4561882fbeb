using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>
/// Another network that looks at each patch of a picture alone. A picture's embedding is the highest of its patches' in each
/// place, so that a small detail counts in full wherever it lies. Parameters have the names that they have in the other network.
/// Input [N, 3, rows * S, rows * S].
/// </summary>
internal sealed class PatchNetwork : Network
{
    private readonly Network _network;
    private readonly long _rows;

    /// <param name="network">Owned from here on.</param>
    /// <param name="rows">Of patches, and columns.</param>
    public PatchNetwork(Network network, int rows)
        : base(nameof(PatchNetwork))
    {
        _network = network;
        _rows = rows;
        foreach ((string name, nn.Module child) in network.named_children())
        {
            register_module(name, child);
        }
    }

    public override string LastLayer => _network.LastLayer;

    /// <summary>The patches' maps, in their places in the picture.</summary>
    public override Tensor Maps(Tensor pictures) => Joined(_network.Maps(Patches(pictures)));

    public override Tensor Embed(Tensor maps)
    {
        Tensor each = _network.Embed(Patches(maps));
        return each.reshape(-1, _rows * _rows, each.shape[1]).amax([1]);
    }

    public override Tensor Classify(Tensor embeddings) => _network.Classify(embeddings);

    private Tensor Patches(Tensor whole)
    {
        long channels = whole.shape[1], height = whole.shape[2] / _rows, width = whole.shape[3] / _rows;
        return whole.reshape(-1, channels, _rows, height, _rows, width).permute(0, 2, 4, 1, 3, 5).reshape(-1, channels, height, width);
    }

    private Tensor Joined(Tensor patches)
    {
        long channels = patches.shape[1], height = patches.shape[2], width = patches.shape[3];
        return patches.reshape(-1, _rows, _rows, channels, height, width).permute(0, 3, 1, 4, 2, 5).reshape(-1, channels, _rows * height, _rows * width);
    }
}
