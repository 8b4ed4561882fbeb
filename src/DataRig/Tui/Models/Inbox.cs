using System.Collections.Concurrent;

namespace DataRig.Tui.Models;

/// <summary>
/// The one way from working threads to the models, which only the user interface's thread touches: any thread posts, that thread
/// drains.
/// </summary>
internal sealed class Inbox
{
    private readonly ConcurrentQueue<Action> _waiting = new();

    /// <summary>Told, on the posting thread, that there is something to drain.</summary>
    public Action Wake { get; set; } = () => { };

    public void Post(Action change)
    {
        _waiting.Enqueue(change);
        Wake();
    }

    /// <summary>Makes every change that was posted.</summary>
    /// <returns>Whether there was any.</returns>
    public bool Drain()
    {
        bool any = false;
        while (_waiting.TryDequeue(out Action? change))
        {
            change();
            any = true;
        }

        return any;
    }
}
