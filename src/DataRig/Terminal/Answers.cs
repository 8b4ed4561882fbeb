using DataRig.Rig;

namespace DataRig.Terminal;

/// <summary>Where a session's person answers from.</summary>
internal interface IAnswers
{
    /// <summary>The keys that work while the session runs, for the screen; empty where there are none.</summary>
    string Keys { get; }

    /// <summary>Waits for Enter.</summary>
    /// <returns>False where nobody is there.</returns>
    Task<bool> EnterAsync(CancellationToken cancel);
}

/// <summary>Lines of a file or pipe: each question takes one; at the end nobody is there.</summary>
internal sealed class LineAnswers(TextReader lines) : IAnswers
{
    public string Keys => "";

    public async Task<bool> EnterAsync(CancellationToken cancel) =>
        await Task.Run(lines.ReadLine, CancellationToken.None).WaitAsync(cancel).ConfigureAwait(false) is not null;
}

/// <summary>
/// Keys of a terminal: Enter answers; p pauses and goes on, s skips the sweep, r makes it again, at any time. One thread reads
/// them from its making until it is disposed.
/// </summary>
internal sealed class KeyAnswers : IAnswers, IDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(40);

    private readonly SessionControl _control;
    private readonly Func<char?> _read;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _asked;

    /// <param name="control">The session that the keys act on.</param>
    /// <param name="read">The key that was pressed, or null where none was.</param>
    public KeyAnswers(SessionControl control, Func<char?> read)
    {
        _control = control;
        _read = read;
        new Thread(Listen) { IsBackground = true, Name = "keys" }.Start();
    }

    public string Keys => _control.IsPaused ? "p go on, s skip, r redo" : "p pause, s skip, r redo";

    /// <summary>The next key of the terminal, if one was pressed.</summary>
    public static char? FromConsole() => Console.KeyAvailable ? Console.ReadKey(intercept: true).KeyChar : null;

    public async Task<bool> EnterAsync(CancellationToken cancel)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _asked = asked;
        }

        await asked.Task.WaitAsync(cancel).ConfigureAwait(false);
        return true;
    }

    public void Dispose() => _ended.Cancel();

    private void Listen()
    {
        while (!_ended.Token.WaitHandle.WaitOne(Glance))
        {
            while (_read() is { } key)
            {
                Press(key);
            }
        }
    }

    private void Press(char key)
    {
        switch (char.ToLowerInvariant(key))
        {
            case '\r' or '\n':
                lock (_lock)
                {
                    _asked?.TrySetResult();
                    _asked = null;
                }

                break;
            case 'p' when _control.IsPaused:
                _control.Resume();
                break;
            case 'p':
                _control.Pause();
                break;
            case 's':
                _control.Skip();
                break;
            case 'r':
                _control.Redo();
                break;
        }
    }
}
