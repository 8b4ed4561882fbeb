using System.Runtime.CompilerServices;
using DataRig.Core;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Gcode;

/// <summary>
/// Lines of text to a board and back. How a line is made sure of is the firmware's affair; here it is seen to that no late
/// answer is taken for another line's, and that no line goes by unheeded which says that the board was reset.
/// </summary>
/// <param name="firmware">As messages write it.</param>
internal abstract class GcodeLink(string firmware, ITransport transport, LineTimings timings, TimeProvider time) : IAsyncDisposable
{
    private bool _mayBeBehind = true;

    /// <summary>As messages write it, such as <c>grbl board at /dev/ttyUSB0</c>.</summary>
    public string Board { get; } = $"{firmware} board at {transport.Name}";

    public LineTimings Timings => timings;

    public TimeProvider Time => time;

    protected LineReader Reader { get; } = new(transport, time);

    /// <summary>Sends a command until the board has taken it.</summary>
    /// <param name="patience">How long the board may work in silence before it is asked again.</param>
    /// <returns>What the board said meanwhile.</returns>
    /// <exception cref="RestartedException">The board was reset.</exception>
    /// <exception cref="PositionLostException">The board gave up or locked itself.</exception>
    /// <exception cref="LinkLostException">The board no longer answers.</exception>
    /// <exception cref="WorkFailedException">The board refuses the command.</exception>
    public abstract Task<IReadOnlyList<string>> SendAsync(string command, TimeSpan patience, CancellationToken cancel);

    /// <summary>Throws where a line says that the board is no longer the one it was.</summary>
    protected abstract void Heed(string line);

    /// <summary>Something came that makes no sense, or nothing came: before the next line, whatever is late is waited for.</summary>
    public void Doubt() => _mayBeBehind = true;

    /// <summary>What the board says in a span of time, line by line.</summary>
    public async IAsyncEnumerable<string> ListenAsync(TimeSpan span, [EnumeratorCancellation] CancellationToken cancel)
    {
        long deadline = Reader.After(span);
        while (await Reader.ReadUntilAsync(deadline, cancel).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Reads what is left over from before, and sees whether the board was reset meanwhile.</summary>
    public async Task CatchUpAsync(CancellationToken cancel)
    {
        await foreach (string line in ListenAsync(TimeSpan.FromMilliseconds(1), cancel).ConfigureAwait(false))
        {
            Heed(line);
        }
    }

    public ValueTask DisposeAsync() => transport.DisposeAsync();

    public LinkLostException Spoils() => new($"The line to the {Board} spoils too much; use a shorter cable, away from the motor's.");

    /// <param name="sign">By what it was seen.</param>
    public RestartedException Restarted(string sign)
    {
        Doubt();
        return new($"The {Board} was reset ({sign}), so its position is lost; home the table and go on. If it happens again, look at the board's power supply.");
    }

    protected LinkLostException Silent() => new($"The {Board} no longer answers; check its power and cable, then go on.");

    protected ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => transport.WriteAsync(bytes, cancel);

    /// <summary>After a silence an answer may still be on its way, and would be taken for the next line's: lets it come first.</summary>
    protected async Task QuietAsync(CancellationToken cancel)
    {
        long deadline = Reader.After(4 * timings.Answer);
        while (_mayBeBehind)
        {
            long quiet = Math.Min(deadline, Reader.After(timings.Answer));
            if (await Reader.ReadUntilAsync(quiet, cancel).ConfigureAwait(false) is { } line)
            {
                Heed(line);
            }
            else
            {
                _mayBeBehind = false;
            }
        }
    }
}
