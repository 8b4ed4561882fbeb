using DataRig.Learning.Loading;
using DataRig.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>Shows pictures to a network that is not learning. Training's validation, the validator and the predictor all come through here.</summary>
internal static class Evaluation
{
    /// <returns>For each picture the probability of each class; they add up to 1.</returns>
    public static float[][] Probabilities(Network network, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        bool training = network.training;
        network.eval();
        try
        {
            using Tensor probabilities = nn.functional.softmax(network.call(batch.Pictures()), dim: 1).cpu();
            float[] all = [.. probabilities.data<float>()];
            return all.Chunk(all.Length / batch.Count).ToArray();
        }
        finally
        {
            network.train(training);
        }
    }

    public static int Best(ReadOnlySpan<float> probabilities)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }

        return best;
    }

    /// <summary>The cross-entropy of one frame in nats; a probability that rounds to 0 counts as the smallest one.</summary>
    public static double Loss(float probabilityOfTruth) => -Math.Log(Math.Max(probabilityOfTruth, 1e-12));
}
