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
/// Training from JPEG files with augmentation beside the same network fed one batch again and again, and beside PyTorch with its
/// DataLoader, in turns, so that what else runs on the machine slows all of them. Then the memory over fifty epochs.
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
        using PyTorchTraining? python = PyTorchTraining.Missing is null ? new PyTorchTraining(options, samples, state.Network, set.Classes.Count) : null;
        Contestant constant = new("one batch again and again", _ => Rate(Enumerable.Repeat(one, Frames / options.BatchSize)));
        Contestant memory = new("JPEG files, augmented, kept prepared after the first epoch (the default)", round => Rate(kept.Epoch(samples, options, round, default)));
        Contestant files = new("JPEG files, augmented, prepared anew each epoch (cacheMegabytes 0)", round => Rate(anew.Epoch(samples, options, round, default)));
        Contestant itsConstant = new("PyTorch, one batch again and again", _ => (python!.Rate("constant"), 0));
        Contestant[] Workers(string what, string name) => python is null ? [] :
            [.. Enumerable.Range(0, Environment.ProcessorCount + 1).Select(workers => new Contestant($"PyTorch, DataLoader with {workers} workers, {what}", _ => (python.Rate($"{name} {workers}"), 0)))];
        Contestant[] itsMemory = Workers("pictures kept cropped and resized", "memory"), itsFiles = Workers("from the files", "files");

        Contestant[] own = [constant, memory, files], all = [.. own, .. python is null ? [] : new[] { itsConstant }, .. itsMemory, .. itsFiles];
        for (int round = 0; round <= Rounds; round++)
        {
            foreach (Contestant contestant in all)
            {
                contestant.Show(round);
            }
        }

        Console.WriteLine($"{options.Model}, {pixels} pixels, batches of {options.BatchSize}; medians of {Rounds} rounds in turns");
        foreach (Contestant contestant in all)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{contestant.What}: {contestant.Rate:F0} images/s{(own.Contains(contestant) ? string.Create(CultureInfo.InvariantCulture, $", {100 * contestant.Over(constant):F1}%, waits for pictures {100 * contestant.Waited:F1}% of the time") : "")}"));
        }

        if (python is null)
        {
            Console.WriteLine($"PyTorch's half is left out: {PyTorchTraining.Missing} is missing.");
        }
        else
        {
            Contestant bestMemory = itsMemory.MaxBy(c => c.Rate)!, bestFiles = itsFiles.MaxBy(c => c.Rate)!;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"DataRig over PyTorch at its best: one batch {constant.Over(itsConstant):F2}, kept prepared {memory.Over(bestMemory):F2}, from the files {files.Over(bestFiles):F2}"));
        }

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

        (double Rate, double Waited) Rate(IEnumerable<Batch> batches)
        {
            Stopwatch clock = Stopwatch.StartNew(), learning = new();
            int shown = 0;
            foreach (Batch batch in batches)
            {
                learning.Start();
                state.Step(batch, loss, options.LearningRate);
                learning.Stop();
                shown += batch.Count;
            }

            double seconds = clock.Elapsed.TotalSeconds;
            return (shown / seconds, 1 - (learning.Elapsed.TotalSeconds / seconds));
        }
    }

    /// <param name="What">What is timed.</param>
    /// <param name="Run">One round of it, by its number, to images a second and the share of the time that the training thread waits for them.</param>
    private sealed record Contestant(string What, Func<int, (double Rate, double Waited)> Run)
    {
        private readonly List<double> _rates = [], _waited = [];

        /// <summary>The median of its rounds.</summary>
        public double Rate => Median(_rates);

        /// <summary>The median of its rounds' shares.</summary>
        public double Waited => Median(_waited);

        /// <summary>The median of the rounds' ratios: each round of the two was run at the same time of the day.</summary>
        public double Over(Contestant other) => Median(_rates.Zip(other._rates, (a, b) => a / b));

        /// <summary>One round; the first is for warming up and not counted.</summary>
        public void Show(int round)
        {
            (double rate, double waited) = Run(round);
            if (round > 0)
            {
                _rates.Add(rate);
                _waited.Add(waited);
            }
        }

        private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
    }
}
