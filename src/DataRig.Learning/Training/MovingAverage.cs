using DataRig.Learning.Models;
using TorchSharp;
using static DataRig.Learning.Training.Arithmetic;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>A second network whose weights follow the first one's slowly. At the start, when there is little to average, it follows faster.</summary>
/// <param name="network">Follows; owned from here on. Its weights are taken as they are.</param>
/// <param name="decay">The share of the old average that a step keeps.</param>
internal sealed class MovingAverage(Network network, double decay) : IDisposable
{
    public Network Network { get; } = network;

    /// <summary>Begins with a network's weights.</summary>
    public void Begin(Network learning)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        foreach ((Tensor average, Tensor weight) in Pairs(learning))
        {
            average.copy_(weight);
        }
    }

    /// <param name="learning">After a step.</param>
    /// <param name="step">Steps before it, over all epochs.</param>
    public void Follow(Network learning, long step)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        double kept = Math.Min(decay, (1.0 + step) / (10 + step));
        foreach ((Tensor average, Tensor weight) in Pairs(learning))
        {
            Add(Scale(average, kept), weight, 1 - kept);
        }
    }

    public void Dispose() => Network.Dispose();

    private IEnumerable<(Tensor Average, Tensor Weight)> Pairs(Network learning)
    {
        Dictionary<string, Tensor> weights = Weights.Of(learning);
        return Weights.Of(Network).Select(average => (average.Value, weights[average.Key]));
    }
}
