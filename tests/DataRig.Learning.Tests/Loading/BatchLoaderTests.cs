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

        Batch[] kept = Kept(Loader(1 << 20).Epoch(samples, Options, 2, default));
        Batch[] again = Kept(Loader(0).Epoch(samples, Options, 2, default));

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
    public void Whoever_waits_makes_what_no_thread_has_begun()
    {
        int[] makers = new int[5];
        UnfinishedBatch batch = new(new Batch(new float[5], new long[5], 1), i => makers[i] = Environment.CurrentManagedThreadId, whole => whole with { Side = 7 });

        Assert.Equal(7, batch.Wait().Side);
        Assert.All(makers, maker => Assert.Equal(Environment.CurrentManagedThreadId, maker));
    }

    [Fact]
    public void Many_threads_make_each_picture_once_and_the_first_failure_is_told()
    {
        int[] made = new int[400];
        UnfinishedBatch Batch(Action<int> fill) => new(new Batch(new float[400], new long[400], 1), fill, whole => whole with { Side = 7 });
        UnfinishedBatch whole = Batch(i => Interlocked.Increment(ref made[i]));
        UnfinishedBatch broken = Batch(i => _ = i is 90 or 30 or 399 ? throw new WorkFailedException($"picture {i}") : i);
        using (LoaderThreads threads = new())
        {
            threads.Add(whole);
            threads.Add(broken);
            Assert.Equal(7, whole.Wait().Side);
            Assert.Equal("picture 30", Assert.Throws<WorkFailedException>(broken.Wait).Message);
        }

        Assert.All(made, m => Assert.Equal(1, m));
    }

    [Fact]
    public void The_memory_of_a_batch_is_used_again()
    {
        using ShapeFrames frames = new();
        // As many as there are cores are made ahead, and two or three are under way.
        int most = Math.Max(2, Environment.ProcessorCount) + 4;
        Sample[] samples = [.. Enumerable.Repeat(Samples(frames.Make(4, SplitRole.Train)), most).SelectMany(s => s)], odd = samples[..^3];
        BatchLoader loader = Loader(1 << 20);

        HashSet<float[]> seen = [.. loader.Plain(odd, default).Select(b => b.Pixels)];

        Assert.InRange(seen.Count, 2, most);
        // A last batch that is smaller has its own, and the next epoch goes on with the others'.
        Assert.All(loader.Plain(odd, default), b => Assert.Equal(b.Count * 3 * 32 * 32, b.Pixels.Length));
        Assert.Contains(loader.Plain(odd, default).First().Pixels, seen);
    }

    [Fact]
    public void Its_threads_yield_to_others_and_end_with_it()
    {
        ConcurrentDictionary<Thread, int> seen = [];
        using (LoaderThreads threads = new())
        {
            threads.Add(new UnfinishedBatch(new Batch(new float[50], new long[50], 1), _ => seen[Thread.CurrentThread] = OwnNiceness(), whole => whole));
        }

        int least = Math.Min(19, OwnNiceness() + Niceness.Step);
        Assert.NotEmpty(seen);
        Assert.All(seen, t => Assert.Equal((least, false), (t.Value, t.Key.IsAlive)));
    }

    /// <summary>Batches with memory of their own.</summary>
    private static Batch[] Kept(IEnumerable<Batch> batches) => [.. batches.Select(b => b with { Pixels = [.. b.Pixels] })];

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
