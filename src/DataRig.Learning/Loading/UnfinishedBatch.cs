using System.Runtime.ExceptionServices;

namespace DataRig.Learning.Loading;

/// <summary>A batch whose pictures are made one by one, by as many threads as work on it.</summary>
/// <param name="room">The batch, with room for its pictures.</param>
/// <param name="fill">Makes one of them, by its number in the batch.</param>
/// <param name="finish">What is done when all are there.</param>
internal sealed class UnfinishedBatch(Batch room, Action<int> fill, Func<Batch, Batch> finish)
{
    private readonly Exception?[] _failures = new Exception?[room.Count];

    private Batch? _whole;
    private int _next, _missing = room.Count;

    /// <summary>As it was given.</summary>
    public Batch Room => room;

    /// <summary>Makes pictures until all are begun.</summary>
    public void Work()
    {
        int picture;
        while ((picture = Interlocked.Increment(ref _next) - 1) < _failures.Length)
        {
            _failures[picture] = Failure(() => fill(picture));
            if (Interlocked.Decrement(ref _missing) == 0)
            {
                Batch whole = room;
                if (!Array.Exists(_failures, f => f is not null))
                {
                    _failures[0] = Failure(() => whole = finish(room));
                }

                lock (_failures)
                {
                    _whole = whole;
                    Monitor.PulseAll(_failures);
                }
            }
        }
    }

    /// <summary>
    /// The batch when it is whole. Whoever waits works on it too, so that training goes on where other programs leave the loader's
    /// threads no time.
    /// </summary>
    /// <exception cref="Exception">What went wrong with the first picture that could not be made.</exception>
    public Batch Wait()
    {
        Work();
        lock (_failures)
        {
            while (_whole is null)
            {
                Monitor.Wait(_failures);
            }
        }

        if (Array.Find(_failures, f => f is not null) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return _whole;
    }

    private static Exception? Failure(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e)
        {
            // Whoever waits for the batch meets it.
            return e;
        }
    }
}
