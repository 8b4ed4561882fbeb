using System.Security.Cryptography;
using System.Text.Json;
using DataRig.Core;
using DataRig.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>
/// Weights that a training starts from: ImageNet's that come with the build, a file published for torchvision's network of the same name, or another run's model. The
/// last layer is taken only from a run that tells the same parts apart; else it stays as it was drawn at random.
/// </summary>
internal static class Pretrained
{
    /// <summary>In a run's model: its parts in the order of the network's outputs, a JSON array.</summary>
    public const string PartsKey = "parts";

    /// <summary>PyTorch counts batches, which nothing needs.</summary>
    private const string BatchCount = ".num_batches_tracked";

    /// <summary>So many differences are told; where there are more, the file is of another network altogether.</summary>
    private const int MostTold = 20;

    /// <exception cref="WorkFailedException">The file is damaged, or of another network: the message lists every tensor that does not fit.</exception>
    public static void Load(Network network, IReadOnlyList<PartId> classes, string file)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        (Dictionary<string, Tensor> tensors, Dictionary<string, string> metadata) = file == ImageNetWeights.Name ? (ImageNetWeights.Read(), []) : SafeTensors.Read(file);
        bool sameParts = metadata.TryGetValue(PartsKey, out string? parts) && parts == Parts(classes);
        Dictionary<string, Tensor> own = Weights.Of(network).Where(w => sameParts || !network.IsLastLayer(w.Key)).ToDictionary();
        Weights.RequireNumbers(tensors.Where(t => own.ContainsKey(t.Key)), file);
        string[] different =
        [
            .. own.Where(w => !tensors.ContainsKey(w.Key)).Select(w => $"{w.Key} {Shape(w.Value)} is missing"),
            .. own.Where(w => tensors.TryGetValue(w.Key, out Tensor? given) && !given.shape.SequenceEqual(w.Value.shape)).Select(w => $"{w.Key} is {Shape(tensors[w.Key])}, expected {Shape(w.Value)}"),
            .. tensors.Keys.Where(name => !own.ContainsKey(name) && !network.IsLastLayer(name) && !name.EndsWith(BatchCount, StringComparison.Ordinal)).Select(name => $"{name} {Shape(tensors[name])} has no place"),
        ];
        if (different.Length > 0)
        {
            string more = different.Length > MostTold ? $"; and {different.Length - MostTold} more" : "";
            throw new WorkFailedException($"the weights {file} do not fit this network: {string.Join("; ", different.Take(MostTold))}{more}. Choose the network that they are of (\"model\", --network), and for one with dense layers the same inputPixels.");
        }

        foreach ((string name, Tensor tensor) in own)
        {
            tensor.copy_(tensors[name]);
        }
    }

    public static string Parts(IReadOnlyList<PartId> classes) => JsonSerializer.Serialize(classes.Select(c => c.Value));

    /// <summary>SHA-256 of the file, so that a repetition starts from the same weights.</summary>
    /// <exception cref="WorkFailedException">It cannot be read.</exception>
    public static string Hash(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file == ImageNetWeights.Name ? ImageNetWeights.File : file);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"the weights {file} cannot be read: {e.Message}", e);
        }
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
