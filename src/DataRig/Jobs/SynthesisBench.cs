using System.Diagnostics;
using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>One way of handling frames and how fast it was.</summary>
/// <param name="What">What was done to each frame.</param>
/// <param name="FramesPerSecond">How many of them a second.</param>
/// <param name="Ratio">That over the speed of the whole synthesis.</param>
internal sealed record BenchResult(string What, double FramesPerSecond, double Ratio);

/// <summary>
/// Where the time of a synthesis goes: the whole of it beside its steps alone, and beside a plain copy of the
/// same files, on the same machine one after the other.
/// </summary>
internal static class SynthesisBench
{
    public static async Task<IReadOnlyList<BenchResult>> RunAsync(SynthesisRequest request, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        string folder = Directory.CreateTempSubdirectory("datarig-bench-").FullName;
        try
        {
            using Dataset dataset = Dataset.Create(Path.Combine(folder, "dataset"));
            List<RenderedFrame> frames = [];
            double render = Rate(request.Count, () => frames.AddRange(Render(request, cancel)));
            List<EncodedImage> images = [];
            double compress = Rate(request.Count, () => images.AddRange(frames.Select(f => ImageCodec.EncodeJpeg(f.Picture, f.JpegQuality))));
            frames.Clear();
            double whole = (await SynthesisJob.RunAsync(request, dataset, progress, cancel).ConfigureAwait(false)).FramesPerSecond;
            double copy = Rate(request.Count, () => Copy(dataset, Directory.CreateDirectory(Path.Combine(folder, "copy")).FullName));
            return
            [
                new("synthesis: render, compress, catalogue", whole, 1),
                new("render alone", render, render / whole),
                new("compress alone", compress, compress / whole),
                new("plain copy of the files", copy, copy / whole),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<RenderedFrame> Render(SynthesisRequest request, CancellationToken cancel)
    {
        using Synthesizer synthesizer = new(request.Scene);
        foreach (RenderedFrame frame in synthesizer.Render(request.Seed, Enumerable.Range(0, request.Count).Select(i => request.First + i), cancel))
        {
            yield return frame;
        }
    }

    private static void Copy(Dataset dataset, string target)
    {
        foreach (FrameRecord frame in dataset.Frames())
        {
            File.Copy(frame.ImagePath, Path.Combine(target, Path.GetFileName(frame.ImagePath)));
        }
    }

    private static double Rate(int count, Action work)
    {
        Stopwatch clock = Stopwatch.StartNew();
        work();
        return count / clock.Elapsed.TotalSeconds;
    }
}
