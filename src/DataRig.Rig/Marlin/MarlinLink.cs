using System.Globalization;
using System.Runtime.CompilerServices;
using DataRig.Core;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Marlin;

/// <summary>
/// Lines to a Marlin board, one in flight: numbered, checksummed, sent again as often as it takes. A line that was taken was
/// taken once and after all lines before it; an <c>ok</c> alone proves nothing, since a bad cable can make one too many.
/// </summary>
internal sealed class MarlinLink(ITransport transport, LineTimings timings, TimeProvider time)
{
    /// <summary>
    /// Numbering begins here, and a board that was reset asks for line 1: the two can never be taken for each other.
    /// </summary>
    public const int FirstLine = 100;

    /// <summary>How many lines back the board may be: its own queue is four.</summary>
    private const int Remembered = 8;

    /// <summary>Marlin says that it is busy every two seconds.</summary>
    private static readonly TimeSpan BusyPatience = TimeSpan.FromSeconds(2);

    private readonly LineReader _reader = new(transport, time);
    private readonly Dictionary<int, string> _sent = [];
    private int _last;
    private int _resendsWithoutOk;
    private bool _mayBeBehind;

    public string Name => transport.Name;

    /// <summary>Whether the board gave up by itself and waits for its reset button.</summary>
    public bool HasHalted { get; private set; }

    /// <summary>Begins the numbering, and forgets what was before.</summary>
    public Task<IReadOnlyList<string>> BeginAsync(CancellationToken cancel)
    {
        _sent.Clear();
        _last = FirstLine - 1;
        HasHalted = false;
        return SendAsync(string.Create(CultureInfo.InvariantCulture, $"M110 N{FirstLine}"), timings.Answer, cancel);
    }

    /// <summary>Sends a command until the board has taken it.</summary>
    /// <param name="patience">How long the board may work in silence before it is asked again.</param>
    /// <returns>What the board said meanwhile.</returns>
    /// <exception cref="PositionLostException">The board was reset or gave up.</exception>
    /// <exception cref="LinkLostException">The board no longer answers.</exception>
    public async Task<IReadOnlyList<string>> SendAsync(string command, TimeSpan patience, CancellationToken cancel)
    {
        await QuietAsync(cancel).ConfigureAwait(false);
        int number = ++_last;
        _sent[number] = command;
        _sent.Remove(number - Remembered);
        List<string> said = [];
        int at = number, silences = 0, sendings = 1, strange = 0;
        await WriteAsync(at, cancel).ConfigureAwait(false);
        long deadline = _reader.After(patience);
        while (true)
        {
            string? line = await _reader.ReadUntilAsync(deadline, cancel).ConfigureAwait(false);
            MarlinReply reply = line is null ? default : MarlinReply.Parse(line);
            int next = at;
            if (line is null)
            {
                silences++;
                _mayBeBehind = true;
            }
            else if (reply.Kind is MarlinReplyKind.Ok)
            {
                silences = 0;
                said.Add(reply.Text);
                next = at + 1;
            }
            else if (reply.Kind is MarlinReplyKind.Resend)
            {
                silences = 0;
                await SkipOkAsync(cancel).ConfigureAwait(false);
                if (reply.Line == number + 1 || _sent.ContainsKey(reply.Line))
                {
                    // One line further than was sent: this one had been taken, and came twice.
                    next = reply.Line;
                    strange = 0;
                }
                else if (++strange >= 3)
                {
                    throw Reset($"it asks for line {reply.Line}");
                }
            }
            else
            {
                ThrowIfDown(reply);
                if (reply.Kind == MarlinReplyKind.Alive)
                {
                    deadline = _reader.After(BusyPatience + timings.Answer);
                    silences = 0;
                }
                else
                {
                    said.Add(reply.Text);
                }

                continue;
            }

            if (next > number)
            {
                return said;
            }

            if (silences >= timings.Silences || ++sendings > 100)
            {
                throw new LinkLostException(silences > 0
                    ? $"The Marlin board at {Name} no longer answers; check its power and cable, then go on."
                    : $"The line to the Marlin board at {Name} spoils too much; use a shorter cable, away from the motor's.");
            }

            at = next;
            await WriteAsync(at, cancel).ConfigureAwait(false);
            deadline = _reader.After(at < number || line is null ? timings.Answer : patience);
        }
    }

    /// <summary>Knocks at a board of which nothing is known yet: begins the numbering without waiting for an answer.</summary>
    public async Task KnockAsync(CancellationToken cancel)
    {
        _mayBeBehind = true;
        await transport.WriteAsync(MarlinLine.Encode(FirstLine, string.Create(CultureInfo.InvariantCulture, $"M110 N{FirstLine}")), cancel).ConfigureAwait(false);
    }

    /// <summary>Reads what is left over from before, and sees whether the board was reset meanwhile.</summary>
    public async Task CatchUpAsync(CancellationToken cancel)
    {
        long deadline = _reader.After(TimeSpan.FromMilliseconds(1));
        while (await _reader.ReadUntilAsync(deadline, cancel).ConfigureAwait(false) is { } line)
        {
            ThrowIfDown(MarlinReply.Parse(line));
        }
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

    private ValueTask WriteAsync(int number, CancellationToken cancel) => transport.WriteAsync(MarlinLine.Encode(number, _sent[number]), cancel);

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
                ThrowIfDown(MarlinReply.Parse(line));
            }
            else
            {
                _mayBeBehind = false;
            }
        }
    }

    /// <summary>Some Marlins say <c>ok</c> after <c>Resend</c>, some do not; which, is soon seen.</summary>
    private async Task SkipOkAsync(CancellationToken cancel)
    {
        if (_resendsWithoutOk >= 5)
        {
            return;
        }

        string? line = await _reader.ReadAsync(timings.OkAfterResend, cancel).ConfigureAwait(false);
        bool ok = line is not null && MarlinReply.Parse(line).Kind == MarlinReplyKind.Ok;
        _resendsWithoutOk = ok ? 0 : _resendsWithoutOk + 1;
        if (line is not null && !ok)
        {
            _reader.PutBack(line);
        }
    }

    private void ThrowIfDown(MarlinReply reply)
    {
        if (reply.Kind == MarlinReplyKind.Started)
        {
            throw Reset($"it said \"{reply.Text}\"");
        }

        if (reply.Kind == MarlinReplyKind.Halted)
        {
            HasHalted = true;
            throw new PositionLostException($"The Marlin board at {Name} has stopped itself (\"{reply.Text}\"); mend what it says, press its reset button and go on.");
        }
    }

    private PositionLostException Reset(string sign) =>
        new($"The Marlin board at {Name} was reset ({sign}), so its position is lost; home the table and go on. If it happens again, look at the board's power supply.");
}
