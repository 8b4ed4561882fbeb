using System.Runtime.CompilerServices;
using System.Text;
using DataRig.Core;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Grbl;

/// <summary>
/// Lines to a grbl board, one in flight. Nothing on this line has a checksum, so an answer is no proof of anything: a
/// command here must be one that may be taken twice, or spoiled, and the board's state is looked at afterwards.
/// </summary>
internal sealed class GrblLink(ITransport transport, LineTimings timings, TimeProvider time)
{
    /// <summary>Grbl's line buffer of 80 less its end.</summary>
    public const int MaximumLength = 79;

    /// <summary>How often a line is sent that the board refuses: a spoiled line is refused as a wrong one is.</summary>
    private const int Refusals = 8;

    /// <summary>The error of a board in alarm.</summary>
    private const int Locked = 9;

    private readonly LineReader _reader = new(transport, time);
    private bool _mayBeBehind = true;

    public string Name => transport.Name;

    /// <summary>Sends a line until the board has taken it.</summary>
    /// <param name="patience">How long the board may work in silence before it is asked again.</param>
    /// <returns>What the board said meanwhile.</returns>
    /// <exception cref="PositionLostException">The board was reset or locked itself.</exception>
    /// <exception cref="LinkLostException">The board no longer answers.</exception>
    /// <exception cref="WorkFailedException">The board refuses the line.</exception>
    public async Task<IReadOnlyList<string>> SendAsync(string line, TimeSpan patience, CancellationToken cancel)
    {
        await QuietAsync(cancel).ConfigureAwait(false);
        byte[] bytes = Encoding.ASCII.GetBytes(line.Length <= MaximumLength ? line + "\n" : throw new ArgumentException($"The line is too long for grbl: {line}", nameof(line)));
        List<string> said = [];
        int silences = 0, refusals = 0, locks = 0;
        await transport.WriteAsync(bytes, cancel).ConfigureAwait(false);
        long deadline = _reader.After(patience);
        while (true)
        {
            if (await _reader.ReadUntilAsync(deadline, cancel).ConfigureAwait(false) is not { } text)
            {
                _mayBeBehind = true;
                if (++silences >= timings.Silences)
                {
                    throw new LinkLostException($"The grbl board at {Name} no longer answers; check its power and cable, then go on.");
                }

                // A line whose end was lost waits in the board: end it, and say all again. A hold that noise made is let go.
                await transport.WriteAsync("~\n"u8.ToArray(), cancel).ConfigureAwait(false);
                await QuietAsync(cancel).ConfigureAwait(false);
                await transport.WriteAsync(bytes, cancel).ConfigureAwait(false);
                deadline = _reader.After(timings.Answer);
                continue;
            }

            GrblReply reply = GrblReply.Parse(text);
            ThrowIfDown(reply);
            if (reply.Kind == GrblReplyKind.Ok)
            {
                return said;
            }

            if (reply.Kind == GrblReplyKind.Error)
            {
                if (reply.Code == Locked && ++locks >= 2)
                {
                    throw new PositionLostException($"The grbl board at {Name} is locked by an alarm; home the table and go on.");
                }

                if (++refusals >= Refusals)
                {
                    throw new WorkFailedException($"The grbl board at {Name} refuses \"{line}\": {GrblWords.Error(reply.Code)}.");
                }

                silences = 0;
                await transport.WriteAsync(bytes, cancel).ConfigureAwait(false);
                deadline = _reader.After(patience);
            }
            else
            {
                said.Add(reply.Text);
            }
        }
    }

    /// <summary>Sends a single byte that acts at once, such as <c>?</c>, <c>!</c> or 0x18.</summary>
    public ValueTask SignalAsync(byte signal, CancellationToken cancel) => transport.WriteAsync(new[] { signal }, cancel);

    /// <summary>Asks for the board's status once.</summary>
    /// <returns>Null where the answer did not come whole.</returns>
    public async Task<GrblStatus?> StatusAsync(CancellationToken cancel)
    {
        await SignalAsync((byte)'?', cancel).ConfigureAwait(false);
        long deadline = _reader.After(timings.Answer);
        while (await _reader.ReadUntilAsync(deadline, cancel).ConfigureAwait(false) is { } line)
        {
            GrblReply reply = GrblReply.Parse(line);
            ThrowIfDown(reply);
            if (line.Contains('<', StringComparison.Ordinal) || line.Contains('>', StringComparison.Ordinal))
            {
                return GrblStatus.Parse(line);
            }
        }

        _mayBeBehind = true;
        return null;
    }

    /// <summary>What the board says in a span of time, line by line.</summary>
    public async IAsyncEnumerable<string> ListenAsync(TimeSpan span, [EnumeratorCancellation] CancellationToken cancel)
    {
        long deadline = _reader.After(span);
        while (await _reader.ReadUntilAsync(deadline, cancel).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Reads what is left over from before, and sees whether the board was reset meanwhile.</summary>
    public async Task CatchUpAsync(CancellationToken cancel)
    {
        long deadline = _reader.After(TimeSpan.FromMilliseconds(1));
        while (await _reader.ReadUntilAsync(deadline, cancel).ConfigureAwait(false) is { } line)
        {
            ThrowIfDown(GrblReply.Parse(line));
        }
    }

    /// <summary>Something came that makes no sense: before the next line, whatever is late is waited for.</summary>
    public void Doubt() => _mayBeBehind = true;

    /// <summary>After a silence an answer may still be on its way, and would be taken for the next line's: lets it come first.</summary>
    private async Task QuietAsync(CancellationToken cancel)
    {
        long deadline = _reader.After(4 * timings.Answer);
        while (_mayBeBehind)
        {
            long quiet = Math.Min(deadline, _reader.After(timings.Answer));
            if (await _reader.ReadUntilAsync(quiet, cancel).ConfigureAwait(false) is { } line)
            {
                ThrowIfDown(GrblReply.Parse(line));
            }
            else
            {
                _mayBeBehind = false;
            }
        }
    }

    private void ThrowIfDown(GrblReply reply)
    {
        if (reply.Kind == GrblReplyKind.Alarm)
        {
            _mayBeBehind = true;
            throw new PositionLostException($"The grbl board at {Name} has locked itself: {GrblWords.Alarm(reply.Code)}. Home the table and go on.");
        }

        if (reply.Kind == GrblReplyKind.Started)
        {
            _mayBeBehind = true;
            throw new PositionLostException($"The grbl board at {Name} was reset (it said \"{reply.Text}\"), so its position is lost; home the table and go on. If it happens again, look at the board's power supply.");
        }
    }
}
