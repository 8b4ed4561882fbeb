using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>
/// Batch normalization (Ioffe and Szegedy, 2015) of [N, channels, H, W], with PyTorch's parameter names and, unless given, its momentum and epsilon.
/// TorchSharp 0.107's own counts batches with a temporary scalar, which the garbage collector may free during the call;
/// nothing needs the count.
/// </summary>
internal sealed class Normalization : nn.Module<Tensor, Tensor>
{
    private readonly double _epsilon, _momentum;

    /// <param name="channels">Of the input.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">The share of a batch in the running statistics.</param>
    public Normalization(int channels, double epsilon = 1e-5, double momentum = 0.1)
        : base(nameof(Normalization))
    {
        (_epsilon, _momentum) = (epsilon, momentum);
        register_parameter("weight", new Parameter(ones(channels)));
        register_parameter("bias", new Parameter(zeros(channels)));
        register_buffer("running_mean", zeros(channels));
        register_buffer("running_var", ones(channels));
    }

    // Asked for by name: moving a module to another device replaces its tensors.
    public override Tensor forward(Tensor input) =>
        nn.functional.batch_norm(input, get_buffer("running_mean"), get_buffer("running_var"), get_parameter("weight"), get_parameter("bias"), training, _momentum, _epsilon);
}
