using System.Diagnostics;
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
            Samples samples = new(folder);
            CaptureResult result = await new CaptureSession(plan, rig, journal, samples).RunAsync(default);
            return samples.Sum(result, dataset.Annotations((FrameFilter?)null).Count) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Samples(string folder) : IProgress<StageProgress>
    {
        private readonly List<(long Frames, double Heap, double Resident)> _samples = [];
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private double _before;

        public void Report(StageProgress value)
        {
            if (value.Done == 0 || value.Done % Every != 0 || (_samples.Count > 0 && _samples[^1].Frames == value.Done))
            {
                return;
            }

            double seconds = _watch.Elapsed.TotalSeconds;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            using Process self = Process.GetCurrentProcess();
            _samples.Add((value.Done, GC.GetTotalMemory(forceFullCollection: true), self.WorkingSet64));
            long log = new FileInfo(Path.Combine(folder, "data", "dataset.db-wal")) is { Exists: true } wal ? wal.Length : 0;
            Console.WriteLine(FormattableString.Invariant($"{value.Done,7} frames  heap {_samples[^1].Heap / 1e6,7:F2} MB  process {_samples[^1].Resident / 1e6,7:F1} MB  write-ahead log {log / 1e6,5:F1} MB  {Every / (seconds - _before),6:F0} frames/s"));
            _before = _watch.Elapsed.TotalSeconds;
        }

        /// <returns>Whether both stayed flat; the first samples are of a program that is still warming up.</returns>
        public bool Sum(CaptureResult result, int cutOut)
        {
            var settled = _samples.Skip(Math.Min(3, _samples.Count / 2)).ToArray();
            double heap = Slope([.. settled.Select(s => (s.Frames, s.Heap))]), resident = Slope([.. settled.Select(s => (s.Frames, s.Resident))]);
            bool flat = heap <= MostHeapBytesAFrame && resident <= MostProcessBytesAFrame;
            Console.WriteLine(FormattableString.Invariant($"{result.Captured} frames, {cutOut} cut out, {result.Marked} marked; by a line through the samples from frame {settled.FirstOrDefault().Frames} on a frame leaves {heap:F0} bytes in the heap and {resident:F0} in the process: {(flat ? "flat" : $"NOT flat, the most is {MostHeapBytesAFrame} and {MostProcessBytesAFrame}")}"));
            return flat;
        }

        /// <summary>Of the least squares' line.</summary>
        private static double Slope((long X, double Y)[] points)
        {
            if (points.Length < 2)
            {
                return 0;
            }

            double x = points.Average(p => (double)p.X), y = points.Average(p => p.Y);
            return points.Sum(p => (p.X - x) * (p.Y - y)) / points.Sum(p => (p.X - x) * (p.X - x));
        }
    }
}
