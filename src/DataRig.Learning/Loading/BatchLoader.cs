using System.Collections.Concurrent;
using System.Threading.Channels;
using DataRig.Core;

namespace DataRig.Learning.Loading;

/// <summary>
/// Makes batches ahead of the training thread, in order: a bounded channel keeps a few of them, whose pictures are decoded, cropped and
/// augmented by threads that take the time that training leaves. A batch is the reader's until it asks for the next one, which may be
/// made in the same memory.
/// </summary>
internal sealed class BatchLoader(PictureStore pictures, int batchSize)
{
    private static readonly int Ahead = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Numbers of one picture.</summary>
    private readonly int _size = 3 * pictures.Side * pictures.Side;

    /// <summary>Memory of whole batches that were shown: new memory comes from the kernel page by page, which takes as long as filling it.</summary>
    private readonly ConcurrentQueue<float[]> _spare = [];

    /// <summary>The samples of one epoch in their order, augmented. The same arguments give the same batches to the bit.</summary>
    /// <param name="samples">In the order they are shown in; gone through once, on a thread of its own, a few batches ahead.</param>
    /// <param name="options">Augmentation and seed.</param>
    /// <param name="epoch">From 0; another epoch draws other variations.</param>
    /// <param name="cancel">Stops the loader.</param>
    public IEnumerable<Batch> Epoch(IEnumerable<Sample> samples, TrainingOptions options, int epoch, CancellationToken cancel)
    {
        Augmenter augmenter = new(options.Augmentation, pictures.Side);
        Seed seed = options.SeedValue.For(FormattableString.Invariant($"augmentation of epoch {epoch}"));
        double mixing = options.Augmentation.MixUp;
        return Batches(
            samples,
            (sample, position, target) => augmenter.Apply(pictures.Get(sample), seed.At(position), target, sample.Frame.Part),
            (batch, position) => mixing > 0 ? MixUp.Apply(batch, mixing, seed.At(position)) : batch,
            cancel);
    }

    /// <summary>The samples as they are, in order.</summary>
    public IEnumerable<Batch> Plain(IEnumerable<Sample> samples, CancellationToken cancel) =>
        Batches(samples, (sample, _, target) => Augmenter.Copy(pictures.Get(sample), target), (batch, _) => batch, cancel);

    /// <param name="sample">What to show.</param>
    /// <param name="position">Its place in the epoch.</param>
    /// <param name="target">[3, S, S], to be written.</param>
    private delegate void Fill(Sample sample, int position, Span<float> target);

    /// <param name="batch">All pictures filled in.</param>
    /// <param name="position">The place of its first picture in the epoch.</param>
    private delegate Batch Finish(Batch batch, int position);

    private IEnumerable<Batch> Batches(IEnumerable<Sample> samples, Fill fill, Finish finish, CancellationToken cancel)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // Ended last: nothing reads pictures after the loader was left.
        using LoaderThreads threads = new();
        Channel<UnfinishedBatch> channel = Channel.CreateBounded<UnfinishedBatch>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        // A thread of its own: samples that are rendered are waited for in it.
        Task producer = Task.Factory.StartNew(() => Produce(samples, fill, finish, threads, channel.Writer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            // The training thread waits here on purpose: its tensors belong to its dispose scopes.
            while (channel.Reader.WaitToReadAsync(cancel).AsTask().GetAwaiter().GetResult())
            {
                while (channel.Reader.TryRead(out UnfinishedBatch? batch))
                {
                    yield return batch.Wait();
                    GiveBack(batch.Room);
                }
            }
        }
        finally
        {
            stop.Cancel();
            producer.GetAwaiter().GetResult();
        }
    }

    private void Produce(IEnumerable<Sample> samples, Fill fill, Finish finish, LoaderThreads threads, ChannelWriter<UnfinishedBatch> batches, CancellationToken stop)
    {
        try
        {
            int start = 0;
            foreach (Sample[] chunk in samples.Chunk(batchSize))
            {
                int from = start;
                float[] pixels = Room(chunk.Length);
                UnfinishedBatch batch = new(
                    new Batch(pixels, [.. chunk.Select(s => (long)s.Label)], pictures.Side),
                    i =>
                    {
                        stop.ThrowIfCancellationRequested();
                        fill(chunk[i], from + i, pixels.AsSpan(i * _size, _size));
                    },
                    whole => finish(whole, from));
                threads.Add(batch);
                batches.WriteAsync(batch, stop).AsTask().GetAwaiter().GetResult();
                start += chunk.Length;
            }

            batches.Complete();
        }
        catch (Exception e)
        {
            // Whoever reads the batches meets it there, after the batches that were made.
            batches.Complete(e);
        }
    }

    private float[] Room(int count) => count == batchSize && _spare.TryDequeue(out float[]? spare) ? spare : GC.AllocateUninitializedArray<float>(count * _size);

    private void GiveBack(Batch shown)
    {
        if (shown.Count == batchSize)
        {
            _spare.Enqueue(shown.Pixels);
        }
    }
}
