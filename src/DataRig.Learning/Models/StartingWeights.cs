using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>The random weights that torchvision's networks start from: those that keep the signal's size through many layers (He et al., 2015).</summary>
internal static class StartingWeights
{
    private const double DenseDeviation = 0.01;

    /// <summary>Normal convolutions by fan-out, narrow normal dense layers, biases 0; batch normalization stays as it is.</summary>
    public static void Draw(nn.Module network)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        foreach (nn.Module module in network.modules())
        {
            if (module is Conv2d convolution)
            {
                long[] shape = convolution.weight.shape;
                _ = convolution.weight.normal_(0, Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3])));
                _ = convolution.bias?.zero_();
            }
            else if (module is Linear dense)
            {
                _ = dense.weight.normal_(0, DenseDeviation);
                _ = dense.bias?.zero_();
            }
        }
    }
}
