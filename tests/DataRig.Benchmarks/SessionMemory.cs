using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Rig.Simulation;

namespace DataRig.Benchmarks;

/// <summary>
/// A long session on a clock that does not wait, into a real dataset, with plates and cut-outs: the managed heap after a
/// collection and the process's memory every so many frames. Both must stay flat.
/// </summary>
internal static class SessionMemory
{
    private const int Stops = 20;
    private const int Poses = 20;
    private const int Every = 1000;

    /// <summary>
    /// What a frame may leave in the heap: the session keeps which stops it has, some tens of bytes each; a picture is thousands.
    /// The process has its allocators' and SQLite's caches besides, which fill slowly.
    /// </summary>
    private const double MostHeapBytesAFrame = 200, MostProcessBytesAFrame = 1000;

    public static async Task<int> RunAsync(string[] args)
    {
        int frames = args.Select(a => int.TryParse(a, CultureInfo.InvariantCulture, out int n) ? n : 0).FirstOrDefault(n => n > 0, 20_000);
        CapturePlan plan = new()
        {
            Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = [.. Enumerable.Range(0, (int)Math.Ceiling(frames / (double)(Stops * Poses))).Select(i => $"{i}")] },
            PosesPerItem = Poses,
            StopsPerSweep = Stops,
        };
        string folder = Directory.CreateTempSubdirectory("datarig-bench-").FullName;
        try
        {
            VirtualTime time = new(DateTimeOffset.UnixEpoch);
            await using CaptureRig rig = new()
            {
                Turntable = new SimulatedTurntable(new SimulatedTurntableOptions(), new Seed(1), time),
                Camera = new BenchCamera(96, 72, Stops, TimeSpan.Zero, time),
                Lights = new NoLights(),
                Operator = new BenchOperator(),
                Reader = new PictureReader(),
                Time = time,
            };
            using Dataset dataset = Dataset.Create(Path.Combine(folder, "data"));
            DatasetJournal journal = new(dataset, dataset.BeginSession("{}").Id);
            MemorySamples samples = new(Path.Combine(folder, "data"), Every, MostHeapBytesAFrame, MostProcessBytesAFrame);
            CaptureResult result = await new CaptureSession(plan, rig, journal, samples).RunAsync(default);
            Console.WriteLine($"{result.Captured} frames, {dataset.Annotations((FrameFilter?)null).Count} cut out, {result.Marked} marked");
            return samples.Flat() ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
