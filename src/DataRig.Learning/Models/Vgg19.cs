using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>
/// VGG 19 (Simonyan and Zisserman, 2015), 140 million weights, with torchvision's layers and parameter names, so that weights
/// published for it load. Input [N, 3, S, S], S at least 32.
/// </summary>
internal sealed class Vgg19 : Network
{
    /// <summary>Convolutions in each of the five stages, and their maps.</summary>
    private static readonly (int Convolutions, int Width)[] Stages = [(2, 64), (2, 128), (4, 256), (4, 512), (4, 512)];

    private const int PooledSide = 7, Dense = 4096;

    private readonly nn.Module<Tensor, Tensor> _maps, _embedding, _last;

    public Vgg19(int classes)
        : base(nameof(Vgg19))
    {
        List<nn.Module<Tensor, Tensor>> layers = [];
        int width = 3;
        foreach ((int convolutions, int outputs) in Stages)
        {
            for (int i = 0; i < convolutions; i++)
            {
                layers.Add(nn.Conv2d(width, outputs, 3, padding: 1));
                layers.Add(nn.ReLU(inplace: true));
                width = outputs;
            }

            layers.Add(nn.MaxPool2d(2));
        }

        // The last pooling is left to the embedding, so that the maps are those of the last convolution.
        _maps = nn.Sequential([.. layers.SkipLast(1).Select(Numbered)]);
        nn.Module<Tensor, Tensor>[] dense =
        [
            nn.Linear(width * PooledSide * PooledSide, Dense), nn.ReLU(inplace: true), nn.Dropout(0.5),
            nn.Linear(Dense, Dense), nn.ReLU(inplace: true), nn.Dropout(0.5),
        ];
        _embedding = nn.Sequential([("pool", layers[^1]), ("avgpool", nn.AdaptiveAvgPool2d([PooledSide, PooledSide])), ("flatten", nn.Flatten()), .. dense.Select(Numbered)]);
        _last = nn.Linear(Dense, classes);
        register_module("features", _maps);
        register_module("classifier", nn.Sequential([.. dense.Append(_last).Select(Numbered)]));
        StartingWeights.Draw(this);
    }

    public override string LastLayer => "classifier.6";

    public override Tensor Maps(Tensor pictures) => _maps.call(ImageNetInput.From(pictures));

    public override Tensor Embed(Tensor maps) => _embedding.call(maps);

    public override Tensor Classify(Tensor embeddings) => _last.call(embeddings);

    private static (string, nn.Module<Tensor, Tensor>) Numbered(nn.Module<Tensor, Tensor> layer, int number) => (number.ToString(CultureInfo.InvariantCulture), layer);
}
