using System.Collections;
using System.Diagnostics;
using System.Threading.Channels;
using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>What a synthesis made.</summary>
/// <param name="Frames">Frames rendered; those that were there already are not made again.</param>
/// <param name="FramesPerSecond">How many a second.</param>
/// <param name="Labels">What the audit of their labels found.</param>
internal sealed record SynthesisResult(int Frames, double FramesPerSecond, LabelTally Labels);

/// <summary>Renders labelled frames into a dataset: one thread renders, one compresses, one writes.</summary>
internal static class SynthesisJob
{
    /// <summary>Frames that become durable together; each batch waits for the disk once.</summary>
    public const int BatchSize = 64;

    /// <exception cref="WorkFailedException">Rendering, the audit of the labels or the disk failed; whole batches are safe.</exception>
    public static async Task<SynthesisResult> RunAsync(
        RenderRequest request, Dataset dataset, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        LabelTally labels = new();
        dataset.NoteRendering(request.Whole);
        BitArray there = new(request.Count);
        foreach (long index in dataset.RenderedIndices(request.Source, request.Maps).Where(i => i >= request.First && i < request.First + request.Count))
        {
            there[(int)(index - request.First)] = true;
        }

        int missing = Enumerable.Range(0, request.Count).Count(i => !there[i]);
        progress.Report(new StageProgress("Synthesize", request.Count - missing, request.Count));
        if (missing == 0)
        {
            return new SynthesisResult(0, 0, labels);
        }

        IEnumerable<long> indices = Enumerable.Range(0, request.Count).Where(i => !there[i]).Select(i => request.First + i);

        Stopwatch clock = Stopwatch.StartNew();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Channel<Func<Frame>> rendered = Channel.CreateBounded<Func<Frame>>(BatchSize);
        Channel<Frame> compressed = Channel.CreateBounded<Frame>(BatchSize);
        Task rendering = Task.Factory.StartNew(() => Render(request, indices, labels, rendered.Writer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task compressing = Task.Run(() => CompressAsync(rendered.Reader, compressed.Writer, stop.Token), CancellationToken.None);
        try
        {
            int written = await WriteAsync(request, compressed.Reader, dataset, missing, progress, cancel).ConfigureAwait(false);
            return new SynthesisResult(written, written / clock.Elapsed.TotalSeconds, labels);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(rendering, compressing).ConfigureAwait(false);
        }
    }

    private static void Render(RenderRequest request, IEnumerable<long> indices, LabelTally labels, ChannelWriter<Func<Frame>> writer, CancellationToken cancel)
    {
        try
        {
            foreach (Func<Frame> frame in request.Make(indices, labels, cancel))
            {
                // The channel is bounded, so that memory stays flat where writing is the slower half.
                while (!writer.TryWrite(frame))
                {
                    if (!writer.WaitToWriteAsync(cancel).AsTask().GetAwaiter().GetResult())
                    {
                        return;
                    }
                }
            }

            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
        }
    }

    private static async Task CompressAsync(ChannelReader<Func<Frame>> reader, ChannelWriter<Frame> writer, CancellationToken cancel)
    {
        try
        {
            await foreach (Func<Frame> frame in reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                await writer.WriteAsync(frame(), cancel).ConfigureAwait(false);
            }

            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
        }
    }

    private static async Task<int> WriteAsync(
        RenderRequest request, ChannelReader<Frame> reader, Dataset dataset, int missing, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        int written = 0;
        List<Frame> batch = [];
        await foreach (Frame frame in reader.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            batch.Add(frame);
            if (batch.Count == BatchSize)
            {
                Flush();
            }
        }

        Flush();
        return written;

        void Flush()
        {
            dataset.AddFrames(batch);
            written += batch.Count;
            batch.Clear();
            progress.Report(new StageProgress("Synthesize", request.Count - missing + written, request.Count));
        }
    }
}
