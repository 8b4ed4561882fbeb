using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>
/// A small residual network (He et al., 2016) for inputs of 64 to 128 pixels on a CPU: a strided stem, three stages of
/// two blocks, pooling over the picture, dropout and a dense layer. Input [N, 3, S, S], S at least 32.
/// </summary>
internal sealed class ResidualNetwork : Network
{
    private static readonly int[] Widths = [24, 48, 96];

    private readonly nn.Module<Tensor, Tensor> _maps, _pool, _dropout, _output;

    public ResidualNetwork(int classes)
        : base(nameof(ResidualNetwork))
    {
        const int stem = 16;
        List<(string, nn.Module<Tensor, Tensor>)> layers =
        [
            ("stem", nn.Sequential(
                ("conv", nn.Conv2d(3, stem, 5, stride: 2, padding: 2, bias: false)),
                ("norm", new Normalization(stem)),
                ("relu", nn.ReLU(inplace: true)))),
        ];
        int width = stem;
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            layers.Add(($"stage{stage + 1}", nn.Sequential(
                ("block1", new ResidualBlock(width, Widths[stage], stride: 2)),
                ("block2", new ResidualBlock(Widths[stage], Widths[stage], stride: 1)))));
            width = Widths[stage];
        }

        _maps = nn.Sequential(layers);
        _pool = new AverageAndMaximumPool();
        _dropout = nn.Dropout(0.2);
        _output = nn.Linear(2 * width, classes);
        foreach ((string name, nn.Module<Tensor, Tensor> layer) in (IEnumerable<(string, nn.Module<Tensor, Tensor>)>)[.. layers, ("dropout", _dropout), (LastLayer, _output)])
        {
            register_module(name, layer);
        }
    }

    public override string LastLayer => "output";

    public override Tensor Maps(Tensor pictures) => _maps.call(pictures);

    public override Tensor Embed(Tensor maps) => _pool.call(maps);

    public override Tensor Classify(Tensor embeddings) => _output.call(_dropout.call(embeddings));
}

/// <summary>
/// Mean and maximum of each map, side by side: the mean tells how much there is of a shape, the maximum whether there
/// is a small one anywhere, such as a hole, which a mean alone would drown. [N, C, H, W] to [N, 2C].
/// </summary>
internal sealed class AverageAndMaximumPool() : nn.Module<Tensor, Tensor>(nameof(AverageAndMaximumPool))
{
    public override Tensor forward(Tensor input) => cat([input.mean([2, 3]), input.amax([2, 3])], dim: 1);
}

/// <summary>Two 3x3 convolutions with batch normalization, added to their input (through a 1x1 convolution where the shape changes).</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    /// <summary>Held here: a temporary one may be freed during the call that takes it.</summary>
    private static readonly Scalar One = 1.0;

    private readonly nn.Module<Tensor, Tensor> _body;
    private readonly nn.Module<Tensor, Tensor>? _shortcut;

    public ResidualBlock(int inputs, int outputs, int stride)
        : base(nameof(ResidualBlock))
    {
        _body = nn.Sequential(
            ("conv1", nn.Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false)), ("norm1", new Normalization(outputs)), ("relu1", nn.ReLU(inplace: true)),
            ("conv2", nn.Conv2d(outputs, outputs, 3, padding: 1, bias: false)), ("norm2", new Normalization(outputs)));
        register_module("body", _body);
        if (stride != 1 || inputs != outputs)
        {
            // The mean of each 2x2 and not its first pixel: small things survive (ResNet-D, He et al., 2019).
            _shortcut = nn.Sequential(("pool", nn.AvgPool2d(stride, ceil_mode: true)), ("conv", nn.Conv2d(inputs, outputs, 1, bias: false)), ("norm", new Normalization(outputs)));
            register_module("shortcut", _shortcut);
        }
    }

    public override Tensor forward(Tensor input)
    {
        Tensor shortcut = _shortcut is null ? input : _shortcut.call(input);
        return nn.functional.relu(_body.call(input).add_(shortcut, One), inplace: true);
    }
}
