namespace DataRig.Rig;

/// <summary>
/// The board that turntable and lights share. It is opened when first asked for; dropped after its link was lost, it is
/// opened anew, so that a cable pulled and put back costs a homing and nothing more.
/// </summary>
/// <param name="open">Finds the board, connects and greets it.</param>
public sealed class BoardConnection(Func<CancellationToken, Task<IBoard>> open) : IAsyncDisposable
{
    private IBoard? _board;

    /// <summary>Whether a board is connected as far as anybody knows.</summary>
    public bool IsOpen => _board is not null;

    /// <summary>The board; it is opened if there is none.</summary>
    /// <exception cref="LinkLostException">No board is to be found.</exception>
    public async Task<IBoard> OpenAsync(CancellationToken cancel) => _board ??= await open(cancel).ConfigureAwait(false);

    /// <summary>Does something with the board, and drops the board when that loses the link.</summary>
    public async Task<T> WithAsync<T>(Func<IBoard, Task<T>> work, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return await work(await OpenAsync(cancel).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (LinkLostException)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_board is { } board)
        {
            _board = null;
            await board.DisposeAsync().ConfigureAwait(false);
        }
    }
}
