using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Loading;
using DataRig.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>
/// Before hours are spent: a network that cannot learn five pictures by heart will learn nothing from thousands, and the
/// reason is a mistake rather than the data. Uses a network of its own.
/// </summary>
internal static class FiveImageCheck
{
    private const int Images = 5;
    private const int MostSteps = 150;
    private const int StepsBetweenLooks = 5;

    /// <summary>How many streamed frames a class the five are chosen from, besides the dataset's.</summary>
    private const int StreamedAClass = 4;

    /// <exception cref="WorkFailedException">The five are not all recognized after <see cref="MostSteps"/> steps.</exception>
    public static void Run(TrainingOptions options, TrainingSet set, BatchLoader loader, CancellationToken cancel)
    {
        Sample[] five = Choose([.. set.Train, .. set.Streamed(0, StreamedAClass * set.Classes.Count, cancel)], options.SeedValue);
        Batch batch = loader.Plain(five, cancel).Single();
        using Network network = ModelNames.Build(options.Model, set.Classes.Count, options.Preprocessing, options.SeedValue);
        if (options.Weights is { } weights)
        {
            Pretrained.Load(network, set.Classes, weights);
        }

        using Optimizer optimizer = new(options, Optimizer.Shares(network, options));
        network.train();
        int right = 0;
        for (int step = 1; step <= MostSteps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using (NewDisposeScope())
            {
                network.zero_grad();
                nn.functional.cross_entropy(network.call(batch.Pictures()), batch.Targets()).backward();
                optimizer.Step(options.LearningRate);
            }

            if (step % StepsBetweenLooks == 0)
            {
                float[][] probabilities = Evaluation.Probabilities(network, batch);
                right = five.Where((sample, i) => Evaluation.Best(probabilities[i]) == sample.Label).Count();
                if (right == five.Length)
                {
                    return;
                }
            }
        }

        throw new WorkFailedException(
            $"the network learned {right} of {five.Length} pictures by heart in {MostSteps} steps, all are expected. One of these is wrong: "
            + $"the crop or the resize (cropFraction {options.Preprocessing.CropFraction}, inputPixels {options.Preprocessing.InputPixels}: is the part inside the window?), "
            + $"the labels ({string.Join(", ", five.Select(s => $"{Name(s.Frame)} is {s.Frame.Part}"))}), or the learning rate ({options.LearningRate}: try ten times as much and a tenth).");
    }

    private static string Name(FrameLabels frame) => frame is FrameRecord stored ? Path.GetFileName(stored.ImagePath) : frame.Origin ?? "a streamed frame";

    /// <summary>Pictures of as many different parts as there are, chosen by the seed.</summary>
    private static Sample[] Choose(IReadOnlyList<Sample> samples, Seed seed)
    {
        int[] order = seed.For("five images").At(0).Permutation("order", samples.Count);
        return [.. order.Select(i => samples[i])
            .GroupBy(s => s.Label)
            .SelectMany(g => g.Select((sample, round) => (sample, round)))
            .OrderBy(p => p.round)
            .Take(Images)
            .Select(p => p.sample)];
    }
}
