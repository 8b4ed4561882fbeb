using System.Collections.Concurrent;
using DataRig.Learning.Native;

namespace DataRig.Learning.Loading;

/// <summary>
/// As many threads as there are cores, which take the time that training leaves: libtorch's threads wait for each other after every
/// operation, and a thread of equal rank on one core would hold up all of them. Whoever waits for a task that none of them has begun
/// does it on its own thread, so that training goes on where other programs leave them no time.
/// </summary>
internal sealed class LoaderThreads : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _queue = [];
    private readonly Thread[] _threads;

    public LoaderThreads()
    {
        _threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work) { IsBackground = true, Name = "loader" })];
        Array.ForEach(_threads, t => t.Start());
    }

    public override int MaximumConcurrencyLevel => _threads.Length;

    /// <summary>Runs what is queued, and ends the threads.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        Array.ForEach(_threads, t => t.Join());
        _queue.Dispose();
    }

    protected override void QueueTask(Task task) => _queue.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _queue];

    private void Work()
    {
        Niceness.Lower();
        foreach (Task task in _queue.GetConsumingEnumerable())
        {
            // One that was done by who waited for it is passed over.
            _ = TryExecuteTask(task);
        }
    }
}
