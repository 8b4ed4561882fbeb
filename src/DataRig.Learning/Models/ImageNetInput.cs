using DataRig.Learning.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>The scale that torchvision's published weights expect, made inside the network: every network takes our pictures.</summary>
internal static class ImageNetInput
{
    /// <summary>Red, green and blue of ImageNet's training pictures, where 1 is white (torchvision's presets).</summary>
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f], Deviation = [0.229f, 0.224f, 0.225f];

    /// <summary>Held here, for the plus sign would make one that may be freed while libtorch still reads it.</summary>
    private static readonly Scalar One = 1.0;

    /// <summary>Pictures [N, 3, S, S] on our scale to mean 0 and deviation 1 of ImageNet.</summary>
    public static Tensor From(Tensor pictures) =>
        pictures.mul(Row([.. Deviation.Select(d => PixelScale.Unit / d)], pictures)).add_(Row([.. Mean.Zip(Deviation, (m, d) => (PixelScale.Middle - m) / d)], pictures), One);

    private static Tensor Row(float[] values, Tensor like) => tensor(values).reshape(1, 3, 1, 1).to(like.device);
}
