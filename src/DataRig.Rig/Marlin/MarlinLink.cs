using System.Globalization;
using DataRig.Core;
using DataRig.Rig.Gcode;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Marlin;

/// <summary>
/// Lines to a Marlin board, one in flight: numbered, checksummed, sent again as often as it takes. A line that was taken was
/// taken once and after all lines before it; an <c>ok</c> alone proves nothing, since a bad cable can make one too many.
/// </summary>
internal sealed class MarlinLink(ITransport transport, LineTimings timings, TimeProvider time) : GcodeLink("Marlin", transport, timings, time)
{
    /// <summary>
    /// Numbering begins here, and a board that was reset asks for line 1: the two can never be taken for each other.
    /// </summary>
    public const int FirstLine = 100;

    /// <summary>How many lines back the board may be: its own queue is four.</summary>
    private const int Remembered = 8;

    /// <summary>Marlin says that it is busy every two seconds.</summary>
    private static readonly TimeSpan BusyPatience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<int, string> _sent = [];
    private int _last;
    private int _resendsWithoutOk;

    /// <summary>Whether the board gave up by itself and waits for its reset button.</summary>
    public bool HasHalted { get; private set; }

    /// <summary>Begins the numbering, and forgets what was before.</summary>
    public Task<IReadOnlyList<string>> BeginAsync(CancellationToken cancel)
    {
        _sent.Clear();
        _last = FirstLine - 1;
        HasHalted = false;
        return SendAsync(string.Create(CultureInfo.InvariantCulture, $"M110 N{FirstLine}"), Timings.Answer, cancel);
    }

    public override async Task<IReadOnlyList<string>> SendAsync(string command, TimeSpan patience, CancellationToken cancel)
    {
        await QuietAsync(cancel).ConfigureAwait(false);
        int number = ++_last;
        _sent[number] = command;
        _sent.Remove(number - Remembered);
        List<string> said = [];
        int at = number, silences = 0, sendings = 1, strange = 0;
        await WriteAsync(at, cancel).ConfigureAwait(false);
        long deadline = Reader.After(patience);
        while (true)
        {
            string? line = await Reader.ReadUntilAsync(deadline, cancel).ConfigureAwait(false);
            MarlinReply reply = line is null ? default : MarlinReply.Parse(line);
            int next = at;
            if (line is null)
            {
                silences++;
                Doubt();
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
                    if (reply.Line < FirstLine)
                    {
                        throw Restarted($"it asks for line {reply.Line}");
                    }

                    strange = 0;
                    await RenumberAsync(at - 1, cancel).ConfigureAwait(false);
                }
            }
            else
            {
                Heed(line);
                if (reply.Kind == MarlinReplyKind.Alive)
                {
                    deadline = Reader.After(BusyPatience + Timings.Answer);
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

            if (silences >= Timings.Silences || ++sendings > 100)
            {
                throw silences > 0 ? Silent() : Spoils();
            }

            at = next;
            await WriteAsync(at, cancel).ConfigureAwait(false);
            deadline = Reader.After(at < number || line is null ? Timings.Answer : patience);
        }
    }

    /// <summary>Knocks at a board of which nothing is known yet: begins the numbering without waiting for an answer.</summary>
    public async Task KnockAsync(CancellationToken cancel)
    {
        Doubt();
        await WriteAsync(MarlinLine.Encode(FirstLine, string.Create(CultureInfo.InvariantCulture, $"M110 N{FirstLine}")), cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// A spoiled line that passed its check can make an M110 of an M114, and the board count its lines from elsewhere: tells it
    /// which one was the last.
    /// </summary>
    private async Task RenumberAsync(int last, CancellationToken cancel)
    {
        await WriteAsync(MarlinLine.Encode(last, string.Create(CultureInfo.InvariantCulture, $"M110 N{last}")), cancel).ConfigureAwait(false);
        Doubt();
        await QuietAsync(cancel).ConfigureAwait(false); // its ok is no answer to the line that is sent next
    }

    private ValueTask WriteAsync(int number, CancellationToken cancel) => WriteAsync(MarlinLine.Encode(number, _sent[number]), cancel);

    /// <summary>Some Marlins say <c>ok</c> after <c>Resend</c>, some do not; which, is soon seen.</summary>
    private async Task SkipOkAsync(CancellationToken cancel)
    {
        if (_resendsWithoutOk >= 5)
        {
            return;
        }

        string? line = await Reader.ReadAsync(Timings.OkAfterResend, cancel).ConfigureAwait(false);
        bool ok = line is not null && MarlinReply.Parse(line).Kind == MarlinReplyKind.Ok;
        _resendsWithoutOk = ok ? 0 : _resendsWithoutOk + 1;
        if (line is not null && !ok)
        {
            Reader.PutBack(line);
        }
    }

    protected override void Heed(string line)
    {
        MarlinReply reply = MarlinReply.Parse(line);
        if (reply.Kind == MarlinReplyKind.Started)
        {
            throw Restarted($"it said \"{reply.Text}\"");
        }

        if (reply.Kind == MarlinReplyKind.Halted)
        {
            HasHalted = true;
            throw new PositionLostException($"The {Board} has stopped itself (\"{reply.Text}\"); mend what it says, press its reset button and go on.");
        }
    }
}
