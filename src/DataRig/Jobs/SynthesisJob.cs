using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Threading.Channels;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>What to render.</summary>
/// <param name="File">The scene's file, as a full path.</param>
/// <param name="Scene">The scene.</param>
/// <param name="SceneHash">What tells this scene from another of the same name.</param>
/// <param name="Seed">Frame i follows from this and i alone.</param>
/// <param name="First">The first frame's index.</param>
/// <param name="Count">How many frames.</param>
internal sealed record SynthesisRequest(string File, Scene Scene, string SceneHash, Seed Seed, long First, int Count)
{
    /// <summary>Which maps to draw and keep besides the pictures.</summary>
    public IReadOnlySet<MapKind> Maps { get; init; } = new HashSet<MapKind>();

    /// <param name="file">The scene file.</param>
    /// <param name="parts">The parts to render instead of the scene's own; none for the scene's own.</param>
    /// <param name="poses">In how many poses each; null for as many as the scene says.</param>
    /// <param name="focus">A validation's result whose errors weight the parts; see <see cref="Focus"/>.</param>
    /// <exception cref="ConfigurationException">The file is missing or wrong.</exception>
    /// <exception cref="WorkFailedException">A mesh cannot be read, or a part is neither the scene's nor a brick.</exception>
    public static SynthesisRequest Of(string file, Seed seed, long first, int count, IReadOnlyList<string> parts, int? poses = null, string? focus = null)
    {
        Scene scene = Scene.Load(file, bytes => ImageCodec.Decode(bytes));
        if (parts.Count > 0)
        {
            scene = scene.Only(parts.Select(p => new PartId(p)));
        }

        if (poses is not null)
        {
            scene = scene with { Placement = scene.Placement with { Poses = poses.Value } };
        }

        string weights = "";
        if (focus is not null)
        {
            scene = Focus.On(scene, focus);
            weights = string.Concat(scene.Parts.Select(p => string.Create(CultureInfo.InvariantCulture, $" {p.Weight}")));
        }

        byte[] content = [.. System.IO.File.ReadAllBytes(file), .. Encoding.UTF8.GetBytes($"{string.Join(',', scene.Parts.Select(p => p.Name))} {scene.Placement.Poses} {scene.Library.Fingerprint}{weights}")];
        return new SynthesisRequest(Path.GetFullPath(file), scene, Convert.ToHexStringLower(XxHash64.Hash(content)), seed.For("synthesis"), first, count);
    }

    /// <summary>What tells these renders from all others.</summary>
    public string Source => $"scene {Scene.Name} ({SceneHash}), seed {Seed}";

    /// <summary>The frames that are made together with other shards; these alone where there are none.</summary>
    public RenderedRange Whole { get => field ?? new RenderedRange(Source, First, Count); init; }

    /// <summary>One shard's frames: a stretch of them, so that shards show the parts as evenly as the whole does.</summary>
    public SynthesisRequest Of(Shard shard) => this with
    {
        First = First + (Count * (shard.Number - 1L) / shard.Of),
        Count = (int)((Count * (long)shard.Number / shard.Of) - (Count * (shard.Number - 1L) / shard.Of)),
        Whole = Whole,
    };

    /// <summary>A render as a camera would have given it, with its labels.</summary>
    public Frame ToFrame(RenderedFrame rendered)
    {
        ArgumentNullException.ThrowIfNull(rendered);
        return new()
        {
            Image = ImageCodec.EncodeJpeg(rendered.Picture, rendered.JpegQuality),
            Source = FrameSource.Rendered,
            Part = rendered.Part,
            Item = rendered.Item,
            Pose = rendered.Pose,
            AzimuthDegrees = rendered.AzimuthDegrees,
            ElevationDegrees = rendered.ElevationDegrees,
            Origin = new Rendering(Source, rendered.Scene.Draws.Index).ToString(),
            Annotations = rendered.Annotations,
            Intrinsics = rendered.Intrinsics,
            Marks = rendered.Verdict.Agreed ? [] : [.. rendered.Verdict.Found.Select(m => m.ToString())],
            Maps = Drawn(rendered).ToDictionary(),
        };
    }

    private static IEnumerable<(MapKind Kind, EncodedImage Map)> Drawn(RenderedFrame rendered)
    {
        if (rendered.Depth is { } depth)
        {
            yield return (MapKind.Depth, ImageCodec.EncodeDepth(depth));
        }

        if (rendered.Normals is { } normals)
        {
            yield return (MapKind.Normals, ImageCodec.EncodePng(normals));
        }
    }
}

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
        SynthesisRequest request, Dataset dataset, IProgress<StageProgress> progress, CancellationToken cancel)
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
        Channel<RenderedFrame> rendered = Channel.CreateBounded<RenderedFrame>(BatchSize);
        Channel<Frame> compressed = Channel.CreateBounded<Frame>(BatchSize);
        Task rendering = Task.Factory.StartNew(() => Render(request, indices, labels, rendered.Writer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task compressing = Task.Run(() => CompressAsync(request, rendered.Reader, compressed.Writer, stop.Token), CancellationToken.None);
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

    private static void Render(SynthesisRequest request, IEnumerable<long> indices, LabelTally labels, ChannelWriter<RenderedFrame> writer, CancellationToken cancel)
    {
        try
        {
            using Synthesizer synthesizer = new(request.Scene, new RendererOptions { Maps = request.Maps }, labels: labels);
            foreach (RenderedFrame frame in synthesizer.Render(request.Seed, indices, cancel))
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

    private static async Task CompressAsync(SynthesisRequest request, ChannelReader<RenderedFrame> reader, ChannelWriter<Frame> writer, CancellationToken cancel)
    {
        try
        {
            await foreach (RenderedFrame frame in reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                await writer.WriteAsync(request.ToFrame(frame), cancel).ConfigureAwait(false);
            }

            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
        }
    }

    private static async Task<int> WriteAsync(
        SynthesisRequest request, ChannelReader<Frame> reader, Dataset dataset, int missing, IProgress<StageProgress> progress, CancellationToken cancel)
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
