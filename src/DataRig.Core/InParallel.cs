using System.Runtime.ExceptionServices;

namespace DataRig.Core;

/// <summary>Work on all cores, which fails as it would on one.</summary>
public static class InParallel
{
    /// <summary>Does something for each number from 0; after a failure no more are begun.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="body">Called on any thread, in any order.</param>
    /// <param name="cancel">Begins no more.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Exception">What <paramref name="body"/> threw, itself: no <see cref="AggregateException"/> that nobody expects.</exception>
    public static void For(int count, Action<int> body, CancellationToken cancel = default)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancel }, body);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }
    }
}
