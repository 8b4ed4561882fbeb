using DataRig.Core;
using DataRig.Learning.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>
/// Trains a network of its own for a few steps while the learning rate rises from nothing to far too much. Nothing is left of it:
/// it writes no file, and libtorch's random generator is put back.
/// </summary>
internal static class LearningRateFinder
{
    public const int Steps = 120;

    private const double First = 1e-7, Last = 3, Memory = 0.9;

    public static LearningRateCurve Find(TrainingOptions options, TrainingSet set, BatchLoader loader, Action<int> progress, CancellationToken cancel)
    {
        using Tensor before = random.get_rng_state();
        try
        {
            using TrainingState state = new(options, set.Classes);
            state.Begin();
            state.Network.FreezeBackbone(options.FrozenEpochs > 0);
            state.Network.Train(options.FrozenEpochs > 0);
            random.manual_seed((long)(options.SeedValue.For("learning rate").Value >> 1));
            using LossFunction loss = new(options, set);
            List<LearningRatePoint> points = [];
            double mean = 0, lowest = double.PositiveInfinity;
            foreach (Batch batch in Batches(options, set, loader, cancel).Take(Steps))
            {
                cancel.ThrowIfCancellationRequested();
                double rate = First * Math.Pow(Last / First, points.Count / (Steps - 1.0));
                double now = state.Step(batch, loss, rate).Loss;
                mean = (Memory * mean) + ((1 - Memory) * now);
                double smooth = mean / (1 - Math.Pow(Memory, points.Count + 1));
                if (!double.IsFinite(smooth) || smooth > LearningRateCurve.Runaway * lowest)
                {
                    break;
                }

                lowest = Math.Min(lowest, smooth);
                points.Add(new LearningRatePoint(rate, smooth));
                progress(points.Count);
            }

            return points.Count > 0 ? new LearningRateCurve(points) : throw new WorkFailedException("the loss is no number from the first step on: check the weights that the training starts from.");
        }
        finally
        {
            random.set_rng_state(before);
        }
    }

    /// <summary>As many epochs as it takes.</summary>
    private static IEnumerable<Batch> Batches(TrainingOptions options, TrainingSet set, BatchLoader loader, CancellationToken cancel)
    {
        for (int epoch = 0; ; epoch++)
        {
            foreach (Batch batch in loader.Epoch(set.Epoch(options, epoch, cancel), options, epoch, cancel))
            {
                yield return batch;
            }
        }
    }
}
