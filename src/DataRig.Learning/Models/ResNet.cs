using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>
/// ResNet (He et al., 2016) with torchvision's layers and parameter names, so that weights published for it load. Input
/// [N, 3, S, S], S at least 32.
/// </summary>
internal sealed class ResNet : Network
{
    private static readonly int[] Widths = [64, 128, 256, 512];

    private readonly nn.Module<Tensor, Tensor> _maps, _last;

    /// <param name="classes">Parts to tell apart.</param>
    /// <param name="blocks">Blocks in each of the four stages: 2, 2, 2, 2 for ResNet18.</param>
    /// <param name="bottleneck">Whether a block narrows, convolves and widens fourfold, as in ResNet50.</param>
    public ResNet(int classes, IReadOnlyList<int> blocks, bool bottleneck)
        : base(nameof(ResNet))
    {
        const int stem = 64;
        int widening = bottleneck ? 4 : 1, width = stem;
        List<(string, nn.Module<Tensor, Tensor>)> layers =
        [
            ("conv1", nn.Conv2d(3, stem, 7, stride: 2, padding: 3, bias: false)), ("bn1", new Normalization(stem)),
            ("relu", nn.ReLU(inplace: true)), ("maxpool", nn.MaxPool2d(3, stride: 2, padding: 1)),
        ];
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            List<(string, nn.Module<Tensor, Tensor>)> row = [];
            for (int block = 0; block < blocks[stage]; block++)
            {
                row.Add(($"{block}", new ResNetBlock(width, Widths[stage], Widths[stage] * widening, stride: stage > 0 && block == 0 ? 2 : 1, bottleneck)));
                width = Widths[stage] * widening;
            }

            layers.Add(($"layer{stage + 1}", nn.Sequential(row)));
        }

        _maps = nn.Sequential(layers);
        _last = nn.Linear(width, classes);
        foreach ((string name, nn.Module<Tensor, Tensor> layer) in layers)
        {
            register_module(name, layer);
        }

        register_module(LastLayer, _last);
        StartingWeights.Draw(this);
    }

    public override string LastLayer => "fc";

    public override Tensor Maps(Tensor pictures) => _maps.call(ImageNetInput.From(pictures));

    public override Tensor Embed(Tensor maps) => maps.mean([2, 3]);

    public override Tensor Classify(Tensor embeddings) => _last.call(embeddings);
}

/// <summary>Two 3x3 convolutions, or three (1x1, 3x3, 1x1) in a bottleneck, added to their input.</summary>
internal sealed class ResNetBlock : nn.Module<Tensor, Tensor>
{
    /// <summary>Held here: a temporary one may be freed during the call that takes it.</summary>
    private static readonly Scalar One = 1.0;

    private readonly nn.Module<Tensor, Tensor> _body;
    private readonly nn.Module<Tensor, Tensor>? _shortcut;

    public ResNetBlock(int inputs, int width, int outputs, int stride, bool bottleneck)
        : base(nameof(ResNetBlock))
    {
        List<(string Name, nn.Module<Tensor, Tensor> Layer)> layers = bottleneck
            ?
            [
                ("conv1", Convolution(inputs, width, 1, 1)), ("bn1", new Normalization(width)), ("relu1", nn.ReLU(inplace: true)),
                ("conv2", Convolution(width, width, 3, stride)), ("bn2", new Normalization(width)), ("relu2", nn.ReLU(inplace: true)),
                ("conv3", Convolution(width, outputs, 1, 1)), ("bn3", new Normalization(outputs)),
            ]
            :
            [
                ("conv1", Convolution(inputs, width, 3, stride)), ("bn1", new Normalization(width)), ("relu1", nn.ReLU(inplace: true)),
                ("conv2", Convolution(width, outputs, 3, 1)), ("bn2", new Normalization(outputs)),
            ];
        _body = nn.Sequential(layers);
        foreach ((string name, nn.Module<Tensor, Tensor> layer) in layers)
        {
            register_module(name, layer);
        }

        if (stride != 1 || inputs != outputs)
        {
            _shortcut = nn.Sequential(("0", Convolution(inputs, outputs, 1, stride)), ("1", new Normalization(outputs)));
            register_module("downsample", _shortcut);
        }
    }

    public override Tensor forward(Tensor input)
    {
        Tensor shortcut = _shortcut is null ? input : _shortcut.call(input);
        return nn.functional.relu(_body.call(input).add_(shortcut, One), inplace: true);
    }

    private static nn.Module<Tensor, Tensor> Convolution(int inputs, int outputs, int side, int stride) =>
        nn.Conv2d(inputs, outputs, side, stride: stride, padding: side / 2, bias: false);
}
