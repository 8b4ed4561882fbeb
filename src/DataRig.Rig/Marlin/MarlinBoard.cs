using System.Globalization;
using DataRig.Core;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Marlin;

/// <summary>
/// A 3D printer's board with Marlin (1.1 and 2.x) as a motor board. Moves are absolute and end with M400; the position is
/// what M114 counts after that. Since Marlin takes its lines in their order, a report asked for after M400 proves that
/// the motor stands.
/// </summary>
public sealed class MarlinBoard : IBoard
{
    /// <summary>
    /// Marlin reckons in 32-bit floats with 24 bits: up to here a count comes out as the microstep that was meant.
    /// </summary>
    public const long FarthestMicrosteps = 4_000_000;

    /// <summary>A count that is called by another name from here on begins anew on the board, where its build can do that.</summary>
    private const long LongCount = 100_000;

    private const int Attempts = 5;

    private readonly ITransport _transport;
    private readonly MarlinOptions _options;
    private readonly LineTimings _timings;
    private readonly TimeProvider _time;
    private readonly MarlinLink _link;
    private readonly AxisState[] _axes;
    private double _acceleration;
    private bool _ready;

    private MarlinBoard(ITransport transport, MarlinOptions options, LineTimings timings, TimeProvider time, MarlinLink link, string firmware)
    {
        _transport = transport;
        _options = options;
        _timings = timings;
        _time = time;
        _link = link;
        _axes = [.. Enum.GetValues<Axis>().Select(a => new AxisState(options.Letter(a)))];
        Identity = new BoardIdentity("marlin", firmware, options.IndexSwitch, options.Lights.Count);
    }

    public BoardIdentity Identity { get; }

    /// <summary>Greets what is at the other end of an open line; the board then owns the line.</summary>
    /// <returns>The board, or null where what answers is no Marlin, or nothing does; the line stays open.</returns>
    /// <exception cref="LinkLostException">The port was unplugged.</exception>
    public static Task<MarlinBoard?> TryGreetAsync(ITransport transport, MarlinOptions options, TimeProvider time, CancellationToken cancel) =>
        TryGreetAsync(transport, options, new LineTimings(), time, cancel);

    internal static async Task<MarlinBoard?> TryGreetAsync(ITransport transport, MarlinOptions options, LineTimings timings, TimeProvider time, CancellationToken cancel)
    {
        MarlinLink link = new(transport, timings, time);
        string? firmware = await MarlinGreeting.FirmwareAsync(link, timings, time, cancel).ConfigureAwait(false);
        if (firmware is null)
        {
            return null;
        }

        MarlinBoard board = new(transport, options, timings, time, link, firmware);
        await board.PrepareAsync(cancel).ConfigureAwait(false);
        Array.ForEach(board._axes, a => a.IsKnown = true);
        return board;
    }

    public async Task<long> HomeAsync(BoardMove slowly, CancellationToken cancel)
    {
        if (!_options.IndexSwitch)
        {
            throw new PositionLostException($"The Marlin board at {_transport.Name} has no index switch; set \"indexSwitch\" to true where one is wired to its {_options.Letter(slowly.Axis)} endstop.");
        }

        AxisState axis = _axes[(int)slowly.Axis];
        await ReadyAsync(cancel, evenAfterReset: true).ConfigureAwait(false);
        await SendAsync($"G28 {axis.Letter}", _timings.Homing, cancel).ConfigureAwait(false);
        await SendAsync("M400", _timings.Homing, cancel).ConfigureAwait(false);
        await AlignAsync(cancel).ConfigureAwait(false);
        axis.Offset = 0;
        axis.IsKnown = true;
        return axis.Count;
    }

    public async Task<long> SetPositionAsync(Axis axis, long microsteps, CancellationToken cancel)
    {
        AxisState state = _axes[(int)axis];
        await ReadyAsync(cancel, evenAfterReset: true).ConfigureAwait(false);
        await SendAsync("M400", _timings.Homing, cancel).ConfigureAwait(false);
        await LookAsync(cancel).ConfigureAwait(false);
        if (Math.Abs(state.Count) > LongCount)
        {
            // Builds without workspaces, or with subcodes, begin their own count anew; others only shift their places, which is undone.
            await SendAsync($"G92.9 {state.Letter}0", _timings.Answer, cancel).ConfigureAwait(false);
            await AlignAsync(cancel).ConfigureAwait(false);
        }

        state.Offset = microsteps - state.Count;
        state.IsKnown = true;
        return state.Count + state.Offset;
    }

    public async Task<long> MoveAsync(BoardMove move, CancellationToken cancel)
    {
        AxisState axis = _axes[(int)move.Axis];
        if (!axis.IsKnown)
        {
            throw new PositionLostException($"The Marlin board at {_transport.Name} no longer knows where its {axis.Letter} axis stands; home it and go on.");
        }

        long target = move.TargetMicrosteps - axis.Offset;
        ThrowIfTooFar(axis, target);
        await ReadyAsync(cancel).ConfigureAwait(false);
        await SetAccelerationAsync(move.MicrostepsPerSecondSquared / axis.Scale, cancel).ConfigureAwait(false);
        long[] targets = [.. _axes.Select(a => a == axis ? target : a.Count)];
        TimeSpan patience = _timings.Answer + new MotionProfile(target - axis.Count, move.MicrostepsPerSecond, move.MicrostepsPerSecondSquared).Duration;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            // The other axis is sent along where a line that was spoiled past its checksum has moved it.
            string places = string.Concat(_axes.Zip(targets).Where(p => p.First == axis || p.First.Count != p.Second).Select(p => $" {p.First.Letter}{Decimal(p.Second / (double)p.First.Scale, 5)}"));
            await SendAsync($"G1{places} F{Decimal(60 * move.MicrostepsPerSecond / axis.Scale, 3)}", _timings.Answer, cancel).ConfigureAwait(false);
            await SendAsync("M400", patience, cancel).ConfigureAwait(false);
            for (int look = 0; look < 2; look++)
            {
                await LookAsync(cancel).ConfigureAwait(false);
                if (_axes.Zip(targets).All(p => p.First.Count == p.Second))
                {
                    return axis.Count + axis.Offset;
                }
            }
        }

        Array.ForEach(_axes, a => a.IsKnown = false);
        throw new PositionLostException(
            $"The Marlin board at {_transport.Name} was sent to {target} microsteps on {axis.Letter} and says that it stands at {axis.Count}; check that no other program moves it and that its limits (M211, M203) let the table turn freely.");
    }

    public async Task HoldAsync(bool hold, CancellationToken cancel)
    {
        await ReadyAsync(cancel).ConfigureAwait(false);
        await SendAsync("M400", _timings.Homing, cancel).ConfigureAwait(false);
        await SendAsync(hold ? "M17" : "M84", _timings.Answer, cancel).ConfigureAwait(false);
        if (!hold)
        {
            // Whatever turns freely may be turned by hand.
            Array.ForEach(_axes, a => a.IsKnown = false);
        }
    }

    public async Task SetLightAsync(int channel, double level, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(channel, _options.Lights.Count);
        string light = _options.Lights[channel];
        int duty = (int)Math.Round(Math.Clamp(level, 0, 1) * 255);
        await ReadyAsync(cancel).ConfigureAwait(false);
        string command = light != "M355" ? $"{light} S{duty}" : duty == 0 ? "M355 S0" : $"M355 S1 P{duty}";
        await SendAsync(command, _timings.Answer, cancel).ConfigureAwait(false);
    }

    public async Task<bool> ReadSwitchAsync(Axis axis, CancellationToken cancel)
    {
        char letter = _options.Letter(axis);
        await ReadyAsync(cancel).ConfigureAwait(false);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            IReadOnlyList<string> said = await SendAsync("M119", _timings.Answer, cancel).ConfigureAwait(false);
            if (said.Select(s => MarlinReport.Switch(s, letter)).FirstOrDefault(s => s is not null) is { } met)
            {
                return met;
            }
        }

        throw new WorkFailedException($"The Marlin board at {_transport.Name} reports no switch for its {letter} axis (M119); wire one to its {letter} endstop and build its firmware with it.");
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    /// <summary>Sees whether the board is still the one that was prepared, and prepares it again after a reset.</summary>
    private async Task ReadyAsync(CancellationToken cancel, bool evenAfterReset = false)
    {
        if (_ready)
        {
            try
            {
                await WatchAsync(() => _link.CatchUpAsync(cancel)).ConfigureAwait(false);
                return;
            }
            catch (PositionLostException) when (evenAfterReset && !_link.HasHalted)
            {
                // Whoever homes has no need of the old position.
            }
        }

        if (await MarlinGreeting.FirmwareAsync(_link, _timings, _time, cancel).ConfigureAwait(false) is null)
        {
            throw new LinkLostException($"The Marlin board at {_transport.Name} does not answer after its reset; check its power and cable.");
        }

        await PrepareAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Absolute millimetres, no limits, no time-out of the motors, a whole number of microsteps in a unit.</summary>
    private async Task PrepareAsync(CancellationToken cancel)
    {
        _acceleration = 0;
        foreach (string command in (string[])["G21", "G90", "M211 S0", "M84 S0"])
        {
            await SendAsync(command, _timings.Answer, cancel).ConfigureAwait(false);
        }

        foreach (AxisState axis in _axes)
        {
            // Reports round the scale to two decimals; rounded to a whole number, until the board's next start, both sides mean the same.
            double scale = await ScaleAsync(axis, null, cancel).ConfigureAwait(false);
            axis.Scale = Math.Max(1, (int)Math.Round(scale));
            await ScaleAsync(axis, axis.Scale, cancel).ConfigureAwait(false);
        }

        await AlignAsync(cancel).ConfigureAwait(false);
        _ready = true;
    }

    /// <summary>Asks for an axis' scale until two answers agree, after setting it where one is wanted.</summary>
    private async Task<double> ScaleAsync(AxisState axis, int? wanted, CancellationToken cancel)
    {
        double? before = wanted;
        for (int attempt = 0; attempt < 4 * Attempts; attempt++)
        {
            if (wanted is not null)
            {
                await SendAsync($"M92 {axis.Letter}{wanted}", _timings.Answer, cancel).ConfigureAwait(false);
            }

            // M92 alone reports on newer Marlins; M503 on all that were not built without it.
            IReadOnlyList<string> said = await SendAsync(attempt % 2 == 0 ? "M92" : "M503", _timings.Answer, cancel).ConfigureAwait(false);
            double? scale = said.Select(s => MarlinReport.Scale(s, axis.Letter)).FirstOrDefault(s => s is not null);
            if (scale is not null && scale == before)
            {
                return scale.Value;
            }

            before = wanted ?? scale ?? before;
            if (attempt >= 2)
            {
                _link.Doubt();
            }
        }

        throw new WorkFailedException($"The Marlin board at {_transport.Name} does not say how many steps its {axis.Letter} axis makes in a unit (M92, M503); build its firmware with M503, or name an axis that it has.");
    }

    /// <summary>Makes the places of the board's G-code those of its motors, without offsets.</summary>
    private async Task AlignAsync(CancellationToken cancel)
    {
        for (int attempt = 0; attempt < 2 * Attempts; attempt++)
        {
            IReadOnlyList<string> said = await SendAsync("M114", _timings.Answer, cancel).ConfigureAwait(false);
            string? report = said.LastOrDefault(s => _axes.All(a => MarlinReport.Count(s, a.Letter, null) is not null));
            if (report is null)
            {
                continue;
            }

            if (_axes.All(a => MarlinReport.Count(report, a.Letter, a.Scale) is not null))
            {
                Array.ForEach(_axes, a => a.Count = MarlinReport.Count(report, a.Letter, a.Scale)!.Value);
                return;
            }

            string places = string.Concat(_axes.Select(a => $" {a.Letter}{Decimal(MarlinReport.Count(report, a.Letter, null)!.Value / (double)a.Scale, 5)}"));
            await SendAsync($"G92{places}", _timings.Answer, cancel).ConfigureAwait(false);
        }

        throw NoReport();
    }

    /// <summary>Reads where all axes stand.</summary>
    private async Task LookAsync(CancellationToken cancel)
    {
        for (int attempt = 0; attempt < 4 * Attempts; attempt++)
        {
            IReadOnlyList<string> said = await SendAsync("M114", _timings.Answer, cancel).ConfigureAwait(false);
            if (said.LastOrDefault(s => _axes.All(a => MarlinReport.Count(s, a.Letter, a.Scale) is not null)) is { } report)
            {
                Array.ForEach(_axes, a => a.Count = MarlinReport.Count(report, a.Letter, a.Scale)!.Value);
                return;
            }
        }

        throw NoReport();
    }

    private async Task SetAccelerationAsync(double unitsPerSecondSquared, CancellationToken cancel)
    {
        if (_acceleration != unitsPerSecondSquared)
        {
            string value = Decimal(unitsPerSecondSquared, 3);
            await SendAsync($"M204 P{value} T{value}", _timings.Answer, cancel).ConfigureAwait(false);
            _acceleration = unitsPerSecondSquared;
        }
    }

    private async Task<IReadOnlyList<string>> SendAsync(string command, TimeSpan patience, CancellationToken cancel)
    {
        IReadOnlyList<string> said = [];
        await WatchAsync(async () => said = await _link.SendAsync(command, patience, cancel).ConfigureAwait(false)).ConfigureAwait(false);
        return said;
    }

    /// <summary>After a reset nothing is believed until the board is prepared again and the axes are homed.</summary>
    private async Task WatchAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (PositionLostException)
        {
            _ready = false;
            Array.ForEach(_axes, a => a.IsKnown = false);
            throw;
        }
    }

    private void ThrowIfTooFar(AxisState axis, long target)
    {
        if (Math.Abs(target) > FarthestMicrosteps)
        {
            string message = $"The table has turned {Math.Abs(target)} microsteps from where the Marlin board at {_transport.Name} counts, and beyond {FarthestMicrosteps} its arithmetic is too coarse;";
            throw _options.IndexSwitch
                ? new PositionLostException($"{message} home it and go on.")
                : new WorkFailedException($"{message} press the board's reset button, turn the table to its mark and resume.");
        }
    }

    private WorkFailedException NoReport() =>
        new LinkLostException($"The Marlin board at {_transport.Name} does not say where it stands (M114 with its \"Count\"); update its firmware to Marlin 1.1 or later, or check the cable.");

    private static string Decimal(double value, int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero).ToString("0.#####", CultureInfo.InvariantCulture);

    /// <param name="letter">Of its G-code.</param>
    private sealed class AxisState(char letter)
    {
        public char Letter { get; } = letter;

        /// <summary>Microsteps in a unit of the board's.</summary>
        public int Scale { get; set; } = 1;

        /// <summary>The board's own count, as last reported.</summary>
        public long Count { get; set; }

        /// <summary>What the caller's count is ahead of the board's.</summary>
        public long Offset { get; set; }

        public bool IsKnown { get; set; }
    }
}
