using System.Threading.Channels;
using DataRig.Core;

namespace DataRig.Learning.Loading;

/// <summary>
/// Makes batches ahead of the training thread: decoding, cropping and augmenting run on the thread pool, a bounded
/// channel keeps a few batches ready, in order.
/// </summary>
internal sealed class BatchLoader(PictureStore pictures, int batchSize)
{
    private static readonly int Ahead = Math.Max(2, Environment.ProcessorCount);

    /// <summary>The samples of one epoch, augmented. The same arguments give the same batches to the bit.</summary>
    /// <param name="samples">All training samples.</param>
    /// <param name="options">Batch size, balance and augmentation.</param>
    /// <param name="epoch">From 0; another epoch draws another order and other variations.</param>
    /// <param name="cancel">Stops the loader.</param>
    public IEnumerable<Batch> Epoch(IReadOnlyList<Sample> samples, TrainingOptions options, int epoch, CancellationToken cancel)
    {
        int[] order = EpochOrder.Of(samples, options.Balance, options.SeedValue, epoch);
        Augmenter augmenter = new(options.Augmentation, pictures.InputPixels);
        Seed seed = options.SeedValue.For(FormattableString.Invariant($"augmentation of epoch {epoch}"));
        return Batches([.. order.Select(i => samples[i])], (picture, position, target) => augmenter.Apply(picture, seed.At(position), target), cancel);
    }

    /// <summary>The samples as they are, in order.</summary>
    public IEnumerable<Batch> Plain(IReadOnlyList<Sample> samples, CancellationToken cancel) =>
        Batches(samples, (picture, _, target) => Augmenter.Copy(picture, target), cancel);

    private delegate void Fill(byte[] picture, int position, Span<float> target);

    private IEnumerable<Batch> Batches(IReadOnlyList<Sample> samples, Fill fill, CancellationToken cancel)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Channel<Task<Batch>> channel = Channel.CreateBounded<Task<Batch>>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        Task producer = Task.Run(
            async () =>
            {
                for (int start = 0; start < samples.Count; start += batchSize)
                {
                    int from = start;
                    await channel.Writer.WriteAsync(Task.Run(() => Make(samples, from, fill, stop.Token), stop.Token), stop.Token);
                }

                channel.Writer.Complete();
            },
            stop.Token);
        try
        {
            // The training thread waits here on purpose: its tensors belong to its dispose scopes.
            while (channel.Reader.WaitToReadAsync(cancel).AsTask().GetAwaiter().GetResult())
            {
                while (channel.Reader.TryRead(out Task<Batch>? batch))
                {
                    yield return batch.GetAwaiter().GetResult();
                }
            }
        }
        finally
        {
            stop.Cancel();
            Finish(producer, channel.Reader);
        }
    }

    /// <summary>Waits for what is under way, so that nothing reads pictures after the loader was left.</summary>
    private static void Finish(Task producer, ChannelReader<Task<Batch>> reader)
    {
        Task.WhenAny(producer).GetAwaiter().GetResult();
        while (reader.TryRead(out Task<Batch>? batch))
        {
            Task.WhenAny(batch).GetAwaiter().GetResult();
            _ = batch.Exception;
        }
    }

    private Batch Make(IReadOnlyList<Sample> samples, int from, Fill fill, CancellationToken cancel)
    {
        int count = Math.Min(batchSize, samples.Count - from);
        int size = 3 * pictures.InputPixels * pictures.InputPixels;
        float[] pixels = new float[count * size];
        long[] labels = new long[count];
        for (int i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            Sample sample = samples[from + i];
            labels[i] = sample.Label;
            fill(pictures.Get(sample.Frame), from + i, pixels.AsSpan(i * size, size));
        }

        return new Batch(pixels, labels, pictures.InputPixels);
    }
}
