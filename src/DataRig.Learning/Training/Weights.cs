using DataRig.Core;
using DataRig.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>A network's parameters and buffers, to and from named tensors.</summary>
internal static class Weights
{
    /// <summary>The network's own tensors, not copied.</summary>
    public static Dictionary<string, Tensor> Of(Network network) =>
        network.state_dict().OrderBy(p => p.Key, StringComparer.Ordinal).ToDictionary(p => p.Key, p => p.Value);

    /// <exception cref="WorkFailedException">The tensors are of another network.</exception>
    public static void Load(Network network, IReadOnlyDictionary<string, Tensor> tensors, string file)
    {
        using (no_grad())
        {
            Dictionary<string, Tensor> own = Of(network);
            string[] different = [.. own.Keys.Except(tensors.Keys).Concat(tensors.Keys.Except(own.Keys)).Order(StringComparer.Ordinal)];
            if (different.Length > 0)
            {
                throw new WorkFailedException($"{file} holds the weights of another network: {different[0]}{(different.Length > 1 ? $" and {different.Length - 1} more tensors are" : " is")} only on one side.");
            }

            foreach ((string name, Tensor tensor) in own)
            {
                if (!tensor.shape.SequenceEqual(tensors[name].shape))
                {
                    throw new WorkFailedException($"{file} holds the weights of another network: {name} has the shape [{string.Join(", ", tensors[name].shape)}], expected [{string.Join(", ", tensor.shape)}].");
                }

                tensor.copy_(tensors[name]);
            }
        }
    }
}
