using DataRig.Core;

namespace DataRig.Rig.RigLink;

/// <summary>What a board is told to do: a refusal becomes a sentence, and what lasts is waited for.</summary>
internal sealed class Orders(Line line, TimeProvider time)
{
    /// <summary>How the board stood when it was last heard; null before that.</summary>
    public BoardStatus? Last { get; private set; }

    /// <param name="asked">For a message: what it is, such as <c>a move</c>.</param>
    /// <returns>How the board stands after it did, or began, what it was asked.</returns>
    /// <exception cref="WorkFailedException">The board refused; see <see cref="Sentences.Refused"/> for which kind.</exception>
    /// <exception cref="LinkLostException">No answer came.</exception>
    /// <exception cref="PositionLostException">The board has started anew.</exception>
    public async Task<BoardStatus> AskAsync(Opcode opcode, byte[] body, string asked)
    {
        Message answer = await line.AskAsync(opcode, body).ConfigureAwait(false);
        if (answer.Kind == MessageKind.Refusal)
        {
            throw Sentences.Refused(Refused.From(answer.Body.Span) ?? new Refused(0, 0), asked, line.Name);
        }

        return Last = BoardStatus.From(answer.Body.Span)
            ?? throw new LinkLostException($"The board on {line.Name} answers with {answer.Body.Length} bytes of status instead of {BoardStatus.Bytes}; flash it with the firmware of this version.");
    }

    /// <summary>Ends what the board may still be doing for an earlier host.</summary>
    public async Task<BoardStatus> StandStillAsync()
    {
        BoardStatus status = await AskAsync(Opcode.Status, Bodies.None, "its status").ConfigureAwait(false);
        if (status.State != BoardState.Idle)
        {
            status = await AskAsync(Opcode.Stop, Bodies.None, "a stop").ConfigureAwait(false);
        }

        while (status.State != BoardState.Idle)
        {
            Last = status = await line.WaitForEndAsync(status.Work, Protocol.AskEvery, default).ConfigureAwait(false)
                ?? await AskAsync(Opcode.Status, Bodies.None, "its status").ConfigureAwait(false);
        }

        return status;
    }

    /// <summary>Begins a work and waits until it is done.</summary>
    /// <param name="expected">What it should take; it may take twice that and ten seconds.</param>
    /// <exception cref="OperationCanceledException">It was cancelled, and the board has braked and stands.</exception>
    /// <exception cref="PositionLostException">It ended otherwise than done.</exception>
    public async Task<BoardStatus> WorkAsync(Opcode opcode, byte[] body, string asked, TimeSpan expected, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        BoardStatus status = await AskAsync(opcode, body, asked).ConfigureAwait(false);
        byte work = status.Work;
        long start = time.GetTimestamp();
        try
        {
            while (status.Result == WorkResult.Running)
            {
                TimeSpan elapsed = time.GetElapsedTime(start);
                if (elapsed > (2 * expected) + TimeSpan.FromSeconds(10))
                {
                    await StandStillAsync().ConfigureAwait(false);
                    throw new PositionLostException($"The board on {line.Name} did not end {asked} in {elapsed.TotalSeconds:F0} s and was stopped; home it.");
                }

                TimeSpan wait = expected - elapsed + TimeSpan.FromMilliseconds(20);
                wait = TimeSpan.FromMilliseconds(Math.Clamp(wait.TotalMilliseconds, 20, Protocol.AskEvery.TotalMilliseconds));
                Last = status = await line.WaitForEndAsync(work, wait, cancel).ConfigureAwait(false)
                    ?? await AskAsync(Opcode.Status, Bodies.None, asked).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            await StandStillAsync().ConfigureAwait(false);
            throw;
        }

        return status.Result == WorkResult.Done && status.Work == work ? status : throw Sentences.Ended(status, asked, line.Name);
    }
}
