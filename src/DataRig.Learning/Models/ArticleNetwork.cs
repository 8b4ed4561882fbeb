using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>
/// The network of the article "Training a CNN to classify LEGOs", kept as the yardstick: three times convolution,
/// ReLU and pooling, then a dense layer with dropout. Input [N, 3, inputPixels, inputPixels].
/// </summary>
internal sealed class ArticleNetwork : Network
{
    private readonly nn.Module<Tensor, Tensor> _features, _dense, _dropout, _output;

    public ArticleNetwork(int classes, int inputPixels)
        : base(nameof(ArticleNetwork))
    {
        int side = ((((inputPixels - 2) / 2) - 2) / 2 - 2) / 2;
        _features = nn.Sequential(
            ("conv1", nn.Conv2d(3, 32, 3)), ("relu1", nn.ReLU()), ("pool1", nn.MaxPool2d(2)),
            ("conv2", nn.Conv2d(32, 32, 3)), ("relu2", nn.ReLU()), ("pool2", nn.MaxPool2d(2)),
            ("conv3", nn.Conv2d(32, 64, 3)), ("relu3", nn.ReLU()));
        _dense = nn.Linear(64 * side * side, 64);
        _dropout = nn.Dropout(0.5);
        _output = nn.Linear(64, classes);
        register_module("features", _features);
        register_module("classifier", nn.Sequential(("dense", _dense), ("dropout", _dropout), ("output", _output)));
    }

    public override string LastLayer => "classifier.output";

    public override Tensor Maps(Tensor pictures) => _features.call(pictures);

    public override Tensor Embed(Tensor maps) =>
        nn.functional.relu(_dense.call(nn.functional.max_pool2d(maps, 2).flatten(1)));

    public override Tensor Classify(Tensor embeddings) => _output.call(_dropout.call(embeddings));
}
