using System.Collections.Concurrent;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Loading;
using DataRig.Learning.Native;

namespace DataRig.Learning.Tests.Loading;

public sealed class BatchLoaderTests
{
    private static readonly TrainingOptions Options = new() { BatchSize = 4, Preprocessing = new PreprocessingOptions { InputPixels = 32 } };

    [Fact]
    public void Batches_are_the_same_whatever_the_cache_holds()
    {
        using ShapeFrames frames = new();
        Sample[] samples = Samples(frames.Make(3, SplitRole.Train));

        Batch[] kept = [.. Loader(1 << 20).Epoch(samples, Options, 2, default)];
        Batch[] again = [.. Loader(0).Epoch(samples, Options, 2, default)];

        Assert.Equal([4, 4, 1], kept.Select(b => b.Count));
        Assert.All(kept.Zip(again), pair => Assert.Equal(pair.First.Pixels, pair.Second.Pixels));
        Assert.All(kept.Zip(again), pair => Assert.Equal(pair.First.Labels, pair.Second.Labels));
    }

    [Fact]
    public void Another_epoch_shows_other_variations()
    {
        using ShapeFrames frames = new();
        Sample[] samples = Samples(frames.Make(1, SplitRole.Train));
        BatchLoader loader = Loader(1 << 20);

        Assert.NotEqual(loader.Epoch(samples, Options, 0, default).First().Pixels, loader.Epoch(samples, Options, 1, default).First().Pixels);
    }

    [Fact]
    public void A_picture_that_cannot_be_read_is_named()
    {
        using ShapeFrames frames = new();
        List<LabelledFrame> made = frames.Make(3, SplitRole.Train);
        string broken = made[5].Frame.ImagePath;
        File.WriteAllText(broken, "no picture");

        WorkFailedException failure = Assert.Throws<WorkFailedException>(() => Loader(0).Plain(Samples(made), default).Count());
        Assert.StartsWith($"the picture {broken} cannot be used: ", failure.Message);
    }

    [Fact]
    public void It_can_be_left_in_the_middle_and_cancelled()
    {
        using ShapeFrames frames = new();
        Sample[] samples = Samples(frames.Make(8, SplitRole.Train));
        using CancellationTokenSource cancel = new();

        Assert.Equal(4, Loader(0).Plain(samples, default).First().Count);
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (Batch _ in Loader(0).Plain(samples, cancel.Token))
            {
                cancel.Cancel();
            }
        });
    }

    [Fact]
    public void What_goes_wrong_comes_after_the_batches_that_were_made_before()
    {
        using ShapeFrames frames = new();
        List<LabelledFrame> made = frames.Make(4, SplitRole.Train);
        File.WriteAllText(made[9].Frame.ImagePath, "no picture");
        int whole = 0;

        Assert.Throws<WorkFailedException>(() =>
        {
            foreach (Batch _ in Loader(0).Plain(Samples(made), default))
            {
                whole++;
            }
        });
        Assert.Equal(2, whole);
    }

    [Fact]
    public void Samples_that_end_in_a_failure_give_their_batches_first()
    {
        using ShapeFrames frames = new();
        Sample[] samples = Samples(frames.Make(2, SplitRole.Train));
        int whole = 0;

        IEnumerable<Sample> Breaking() => samples.Append(samples[0]).Append(samples[1]).Select((s, i) => i < 7 ? s : throw new WorkFailedException("the lamp broke."));
        WorkFailedException failure = Assert.Throws<WorkFailedException>(() =>
        {
            foreach (Batch _ in Loader(0).Plain(Breaking(), default))
            {
                whole++;
            }
        });
        Assert.Equal(("the lamp broke.", 1), (failure.Message, whole));
    }

    /// <summary>Where other programs leave the loader's threads no time, training goes on all the same.</summary>
    [Fact]
    public async Task Whoever_waits_makes_what_no_thread_has_begun()
    {
        using LoaderThreads threads = new();
        using ManualResetEventSlim busy = new();
        Task[] others = [.. Enumerable.Range(0, threads.MaximumConcurrencyLevel).Select(_ => Task.Factory.StartNew(() => busy.Wait(), default, TaskCreationOptions.None, threads))];
        int[] makers = new int[5];
        UnfinishedBatch batch = new(
            new Batch(new float[5], new long[5], 1), i => makers[i] = Environment.CurrentManagedThreadId, whole => whole with { Side = 7 }, threads, default);

        Assert.Equal(7, batch.Wait().Side);
        Assert.All(makers, maker => Assert.Equal(Environment.CurrentManagedThreadId, maker));
        busy.Set();
        await Task.WhenAll(others);
    }

    [Fact]
    public void Its_threads_yield_to_others_and_end_with_it()
    {
        ConcurrentDictionary<Thread, int> seen = [];
        using (LoaderThreads threads = new())
        {
            for (int i = 0; i < 50; i++)
            {
                _ = Task.Factory.StartNew(() => seen[Thread.CurrentThread] = OwnNiceness(), default, TaskCreationOptions.None, threads);
            }
        }

        int least = Math.Min(19, OwnNiceness() + Niceness.Step);
        Assert.NotEmpty(seen);
        Assert.All(seen, t => Assert.Equal((least, false), (t.Value, t.Key.IsAlive)));
    }

    /// <summary>Field 19 of proc_pid_stat(5); the second is a name in brackets.</summary>
    private static int OwnNiceness()
    {
        string stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19 - 3], CultureInfo.InvariantCulture);
    }

    private static BatchLoader Loader(long budget) => new(new PictureStore(new Preprocessor(Options.Preprocessing), budget), Options.BatchSize);

    private static Sample[] Samples(IEnumerable<LabelledFrame> frames) =>
        [.. frames.Select(f => new Sample(f.Frame, Array.IndexOf(ShapeFrames.Parts, f.Frame.Part.Value)))];
}
