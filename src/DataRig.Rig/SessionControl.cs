namespace DataRig.Rig;

/// <summary>What a person may ask of a session that runs. Any thread may call.</summary>
public sealed class SessionControl
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _paused;
    private bool _skip;
    private bool _redo;

    /// <summary>Whether the session waits, or will before its next shot.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_lock)
            {
                return _paused is not null;
            }
        }
    }

    /// <summary>Waits before the next shot until <see cref="Resume"/>.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            _paused ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Resume()
    {
        lock (_lock)
        {
            _paused?.TrySetResult();
            _paused = null;
        }
    }

    /// <summary>Leaves the rest of this sweep out, for good.</summary>
    public void Skip()
    {
        lock (_lock)
        {
            _skip = true;
        }

        Resume();
    }

    /// <summary>Makes this sweep again from its start; what it took is put aside.</summary>
    public void Redo()
    {
        lock (_lock)
        {
            _redo = true;
        }

        Resume();
    }

    /// <summary>Returns at once unless the session is paused.</summary>
    internal Task WaitAsync(CancellationToken cancel)
    {
        lock (_lock)
        {
            return _paused is null ? Task.CompletedTask : _paused.Task.WaitAsync(cancel);
        }
    }

    /// <summary>Whether this sweep is to be left or made again; asked once.</summary>
    internal (bool Skip, bool Redo) Take()
    {
        lock (_lock)
        {
            (bool, bool) asked = (_skip, _redo);
            _skip = _redo = false;
            return asked;
        }
    }
}
