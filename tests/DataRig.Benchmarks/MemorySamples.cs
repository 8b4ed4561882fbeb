using System.Diagnostics;
using DataRig.Core;

namespace DataRig.Benchmarks;

/// <summary>The managed heap after a collection and the process's memory, every so many frames of a long job: both must stay flat.</summary>
/// <param name="dataset">Whose write-ahead log is shown beside them.</param>
/// <param name="every">Frames between two samples.</param>
/// <param name="mostHeap">Bytes that a frame may leave in the heap.</param>
/// <param name="mostProcess">Bytes that a frame may leave in the process, which has its allocators' and SQLite's caches besides.</param>
internal sealed class MemorySamples(string dataset, int every, double mostHeap, double mostProcess) : IProgress<StageProgress>
{
    private readonly List<(long Frames, double Heap, double Resident)> _samples = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private double _before;
    private long _next = every;

    public void Report(StageProgress value)
    {
        if (value.Done < _next)
        {
            return;
        }

        double seconds = _watch.Elapsed.TotalSeconds;
        (double heap, double resident) = Now();
        long shown = value.Done - (_samples.Count == 0 ? 0 : _samples[^1].Frames);
        _samples.Add((value.Done, heap, resident));
        _next = value.Done + every;
        long log = new FileInfo(Path.Combine(dataset, "dataset.db-wal")) is { Exists: true } wal ? wal.Length : 0;
        Console.WriteLine(FormattableString.Invariant($"{value.Done,7} frames  heap {heap / 1e6,7:F2} MB  process {resident / 1e6,7:F1} MB  write-ahead log {log / 1e6,5:F1} MB  {shown / (seconds - _before),6:F0} frames/s"));
        _before = _watch.Elapsed.TotalSeconds;
    }

    /// <returns>Bytes.</returns>
    public static (double Heap, double Resident) Now()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using Process self = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), self.WorkingSet64);
    }

    /// <summary>Whether both stayed flat; the first samples are of a program that is still warming up.</summary>
    public bool Flat()
    {
        var settled = _samples.Skip(Math.Min(3, _samples.Count / 2)).ToArray();
        double heap = Slope([.. settled.Select(s => (s.Frames, s.Heap))]), resident = Slope([.. settled.Select(s => (s.Frames, s.Resident))]);
        bool flat = heap <= mostHeap && resident <= mostProcess;
        Console.WriteLine(FormattableString.Invariant($"by a line through the samples from frame {settled.FirstOrDefault().Frames} on a frame leaves {heap:F0} bytes in the heap and {resident:F0} in the process: {(flat ? "flat" : $"NOT flat, the most is {mostHeap} and {mostProcess}")}"));
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
