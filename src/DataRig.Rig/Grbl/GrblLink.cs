using System.Text;
using DataRig.Core;
using DataRig.Rig.Gcode;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Grbl;

/// <summary>
/// Lines to a grbl board, one in flight. Nothing on this line has a checksum, so an answer is no proof of anything: a
/// command here must be one that may be taken twice, or spoiled, and the board's state is looked at afterwards.
/// </summary>
internal sealed class GrblLink(ITransport transport, LineTimings timings, TimeProvider time) : GcodeLink("grbl", transport, timings, time)
{
    /// <summary>The byte that resets the board at once: Ctrl-X. One flipped bit makes it of an 8 or of a capital X.</summary>
    public const byte Reset = 0x18;

    /// <summary>Grbl's line buffer of 80 less its end.</summary>
    public const int MaximumLength = 79;

    /// <summary>How often a line is sent that the board refuses: a spoiled line is refused as a wrong one is.</summary>
    private const int Refusals = 16;

    /// <summary>The error of a board in alarm.</summary>
    private const int Locked = 9;

    public override async Task<IReadOnlyList<string>> SendAsync(string command, TimeSpan patience, CancellationToken cancel)
    {
        await QuietAsync(cancel).ConfigureAwait(false);
        byte[] bytes = Encoding.ASCII.GetBytes(command.Length <= MaximumLength ? command + "\n" : throw new ArgumentException($"The line is too long for grbl: {command}", nameof(command)));
        List<string> said = [];
        int silences = 0, refusals = 0, locks = 0;
        await WriteAsync(bytes, cancel).ConfigureAwait(false);
        long deadline = Reader.After(patience);
        while (true)
        {
            if (await Reader.ReadUntilAsync(deadline, cancel).ConfigureAwait(false) is not { } line)
            {
                Doubt();
                if (++silences >= Timings.Silences)
                {
                    throw Silent();
                }

                // A line whose end was lost waits in the board: end it, and say all again. A hold that noise made is let go.
                await WriteAsync("~\n"u8.ToArray(), cancel).ConfigureAwait(false);
                await QuietAsync(cancel).ConfigureAwait(false);
                await WriteAsync(bytes, cancel).ConfigureAwait(false);
                deadline = Reader.After(Timings.Answer);
                continue;
            }

            Heed(line);
            GrblReply reply = GrblReply.Parse(line);
            if (reply.Kind == GrblReplyKind.Ok)
            {
                return said;
            }

            if (reply.Kind == GrblReplyKind.Error)
            {
                if (reply.Code == Locked && ++locks >= 2)
                {
                    throw new PositionLostException($"The {Board} is locked by an alarm; home the table and go on.");
                }

                if (++refusals >= Refusals)
                {
                    throw new WorkFailedException($"The {Board} refuses \"{command}\": {GrblWords.Error(reply.Code)}.");
                }

                silences = 0;
                await WriteAsync(bytes, cancel).ConfigureAwait(false);
                deadline = Reader.After(patience);
            }
            else
            {
                said.Add(reply.Text);
            }
        }
    }

    /// <summary>Sends a single byte that acts at once, such as <c>?</c>, <c>~</c> or <see cref="Reset"/>.</summary>
    public ValueTask SignalAsync(byte signal, CancellationToken cancel) => WriteAsync(new[] { signal }, cancel);

    /// <summary>Asks for the board's status once.</summary>
    /// <returns>Null where the answer did not come whole.</returns>
    public async Task<GrblStatus?> StatusAsync(CancellationToken cancel)
    {
        await SignalAsync((byte)'?', cancel).ConfigureAwait(false);
        await foreach (string line in ListenAsync(Timings.Answer, cancel).ConfigureAwait(false))
        {
            Heed(line);
            if (line.Contains('<', StringComparison.Ordinal) || line.Contains('>', StringComparison.Ordinal))
            {
                return GrblStatus.Parse(line);
            }
        }

        Doubt();
        return null;
    }

    protected override void Heed(string line)
    {
        GrblReply reply = GrblReply.Parse(line);
        if (reply.Kind == GrblReplyKind.Alarm)
        {
            Doubt();
            throw new PositionLostException($"The {Board} has locked itself: {GrblWords.Alarm(reply.Code)}. Home the table and go on.");
        }

        if (reply.Kind == GrblReplyKind.Started)
        {
            throw Restarted($"it said \"{reply.Text}\"");
        }
    }
}
