using System.Collections.Concurrent;
using DataRig.Learning.Native;

namespace DataRig.Learning.Loading;

/// <summary>
/// As many threads as there are cores, which take the time that training leaves: libtorch's threads wait for each other after every
/// operation, and a thread of equal rank on one core would hold up all of them.
/// </summary>
internal sealed class LoaderThreads : IDisposable
{
    private readonly BlockingCollection<UnfinishedBatch> _batches = [];
    private readonly Thread[] _threads;

    public LoaderThreads()
    {
        _threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work) { IsBackground = true, Name = "loader" })];
        Array.ForEach(_threads, t => t.Start());
    }

    /// <summary>A batch to be made by all of them together, after those that came before.</summary>
    public void Add(UnfinishedBatch batch) => Array.ForEach(_threads, _ => _batches.Add(batch));

    /// <summary>Ends the threads, when they have made what they were given.</summary>
    public void Dispose()
    {
        _batches.CompleteAdding();
        Array.ForEach(_threads, t => t.Join());
        _batches.Dispose();
    }

    private void Work()
    {
        Niceness.Lower();
        foreach (UnfinishedBatch batch in _batches.GetConsumingEnumerable())
        {
            batch.Work();
        }
    }
}
