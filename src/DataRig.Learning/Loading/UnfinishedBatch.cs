namespace DataRig.Learning.Loading;

/// <summary>A batch whose pictures are made one by one, each by the thread that comes to it first.</summary>
internal sealed class UnfinishedBatch
{
    private readonly Task[] _pictures;
    private readonly Func<Batch, Batch> _finish;
    private Batch _batch;
    private int _missing;

    /// <param name="batch">With room for its pictures.</param>
    /// <param name="fill">Makes one of them, by its number in the batch.</param>
    /// <param name="finish">What is done when all are there.</param>
    /// <param name="threads">Make them.</param>
    /// <param name="stop">Leaves out those that are not begun.</param>
    public UnfinishedBatch(Batch batch, Action<int> fill, Func<Batch, Batch> finish, LoaderThreads threads, CancellationToken stop)
    {
        (_batch, _finish, _missing) = (batch, finish, batch.Count);
        _pictures = [.. Enumerable.Range(0, batch.Count).Select(i => Task.Factory.StartNew(() => Make(i, fill), stop, TaskCreationOptions.None, threads))];
    }

    /// <summary>The batch when it is whole.</summary>
    /// <exception cref="Exception">What went wrong with the first picture that could not be made.</exception>
    public Batch Wait()
    {
        // From the last one on: what is not begun the waiting thread makes itself, and meets the others, which began with the first.
        foreach (Task picture in _pictures.Reverse())
        {
            picture.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        }

        Array.ForEach(_pictures, p => p.GetAwaiter().GetResult());
        return _batch;
    }

    private void Make(int picture, Action<int> fill)
    {
        fill(picture);
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            _batch = _finish(_batch);
        }
    }
}
