using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>
/// The network of the article "Training a CNN to classify LEGOs", kept as the yardstick: three times convolution,
/// ReLU and pooling, then a dense layer with dropout. Input [N, 3, inputPixels, inputPixels].
/// </summary>
internal sealed class ArticleNetwork : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _features;
    private readonly nn.Module<Tensor, Tensor> _classifier;

    public ArticleNetwork(int classes, int inputPixels)
        : base(nameof(ArticleNetwork))
    {
        int side = ((((inputPixels - 2) / 2) - 2) / 2 - 2) / 2;
        _features = nn.Sequential(
            ("conv1", nn.Conv2d(3, 32, 3)), ("relu1", nn.ReLU()), ("pool1", nn.MaxPool2d(2)),
            ("conv2", nn.Conv2d(32, 32, 3)), ("relu2", nn.ReLU()), ("pool2", nn.MaxPool2d(2)),
            ("conv3", nn.Conv2d(32, 64, 3)), ("relu3", nn.ReLU()), ("pool3", nn.MaxPool2d(2)));
        _classifier = nn.Sequential(
            ("flatten", nn.Flatten()), ("dense", nn.Linear(64 * side * side, 64)), ("relu", nn.ReLU()),
            ("dropout", nn.Dropout(0.5)), ("output", nn.Linear(64, classes)));
        register_module("features", _features);
        register_module("classifier", _classifier);
    }

    public override Tensor forward(Tensor input) => _classifier.call(_features.call(input));
}
