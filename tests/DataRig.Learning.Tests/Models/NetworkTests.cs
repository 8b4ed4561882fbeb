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
}
