using System.Collections.Concurrent;

namespace DataRig.Twin;

/// <summary>One thread that owns a GL context: everything that touches the context runs here, in order.</summary>
internal sealed class RenderThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RenderThread()
    {
        Thread thread = new(Loop) { IsBackground = true, Name = "render" };
        thread.Start();
    }

    /// <summary>Runs work on the thread; its exception reaches the caller.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Ends the thread after the work that is already queued.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
        _work.Dispose();
    }

    private void Loop()
    {
        foreach (Action work in _work.GetConsumingEnumerable())
        {
            work();
        }

        _ended.SetResult();
    }
}
