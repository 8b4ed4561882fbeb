using System.Text;
using DataRig.Core;
using DataRig.Rig.Gcode;
using DataRig.Rig.Grbl;
using DataRig.Rig.Marlin;
using DataRig.Rig.RigLink;
using DataRig.Rig.Transports;

namespace DataRig.Rig;

/// <summary>
/// Finds the motor board that the options mean: over ports, baud rates and dialects, by its answer. Once found, the board is
/// found again under whatever name its port has after its cable was pulled and put back.
/// </summary>
/// <param name="record">Wraps each opened line, for the wire log; null leaves it as it is.</param>
public sealed class BoardFinder(SerialOptions options, Ports ports, TimeProvider time, Func<ITransport, ITransport>? record = null)
{
    /// <summary>The dialects, in the order they are tried where a board does not say by itself who it is.</summary>
    private static readonly Greeter[] Greeters =
    [
        new(Dialect.Riglink, "RigLink", async (line, o, timings, time, cancel) => await RigLinkBoard.TryGreetAsync(line, o.RigLink, timings.Boot < RigLinkBoard.UsualPatience ? timings.Boot : RigLinkBoard.UsualPatience, time, cancel).ConfigureAwait(false)),
        new(Dialect.Marlin, "Marlin", async (line, o, timings, time, cancel) => await GcodeBoard.TryGreetAsync(new MarlinFirmware(line, o.Marlin, timings, time), cancel).ConfigureAwait(false)),
        new(Dialect.Grbl, "grbl", async (line, o, timings, time, cancel) => await GcodeBoard.TryGreetAsync(new GrblFirmware(line, o.Grbl, timings, time), cancel).ConfigureAwait(false)),
    ];

    /// <summary>How long a port is listened to before anything is said: a board that restarts as its port opens says who it is.</summary>
    private static readonly TimeSpan Listening = TimeSpan.FromSeconds(2);

    private Port? _found;
    private int _foundBaud;

    /// <summary>Where the board was found last; null before.</summary>
    public Port? FoundAt => _found;

    /// <summary>The bits a second at which it answered; 0 before.</summary>
    public int FoundBaud => _foundBaud;

    internal LineTimings Timings { get; init; } = new();

    /// <summary>Opens the port, finds who answers, and greets it.</summary>
    /// <exception cref="WorkFailedException">There is no board to be found; the message says what is there instead, and what to do.</exception>
    /// <exception cref="LinkLostException">The same, of a board that was found before: its cable may come back.</exception>
    public async Task<IBoard> FindAsync(CancellationToken cancel)
    {
        try
        {
            return await SearchAsync(cancel).ConfigureAwait(false);
        }
        catch (WorkFailedException e) when (_found is not null && e is not (LinkLostException or PositionLostException))
        {
            throw new LinkLostException(e.Message, e);
        }
    }

    private async Task<IBoard> SearchAsync(CancellationToken cancel)
    {
        IReadOnlyList<Port> candidates = Candidates();
        if (candidates.Count == 0)
        {
            throw new WorkFailedException("No serial port was found; plug the board in with a cable that carries data (many only charge), and look at its power light.");
        }

        List<string> reasons = [];
        foreach (Port port in candidates)
        {
            try
            {
                if (await TryPortAsync(port, reasons, cancel).ConfigureAwait(false) is { } board)
                {
                    return board;
                }
            }
            catch (PortException e) when (candidates.Count > 1)
            {
                reasons.Add(e.Message.TrimEnd('.'));
            }
        }

        throw new WorkFailedException(string.Join("; ", reasons) + ".");
    }

    /// <summary>The port that is named; every port where none is, or where the named one went away with a board that was there.</summary>
    private List<Port> Candidates()
    {
        IReadOnlyList<Port> present = ports.List();
        if (options.Port != "auto" && (_found is null || File.Exists(options.Port)))
        {
            return [present.FirstOrDefault(p => p.Device == PortHolder.Resolve(options.Port) && p.Name == options.Port) ?? new Port(options.Port, PortHolder.Resolve(options.Port))];
        }

        // Where the board was before comes first; then lasting names.
        return [.. present.OrderByDescending(p => p.Name == _found?.Name)];
    }

    private async Task<IBoard?> TryPortAsync(Port port, List<string> reasons, CancellationToken cancel)
    {
        Overheard? heard = null;
        foreach (int baud in options.Bauds.OrderByDescending(b => b == _foundBaud))
        {
            ITransport opened;
            try
            {
                opened = ports.Open(port.Name, baud, options.Transport);
            }
            catch (PortException e) when (e.Problem == PortProblem.Baud && options.Baud == 0)
            {
                continue; // one of several to try, and the library lacks it
            }

            Overheard line = new(record is null ? opened : record(opened));
            IBoard? board = null;
            try
            {
                board = await GreetAsync(line, cancel).ConfigureAwait(false);
                if (board is not null)
                {
                    _found = ports.List().FirstOrDefault(p => p.Device == port.Device) ?? port;
                    _foundBaud = baud;
                    return board;
                }

                heard = heard is null || (line.First.Count > 0 && (line.IsText || heard.First.Count == 0)) ? line : heard;
            }
            finally
            {
                if (board is null)
                {
                    await line.DisposeAsync().ConfigureAwait(false);
                }
            }
        }

        reasons.Add(Describe(port, heard));
        return null;
    }

    private async Task<IBoard?> GreetAsync(Overheard line, CancellationToken cancel)
    {
        LineReader reader = new(line, time);
        StringBuilder banner = new();
        TimeSpan patience = Listening < Timings.Boot ? Listening : Timings.Boot;
        while (await reader.ReadAsync(patience, cancel).ConfigureAwait(false) is { } text && banner.Length < 1000)
        {
            banner.AppendLine(text);
            patience = Timings.OkAfterResend;
        }

        IEnumerable<Greeter> meant = Greeters.Where(g => options.Dialect is Dialect.Auto || g.Dialect == options.Dialect)
            .OrderByDescending(g => g.Dialect == Dialect.Riglink ? RigLinkBoard.IsHeardIn(line.First) : banner.ToString().Contains(g.Name, StringComparison.Ordinal));
        foreach (Greeter greeter in meant)
        {
            try
            {
                if (await greeter.TryAsync(line, options, Timings, time, cancel).ConfigureAwait(false) is { } board)
                {
                    return board;
                }

                // What this dialect said may stand half a line in the board; the next one begins with a clean line.
                await line.WriteAsync("\n"u8.ToArray(), cancel).ConfigureAwait(false);
                for (int lines = 0; lines < 20 && await reader.ReadAsync(Timings.OkAfterResend, cancel).ConfigureAwait(false) is not null; lines++)
                {
                }
            }
            catch (LinkLostException)
            {
                // Half understood is not understood; a line that is really gone is silent to the next one, too.
            }
        }

        return null;
    }

    private string Describe(Port port, Overheard? heard)
    {
        string wanted = options.Dialect == Dialect.Auto ? string.Join(" or ", Greeters.Select(g => g.Name)) : Greeters.First(g => g.Dialect == options.Dialect).Name;
        string bauds = options.Baud > 0 ? $"at {options.Baud} baud" : "at any usual baud rate";
        return heard is null || heard.First.Count == 0
            ? $"Nothing answers at {port.Name} {bauds}: look at the board's power, and flash it with {wanted} if it has no firmware yet"
            : !heard.IsText
                ? $"What comes from {port.Name} {bauds} is no text: set \"baud\" to what the board's firmware was built with"
                : $"At {port.Name} something answers that is no {wanted}, with \"{WireLog.Escape(heard.First.Take(60).ToArray())}\": set \"port\" to the board's, or flash it with firmware that DataRig speaks to";
    }

    /// <param name="Name">As messages and banners write it.</param>
    private sealed record Greeter(Dialect Dialect, string Name, Func<ITransport, SerialOptions, LineTimings, TimeProvider, CancellationToken, Task<IBoard?>> TryAsync);
}
