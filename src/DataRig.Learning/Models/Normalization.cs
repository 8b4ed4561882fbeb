using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DataRig.Learning.Models;

/// <summary>
/// Batch normalization (Ioffe and Szegedy, 2015) of [N, channels, H, W], with PyTorch's parameter names, momentum and epsilon.
/// TorchSharp 0.107's own counts batches with a temporary scalar, which the garbage collector may free during the call;
/// nothing needs the count.
/// </summary>
internal sealed class Normalization : nn.Module<Tensor, Tensor>
{
    /// <param name="channels">Of the input.</param>
    public Normalization(int channels)
        : base(nameof(Normalization))
    {
        register_parameter("weight", new Parameter(ones(channels)));
        register_parameter("bias", new Parameter(zeros(channels)));
        register_buffer("running_mean", zeros(channels));
        register_buffer("running_var", ones(channels));
    }

    // Asked for by name: moving a module to another device replaces its tensors.
    public override Tensor forward(Tensor input) =>
        nn.functional.batch_norm(input, get_buffer("running_mean"), get_buffer("running_var"), get_parameter("weight"), get_parameter("bias"), training);
}
