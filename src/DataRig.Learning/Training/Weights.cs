using DataRig.Core;
using DataRig.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>A network's parameters and buffers, to and from named tensors.</summary>
internal static class Weights
{
    /// <summary>Tensors that a message names.</summary>
    private const int MostTold = 20;

    /// <summary>The network's own tensors, not copied.</summary>
    public static Dictionary<string, Tensor> Of(Network network) =>
        network.state_dict().OrderBy(p => p.Key, StringComparer.Ordinal).ToDictionary(p => p.Key, p => p.Value);

    /// <exception cref="WorkFailedException">The tensors are of another network, or hold values that are not numbers.</exception>
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

            RequireNumbers(tensors, file);
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

    /// <summary>A network of which one weight is no number answers nothing, and says so of no picture.</summary>
    /// <exception cref="WorkFailedException">Some values are infinite or not numbers.</exception>
    public static void RequireNumbers(IEnumerable<KeyValuePair<string, Tensor>> tensors, string file)
    {
        string[] broken = [.. tensors.Where(t => t.Value.is_floating_point() && !t.Value.isfinite().all().item<bool>()).Select(t => t.Key)];
        if (broken.Length > 0)
        {
            throw new WorkFailedException($"the weights {file} hold values that are not numbers, in {string.Join(", ", broken.Take(MostTold))}{(broken.Length > MostTold ? ", ..." : "")}: take another copy of the file, or train again.");
        }
    }
}
