using DataRig.Rig;
using DataRig.Terminal;

namespace DataRig.Tui.Models;

/// <summary>Something that a person at the rig is asked for.</summary>
/// <param name="Big">It in a word or two.</param>
/// <param name="Words">It in a sentence.</param>
/// <param name="IsFault">Whether it is to be mended rather than done.</param>
internal sealed record Request(string Big, string Words, bool IsFault)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It is done.</summary>
    public void Done() => _done.TrySetResult();

    public Task WaitAsync(CancellationToken cancel) => _done.Task.WaitAsync(cancel);
}

/// <summary>Asks the person at the screen for what a session needs, and waits for Enter.</summary>
/// <param name="inbox">The way to the screen.</param>
/// <param name="show">Shows a request; null takes it away.</param>
internal sealed class ScreenOperator(Inbox inbox, Action<Request?> show) : IOperator
{
    public async Task<string?> PlaceAsync(Placement placement, CancellationToken cancel)
    {
        await AskAsync(new Request($"Put {placement.Part} {PlacementWords.Item(placement)}", $"{PlacementWords.Sentence(placement)}, then press Enter.", IsFault: false), cancel).ConfigureAwait(false);
        return placement.PoseName;
    }

    public async Task<bool> DoAsync(Chore chore, CancellationToken cancel)
    {
        string big = chore.Kind switch
        {
            ChoreKind.ClearTable => "Clear table",
            ChoreKind.TurnToMark => "Turn to mark",
            _ => "Mend the rig",
        };
        await AskAsync(new Request(big, chore.Kind == ChoreKind.Mend ? chore.Words : $"{chore.Words} Then press Enter.", chore.Kind == ChoreKind.Mend), cancel).ConfigureAwait(false);
        return true;
    }

    private async Task AskAsync(Request request, CancellationToken cancel)
    {
        inbox.Post(() => show(request));
        try
        {
            await request.WaitAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            inbox.Post(() => show(null));
        }
    }
}
