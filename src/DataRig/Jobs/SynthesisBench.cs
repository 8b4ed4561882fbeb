using System.Diagnostics;
using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>One way of handling frames and how fast it was.</summary>
/// <param name="What">What was done to each frame.</param>
/// <param name="FramesPerSecond">How many of them a second, by the clock.</param>
/// <param name="ProcessorMilliseconds">Of processor time a frame, over all cores: what other programs do changes it little.</param>
/// <param name="Ratio">The frames a second over those of the whole synthesis.</param>
internal sealed record BenchResult(string What, double FramesPerSecond, double ProcessorMilliseconds, double Ratio);

/// <summary>
/// Where the time of a synthesis goes: the whole of it beside the bare draw calls of the same pictures, its steps alone, and a
/// plain copy of the same files, on the same machine one after the other.
/// </summary>
internal static class SynthesisBench
{
    /// <summary>Frames that are drawn before anything is measured: parts are made and code is compiled by then.</summary>
    private const int WarmUp = 60;

    public static async Task<(IReadOnlyList<BenchResult> Results, IReadOnlyList<PassTime> Passes)> RunAsync(SynthesisRequest request, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        string folder = Directory.CreateTempSubdirectory("datarig-bench-").FullName;
        try
        {
            using (Dataset warm = Dataset.Create(Path.Combine(folder, "warm")))
            {
                await SynthesisJob.RunAsync(request with { First = request.First + request.Count, Count = WarmUp }, warm, new Progress<StageProgress>(), cancel).ConfigureAwait(false);
            }

            (double Rate, double Processor) draw = await RateAsync(request.Count, () => With(request, s => s.Draw(request.Seed, Indices(request), cancel))).ConfigureAwait(false);
            List<RenderedFrame> rendered = [];
            (double Rate, double Processor) render = await RateAsync(request.Count, () => With(request, s => rendered.AddRange(s.Render(request.Seed, Indices(request), cancel)))).ConfigureAwait(false);
            List<Frame> frames = [];
            (double Rate, double Processor) compress = await RateAsync(request.Count, () => Task.Run(() => frames.AddRange(rendered.Select(request.ToFrame)), cancel)).ConfigureAwait(false);
            (double Rate, double Processor) catalogue = await RateAsync(request.Count, () => Task.Run(() => Catalogue(frames, Path.Combine(folder, "catalogued")), cancel)).ConfigureAwait(false);
            rendered.Clear();
            frames.Clear();
            using Dataset dataset = Dataset.Create(Path.Combine(folder, "dataset"));
            (double Rate, double Processor) whole = await RateAsync(request.Count, () => SynthesisJob.RunAsync(request, dataset, progress, cancel)).ConfigureAwait(false);
            (double Rate, double Processor) copy = await RateAsync(request.Count, () => Task.Run(() => Copy(dataset, Directory.CreateDirectory(Path.Combine(folder, "copy")).FullName), cancel)).ConfigureAwait(false);
            using Synthesizer one = new(request.Scene, renderers: 1);
            one.Profile(request.Seed, Indices(request).Take(WarmUp));
            return (
                [
                    Result("synthesis: render, label, compress, catalogue", whole),
                    Result("bare draw calls of the pictures", draw),
                    Result("render and label alone", render),
                    Result("compress alone, one thread", compress),
                    Result("catalogue alone, one thread", catalogue),
                    Result("plain copy of the files, one thread", copy),
                ],
                one.Profile(request.Seed, Indices(request)));

            BenchResult Result(string what, (double Rate, double Processor) measured) => new(what, measured.Rate, measured.Processor, measured.Rate / whole.Rate);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<long> Indices(SynthesisRequest request) => Enumerable.Range(0, request.Count).Select(i => request.First + i);

    private static Task With(SynthesisRequest request, Action<Synthesizer> work) => Task.Factory.StartNew(
        () =>
        {
            using Synthesizer synthesizer = new(request.Scene);
            work(synthesizer);
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static void Catalogue(List<Frame> frames, string folder)
    {
        using Dataset dataset = Dataset.Create(folder);
        foreach (Frame[] batch in frames.Chunk(SynthesisJob.BatchSize))
        {
            dataset.AddFrames(batch);
        }
    }

    private static void Copy(Dataset dataset, string target)
    {
        foreach (FrameRecord frame in dataset.Frames())
        {
            File.Copy(frame.ImagePath, Path.Combine(target, Path.GetFileName(frame.ImagePath)));
        }
    }

    private static async Task<(double Rate, double ProcessorMilliseconds)> RateAsync(int count, Func<Task> work)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Stopwatch clock = Stopwatch.StartNew();
        await work().ConfigureAwait(false);
        return (count / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / count);
    }
}
