using DataRig.Core;
using DataRig.Learning.Models;
using DataRig.Learning.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DataRig.Learning.Tests.Training;

[Collection(TorchCollection.Name)]
public sealed class OptimizerTests
{
    /// <summary>One weight of 2 with the gradient 0.5, twice, at a learning rate of 0.1 and a decay of 0.01; computed by hand from the papers' formulas.</summary>
    [Theory]
    [InlineData(OptimizerKind.Sgd, 1.849252)]
    [InlineData(OptimizerKind.Adam, 1.800005)]
    [InlineData(OptimizerKind.AdamW, 1.796102)]
    [InlineData(OptimizerKind.Adadelta, 1.999359)]
    [InlineData(OptimizerKind.Adagrad, 1.829357)]
    [InlineData(OptimizerKind.RmsProp, 0.298000)]
    public void Two_steps_match_those_computed_by_hand(OptimizerKind kind, double expected)
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter weight = new(tensor(new[] { 2f }));
        using Optimizer optimizer = new(new TrainingOptions { Optimizer = kind, WeightDecay = 0.01 }, [(weight, 1)]);
        for (int step = 0; step < 2; step++)
        {
            weight.grad?.zero_();
            (weight * tensor(new[] { 0.5f })).sum().backward();
            optimizer.Step(0.1);
        }

        Assert.Equal(expected, weight.detach().item<float>(), 1e-6);
    }

    [Fact]
    public void A_gradient_that_is_too_long_is_shortened_and_a_short_one_stays()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter first = new(zeros(2)), second = new(zeros(1));
        using Optimizer optimizer = new(new TrainingOptions(), [(first, 1), (second, 1)]);
        ((first * tensor(new[] { 3f, 0f })).sum() + (second * tensor(new[] { 4f })).sum()).backward();

        optimizer.Clip(10);
        Assert.Equal([3f, 0, 4], first.grad!.data<float>().Concat(second.grad!.data<float>()));
        optimizer.Clip(2.5);
        Assert.Equal([1.5f, 0, 2], first.grad!.data<float>().Concat(second.grad!.data<float>()));
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Adadelta)]
    public async Task The_garbage_collector_changes_nothing(OptimizerKind kind)
    {
        float[] calm = Train(kind);
        using CancellationTokenSource stop = new();
        Task collector = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        try
        {
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(calm, Train(kind));
            }
        }
        finally
        {
            await stop.CancelAsync();
            await collector;
        }
    }

    private static float[] Train(OptimizerKind kind)
    {
        using DisposeScope scope = NewDisposeScope();
        using Network network = ModelNames.Build("residual", 3, new PreprocessingOptions { InputPixels = 32 }, new Seed(4));
        using Optimizer optimizer = new(new TrainingOptions { Optimizer = kind }, network.parameters().Select(p => (p, 1.0)));
        Tensor pictures = randn(4, 3, 32, 32), targets = tensor(new long[] { 0, 1, 2, 0 });
        for (int step = 0; step < 40; step++)
        {
            using DisposeScope batch = NewDisposeScope();
            network.zero_grad();
            nn.functional.cross_entropy(network.call(pictures), targets).backward();
            optimizer.Step(1e-3);
        }

        return [.. network.parameters().SelectMany(p => p.detach().data<float>().ToArray())];
    }
}
