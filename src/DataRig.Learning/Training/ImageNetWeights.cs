using DataRig.Core;
using Google.Protobuf;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>
/// A ResNet18 that has learned ImageNet's million photographs, which comes with the build: the ONNX file of the package
/// Microsoft.ML.DnnImageFeaturizer.ResNet18 (MIT), read into torchvision's names and input scale.
/// </summary>
internal static class ImageNetWeights
{
    /// <summary>What stands for the weights in a configuration and on the command line.</summary>
    public const string Name = "imagenet";

    /// <summary>The network that they are of.</summary>
    public const string Network = "resnet18";

    /// <summary>Its last stage has a third block, which torchvision's lacks; the network goes without.</summary>
    private static readonly int[] Blocks = [2, 2, 2, 3];

    private const int LastStage = 4, BlocksOfTorchvision = 2;

    /// <summary>Deviations of red, green and blue that torchvision divides by; these weights expect 0 to 255 and blue first.</summary>
    private static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    /// <summary>Field numbers of onnx.proto3.</summary>
    private const int Graph = 7, Node = 1, Initializer = 5, NodeInput = 1, NodeOutput = 2, NodeKind = 4, Dimensions = 1, FloatData = 4, TensorName = 8;

    public static string File { get; } = Path.Combine(AppContext.BaseDirectory, "imagenet-resnet18.onnx");

    /// <summary>The tensors by torchvision's names, without the last layer. The caller disposes them.</summary>
    /// <exception cref="WorkFailedException">The file is missing or damaged.</exception>
    public static Dictionary<string, Tensor> Read()
    {
        TorchRuntime.Initialize();
        try
        {
            return Named(System.IO.File.ReadAllBytes(File));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or InvalidProtocolBufferException or KeyNotFoundException)
        {
            throw new WorkFailedException($"ImageNet's weights {File} cannot be used: {e.Message.TrimEnd('.')}. Build again with ./datarig, which restores them.", e);
        }
    }

    private static Dictionary<string, Tensor> Named(byte[] content)
    {
        List<(string Kind, List<string> Inputs, string Output)> nodes = [];
        Dictionary<string, (List<long> Shape, float[] Values)> values = new(StringComparer.Ordinal);
        foreach (CodedInputStream graph in Messages(new CodedInputStream(content), Graph))
        {
            for (uint tag = graph.ReadTag(); tag != 0; tag = graph.ReadTag())
            {
                switch (WireFormat.GetTagFieldNumber(tag))
                {
                    case Node: nodes.Add(ReadNode(graph.ReadBytes().CreateCodedInput())); break;
                    case Initializer: ReadTensor(graph.ReadBytes().CreateCodedInput(), values); break;
                    default: graph.SkipLastField(); break;
                }
            }
        }

        // They stand in the order of the computation, in each block the shortcut's convolution first.
        string[] names = [.. Convolutions()];
        (string Kind, List<string> Inputs, string Output)[] convolutions = [.. nodes.Where(n => n.Kind == "Conv")];
        Dictionary<string, List<string>> norms = nodes.Where(n => n.Kind == "BatchNormalization").ToDictionary(n => n.Inputs[0], n => n.Inputs);
        if (convolutions.Length != names.Length)
        {
            throw new InvalidDataException($"it has {convolutions.Length} convolutions, {names.Length} are expected");
        }

        Dictionary<string, Tensor> tensors = [];
        foreach ((string name, (_, List<string> inputs, string output)) in names.Zip(convolutions).Where(p => !p.First.StartsWith($"layer{LastStage}.{BlocksOfTorchvision}.", StringComparison.Ordinal)))
        {
            (List<long> shape, float[] weights) = values[inputs[1]];
            tensors[name + ".weight"] = tensor(name == "conv1" ? OnOurScale(weights, shape) : weights, [.. shape]);
            List<string> norm = norms[output];
            string normName = name.EndsWith("downsample.0", StringComparison.Ordinal) ? name[..^1] + "1" : name.Replace("conv", "bn", StringComparison.Ordinal);
            foreach ((string suffix, string source) in new[] { "weight", "bias", "running_mean", "running_var" }.Zip(norm.Skip(1)))
            {
                tensors[$"{normName}.{suffix}"] = tensor(values[source].Values);
            }
        }

        return tensors;
    }

    private static IEnumerable<string> Convolutions()
    {
        yield return "conv1";
        for (int stage = 1; stage <= Blocks.Length; stage++)
        {
            for (int block = 0; block < Blocks[stage - 1]; block++)
            {
                if (stage > 1 && block == 0)
                {
                    yield return $"layer{stage}.0.downsample.0";
                }

                yield return $"layer{stage}.{block}.conv1";
                yield return $"layer{stage}.{block}.conv2";
            }
        }
    }

    /// <summary>The first convolution's weights [outputs, 3, h, w], from blue first and 0 to 255 to red first and deviation 1.</summary>
    private static float[] OnOurScale(float[] weights, List<long> shape)
    {
        int plane = (int)(shape[2] * shape[3]);
        float[] turned = new float[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            int channel = i / plane % 3;
            turned[i] = weights[i + ((2 - (2 * channel)) * plane)] * 255 * Deviation[channel];
        }

        return turned;
    }

    private static (string Kind, List<string> Inputs, string Output) ReadNode(CodedInputStream node)
    {
        List<string> inputs = [];
        string kind = "", output = "";
        for (uint tag = node.ReadTag(); tag != 0; tag = node.ReadTag())
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case NodeInput: inputs.Add(node.ReadString()); break;
                case NodeOutput: output = node.ReadString(); break;
                case NodeKind: kind = node.ReadString(); break;
                default: node.SkipLastField(); break;
            }
        }

        return (kind, inputs, output);
    }

    private static void ReadTensor(CodedInputStream tensor, Dictionary<string, (List<long> Shape, float[] Values)> values)
    {
        List<long> shape = [];
        string name = "";
        float[] floats = [];
        for (uint tag = tensor.ReadTag(); tag != 0; tag = tensor.ReadTag())
        {
            bool packed = WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case Dimensions when packed:
                    for (CodedInputStream sizes = tensor.ReadBytes().CreateCodedInput(); !sizes.IsAtEnd;)
                    {
                        shape.Add(sizes.ReadInt64());
                    }

                    break;
                case Dimensions: shape.Add(tensor.ReadInt64()); break;
                case FloatData when packed: floats = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.ReadBytes().Span).ToArray(); break;
                case TensorName: name = tensor.ReadString(); break;
                default: tensor.SkipLastField(); break;
            }
        }

        values[name] = (shape, floats);
    }

    private static IEnumerable<CodedInputStream> Messages(CodedInputStream stream, int field)
    {
        for (uint tag = stream.ReadTag(); tag != 0; tag = stream.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field)
            {
                yield return stream.ReadBytes().CreateCodedInput();
            }
            else
            {
                stream.SkipLastField();
            }
        }
    }
}
