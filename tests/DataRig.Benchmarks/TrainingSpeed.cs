using System.Diagnostics;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Learning.Loading;
using DataRig.Learning.Training;

namespace DataRig.Benchmarks;

/// <summary>
/// Training from JPEG files with augmentation beside the same network fed one batch again and again, in turns, so that what else runs
/// on the machine slows both. Then the memory over fifty epochs.
/// </summary>
internal static class TrainingSpeed
{
    private const int Frames = 640, Rounds = 5, Epochs = 50;

    /// <param name="arguments">The dataset; pixels of the input, 96 unless given.</param>
    public static Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            throw new WorkFailedException("name a dataset: training-speed DATASET [PIXELS]");
        }

        int pixels = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 96;
        TrainingOptions options = new() { Preprocessing = new PreprocessingOptions { InputPixels = pixels }, Seed = 1 };
        using Dataset dataset = Dataset.Open(arguments[0]);
        TrainingRequest request = TrainJob.Request((dataset, GroupSplit.Assign(dataset.Items(), new Seed(1))), null, options, "");
        TorchRuntime.Initialize();
        TrainingSet set = TrainingSet.From(request.Frames, options);
        Sample[] samples = [.. set.Epoch(options, 0, default).Take(Frames)];
        using TrainingState state = new(options, set.Classes);
        using LossFunction loss = new(options, set);
        state.Network.Train(frozen: false);

        BatchLoader Loader(long budget) => new(new PictureStore(new Preprocessor(options.Preprocessing), budget), options.BatchSize);
        BatchLoader kept = Loader((long)options.CacheMegabytes << 20), anew = Loader(0);
        Batch one = kept.Epoch(samples, options, 0, default).First();
        List<double> constant = [], prepared = [], decoded = [];
        for (int round = -1; round < Rounds; round++)
        {
            double[] rates = [Rate(Enumerable.Repeat(one, Frames / options.BatchSize)), Rate(kept.Epoch(samples, options, round + 1, default)), Rate(anew.Epoch(samples, options, round + 1, default))];
            if (round >= 0)
            {
                constant.Add(rates[0]);
                prepared.Add(rates[1]);
                decoded.Add(rates[2]);
            }
        }

        Console.WriteLine($"{options.Model}, {pixels} pixels, batches of {options.BatchSize}; medians of {Rounds} rounds in turns");
        Show("one batch again and again", constant);
        Show("JPEG files, augmented, kept prepared after the first epoch (the default)", prepared);
        Show("JPEG files, augmented, prepared anew each epoch (cacheMegabytes 0)", decoded);

        Sample[] few = [.. samples.Take(2 * options.BatchSize)];
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            Rate(kept.Epoch(few, options, epoch, default));
            if (epoch % 10 == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}: {Environment.WorkingSet >> 20} MB, {TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount} live tensors"));
            }
        }

        return Task.FromResult(0);

        double Rate(IEnumerable<Batch> batches)
        {
            Stopwatch clock = Stopwatch.StartNew();
            int shown = 0;
            foreach (Batch batch in batches)
            {
                state.Step(batch, loss, options.LearningRate);
                shown += batch.Count;
            }

            return shown / clock.Elapsed.TotalSeconds;
        }

        void Show(string what, List<double> rates)
        {
            double ratio = rates.Zip(constant, (a, b) => a / b).Order().ElementAt(Rounds / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {rates.Order().ElementAt(Rounds / 2):F0} images/s, {100 * ratio:F1}%"));
        }
    }
}
