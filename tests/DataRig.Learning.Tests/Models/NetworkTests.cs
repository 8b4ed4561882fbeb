using DataRig.Core;
using DataRig.Learning.Loading;
using DataRig.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Tests.Models;

/// <summary>Making a network draws from libtorch's one random generator, so these take turns with the others that do.</summary>
[Collection(TorchCollection.Name)]
public sealed class NetworkTests
{
    public NetworkTests() => TorchRuntime.Initialize();

    [Fact]
    public void PoolingGivesTheMeanAndTheMaximumOfEachMap()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor maps = tensor(new float[] { 1, 2, 3, 6, 0, 0, 0, -4 }).reshape(1, 2, 2, 2);

        float[] pooled = new AverageAndMaximumPool().call(maps).data<float>().ToArray();

        Assert.Equal([3, -1, 6, 0], pooled);
    }

    /// <summary>A block that adds nothing until it has learned to would leave a short training with its shortcuts alone.</summary>
    [Fact]
    public void EveryBlockActsFromTheStart()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor weight) in new ResidualNetwork(10).named_parameters().Where(p => p.name.EndsWith("norm2.weight", StringComparison.Ordinal)))
        {
            Assert.True(weight.min().item<float>() > 0.5f, name);
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(81)]
    public void AnyInputSizeGivesOneNumberAPart(int pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        using ResidualNetwork network = new(7);
        network.eval();

        Assert.Equal([2, 7], network.call(zeros(2, 3, pixels, pixels)).shape);
    }

    /// <summary>The numbers of weights are those that torchvision states for its networks with ImageNet's 1000 classes; the names are spread over their state dictionaries.</summary>
    [Theory]
    [InlineData("resnet18", 11_689_512, "conv1.weight 64 3 7 7", "bn1.running_var 64", "layer2.0.downsample.0.weight 128 64 1 1", "layer4.1.bn2.bias 512", "fc.weight 1000 512")]
    [InlineData("resnet34", 21_797_672, "layer3.5.conv2.weight 256 256 3 3", "layer2.0.downsample.1.running_mean 128", "fc.bias 1000")]
    [InlineData("resnet50", 25_557_032, "layer1.0.downsample.0.weight 256 64 1 1", "layer1.2.conv3.weight 256 64 1 1", "layer4.0.conv2.weight 512 512 3 3", "layer4.2.bn3.weight 2048", "fc.weight 1000 2048")]
    [InlineData("vgg19", 143_667_240, "features.0.weight 64 3 3 3", "features.34.bias 512", "features.16.weight 256 256 3 3", "classifier.0.weight 4096 25088", "classifier.6.weight 1000 4096")]
    [InlineData("mobilenet-v3-small", 2_542_856, "features.0.0.weight 16 3 3 3", "features.1.block.0.0.weight 16 1 3 3", "features.1.block.1.fc1.weight 8 16 1 1", "features.2.block.2.1.weight 24", "features.4.block.1.0.weight 96 1 5 5", "features.4.block.2.fc2.bias 96", "features.12.1.running_mean 576", "classifier.0.weight 1024 576", "classifier.3.bias 1000")]
    public void A_published_network_has_torchvision_s_parameters(string name, long weights, params string[] tensors)
    {
        using DisposeScope scope = NewDisposeScope();
        using Network network = ModelNames.Build(name, 1000, new PreprocessingOptions(), new Seed(1));

        Assert.Equal(weights, network.parameters().Sum(p => p.numel()));
        Dictionary<string, Tensor> state = network.state_dict();
        Assert.All(tensors, t => Assert.Equal(t, $"{t.Split(' ')[0]} {string.Join(' ', state[t.Split(' ')[0]].shape)}"));
        Assert.Contains($"{network.LastLayer}.weight", state.Keys);
    }

    [Theory]
    [InlineData("article")]
    [InlineData("residual")]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    [InlineData("mobilenet-v3-small")]
    public void Maps_are_embedded_and_embeddings_classified(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using Network network = ModelNames.Build(name, 5, new PreprocessingOptions { InputPixels = 48 }, new Seed(1));
        network.eval();
        Tensor pictures = randn(2, 3, 48, 48);

        Tensor maps = network.Maps(pictures), embeddings = network.Embed(maps), logits = network.Classify(embeddings);

        Assert.Equal((4, 2), (maps.shape.Length, embeddings.shape.Length));
        Assert.Equal([2, 5], logits.shape);
        Assert.Equal(embeddings.shape[1], network.state_dict()[$"{network.LastLayer}.weight"].shape[1]);
        Assert.True(network.call(pictures).allclose(logits));
    }

    /// <summary>A picture of four patches is seen as its patches are: their maps beside each other, the highest of their embeddings.</summary>
    [Theory]
    [InlineData("residual")]
    [InlineData("article")]
    public void Patches_are_looked_at_one_by_one(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        PreprocessingOptions one = new() { InputPixels = 32 };
        using Network single = ModelNames.Build(name, 4, one, new Seed(1)), patched = ModelNames.Build(name, 4, one with { Patches = 2 }, new Seed(1));
        single.eval();
        patched.eval();
        Tensor pictures = randn(3, 3, 64, 64);
        Tensor[] parts = [.. from row in new[] { 0, 32 } from column in new[] { 0, 32 } select pictures[TensorIndex.Ellipsis, TensorIndex.Slice(row, row + 32), TensorIndex.Slice(column, column + 32)].contiguous()];

        Tensor maps = patched.Maps(pictures), embeddings = patched.Embed(maps);

        Tensor[] alone = [.. parts.Select(p => single.Maps(p))];
        Assert.True(maps.allclose(cat([cat([alone[0], alone[1]], 3), cat([alone[2], alone[3]], 3)], 2), atol: 1e-5));
        Assert.True(embeddings.allclose(stack(alone.Select(m => single.Embed(m))).amax([0]), atol: 1e-5));
        Assert.Equal(single.state_dict().Keys, patched.state_dict().Keys);
        Assert.Equal([3, 4], patched.call(pictures).shape);
    }

    /// <summary>White, black and a colour between, as torchvision's transforms make them of 8-bit values.</summary>
    [Fact]
    public void Our_scale_becomes_ImageNet_s_inside_the_network()
    {
        using DisposeScope scope = NewDisposeScope();
        float[] values = [255, 0, 124];
        Tensor pictures = tensor(values.SelectMany(_ => values.Select(PixelScale.ToInput)).ToArray()).reshape(1, 3, 1, 3);

        float[] input = ImageNetInput.From(pictures).data<float>().ToArray();

        float[] mean = [0.485f, 0.456f, 0.406f], deviation = [0.229f, 0.224f, 0.225f];
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(((values[i % 3] / 255) - mean[i / 3]) / deviation[i / 3], input[i], 1e-4f);
        }
    }
}
