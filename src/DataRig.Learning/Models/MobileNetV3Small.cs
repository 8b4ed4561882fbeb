using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>
/// MobileNetV3-Small (Howard et al., 2019) with torchvision's layers and parameter names, so that weights published for it
/// load. Input [N, 3, S, S], S at least 32.
/// </summary>
internal sealed class MobileNetV3Small : Network
{
    /// <summary>The paper's table 2.</summary>
    private static readonly InvertedResidualShape[] Shapes =
    [
        new(16, 3, 16, 16, true, false, 2), new(16, 3, 72, 24, false, false, 2), new(24, 3, 88, 24, false, false, 1),
        new(24, 5, 96, 40, true, true, 2), new(40, 5, 240, 40, true, true, 1), new(40, 5, 240, 40, true, true, 1),
        new(40, 5, 120, 48, true, true, 1), new(48, 5, 144, 48, true, true, 1),
        new(48, 5, 288, 96, true, true, 2), new(96, 5, 576, 96, true, true, 1), new(96, 5, 576, 96, true, true, 1),
    ];

    private const int LastMaps = 576, Dense = 1024;

    private readonly nn.Module<Tensor, Tensor> _maps, _dense, _hardswish, _dropout, _last;

    public MobileNetV3Small(int classes)
        : base(nameof(MobileNetV3Small))
    {
        nn.Module<Tensor, Tensor>[] layers =
        [
            MobileNetLayers.Convolution(3, Shapes[0].Inputs, 3, 2, 1, nn.Hardswish()),
            .. Shapes.Select(shape => new InvertedResidual(shape)),
            MobileNetLayers.Convolution(Shapes[^1].Outputs, LastMaps, 1, 1, 1, nn.Hardswish()),
        ];
        _maps = nn.Sequential([.. layers.Select((layer, i) => (i.ToString(CultureInfo.InvariantCulture), layer))]);
        _dense = nn.Linear(LastMaps, Dense);
        _hardswish = nn.Hardswish();
        _dropout = nn.Dropout(0.2);
        _last = nn.Linear(Dense, classes);
        register_module("features", _maps);
        register_module("classifier", nn.Sequential(("0", _dense), ("1", _hardswish), ("2", _dropout), ("3", _last)));
        StartingWeights.Draw(this);
    }

    public override string LastLayer => "classifier.3";

    public override Tensor Maps(Tensor pictures) => _maps.call(ImageNetInput.From(pictures));

    public override Tensor Embed(Tensor maps) => _hardswish.call(_dense.call(maps.mean([2, 3])));

    public override Tensor Classify(Tensor embeddings) => _last.call(_dropout.call(embeddings));
}

/// <summary>One row of the table: maps in, side of the depthwise kernel, maps between, maps out, squeeze and excitation, hard swish instead of ReLU, stride.</summary>
internal sealed record InvertedResidualShape(int Inputs, int Side, int Expanded, int Outputs, bool Squeezes, bool Swishes, int Stride);

/// <summary>Widens by 1x1, convolves each map alone, weighs the maps, narrows by 1x1; added to the input where the shape stays.</summary>
internal sealed class InvertedResidual : nn.Module<Tensor, Tensor>
{
    /// <summary>Held here: a temporary one may be freed during the call that takes it.</summary>
    private static readonly Scalar One = 1.0;

    private readonly nn.Module<Tensor, Tensor> _block;
    private readonly bool _adds;

    public InvertedResidual(InvertedResidualShape shape)
        : base(nameof(InvertedResidual))
    {
        nn.Module<Tensor, Tensor> Activation() => shape.Swishes ? nn.Hardswish() : nn.ReLU(inplace: true);
        List<nn.Module<Tensor, Tensor>> layers = [];
        if (shape.Expanded != shape.Inputs)
        {
            layers.Add(MobileNetLayers.Convolution(shape.Inputs, shape.Expanded, 1, 1, 1, Activation()));
        }

        layers.Add(MobileNetLayers.Convolution(shape.Expanded, shape.Expanded, shape.Side, shape.Stride, shape.Expanded, Activation()));
        if (shape.Squeezes)
        {
            layers.Add(new SqueezeAndExcitation(shape.Expanded));
        }

        layers.Add(MobileNetLayers.Convolution(shape.Expanded, shape.Outputs, 1, 1, 1, null));
        _block = nn.Sequential([.. layers.Select((layer, i) => (i.ToString(CultureInfo.InvariantCulture), layer))]);
        _adds = shape.Stride == 1 && shape.Inputs == shape.Outputs;
        register_module("block", _block);
    }

    public override Tensor forward(Tensor input)
    {
        Tensor result = _block.call(input);
        return _adds ? result.add_(input, One) : result;
    }
}

/// <summary>Weighs each map by what all maps show in the mean (Hu et al., 2018).</summary>
internal sealed class SqueezeAndExcitation : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _narrow, _widen;

    public SqueezeAndExcitation(int maps)
        : base(nameof(SqueezeAndExcitation))
    {
        int narrow = MobileNetLayers.MultipleOfEight(maps / 4);
        _narrow = nn.Conv2d(maps, narrow, 1);
        _widen = nn.Conv2d(narrow, maps, 1);
        register_module("fc1", _narrow);
        register_module("fc2", _widen);
    }

    public override Tensor forward(Tensor input) =>
        input * nn.functional.hardsigmoid(_widen.call(nn.functional.relu(_narrow.call(input.mean([2, 3], keepdim: true)))));
}

/// <summary>What MobileNet's layers share.</summary>
internal static class MobileNetLayers
{
    /// <summary>Convolution without bias, batch normalization with the paper's constants, activation where there is one.</summary>
    public static nn.Module<Tensor, Tensor> Convolution(int inputs, int outputs, int side, int stride, int groups, nn.Module<Tensor, Tensor>? activation)
    {
        List<(string, nn.Module<Tensor, Tensor>)> layers =
        [
            ("0", nn.Conv2d(inputs, outputs, side, stride: stride, padding: (side - 1) / 2, groups: groups, bias: false)),
            ("1", new Normalization(outputs, epsilon: 1e-3, momentum: 0.01)),
        ];
        return nn.Sequential(activation is null ? layers : [.. layers, ("2", activation)]);
    }

    /// <summary>The nearest multiple of eight that is no more than a tenth smaller (the paper's rule for widths).</summary>
    public static int MultipleOfEight(int width)
    {
        int nearest = Math.Max(8, (width + 4) / 8 * 8);
        return nearest < 0.9 * width ? nearest + 8 : nearest;
    }
}
