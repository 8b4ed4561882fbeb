using System.Globalization;
using DataRig.Core;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Grbl;

/// <summary>
/// A board with grbl 1.1 (an Uno with a CNC shield). Grbl checks nothing that it hears, so a spoiled line may move the
/// wrong way: every move is absolute, and ends only when the board has shown, in its own order of work, that it read the last line
/// of the move, was not reset since it was greeted, and stands still where it was sent, on every axis; else it is sent again.
/// </summary>
public sealed class GrblBoard : IBoard
{
    /// <summary>Grbl reports places as 32-bit floats of millimetres: up to here they tell one microstep from the next.</summary>
    public const long FarthestMicrosteps = 1_000_000;

    private const int Attempts = 8;

    /// <summary>How long the way back from where a spoiled line led is waited for in silence, before the board is asked again.</summary>
    private static readonly TimeSpan LongestReturn = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The work coordinate system that is chosen at the greeting and not used (moves are in G53). Grbl starts in G54, so a
    /// board that shows G54 was reset, even where its banner was lost.
    /// </summary>
    private const int Epoch = 59;
    private const int AfterReset = 54;

    private readonly ITransport _transport;
    private readonly GrblOptions _options;
    private readonly LineTimings _timings;
    private readonly TimeProvider _time;
    private readonly GrblLink _link;
    private readonly AxisState[] _axes = [new(), new(), new()];
    private GrblSettings _settings = new(new Dictionary<int, double>());
    private int _token;
    private bool _ready;
    private bool _sleeps;

    private GrblBoard(ITransport transport, GrblOptions options, LineTimings timings, TimeProvider time, GrblLink link, string firmware)
    {
        _transport = transport;
        _options = options;
        _timings = timings;
        _time = time;
        _link = link;
        Identity = new BoardIdentity("grbl", firmware, options.IndexSwitch, options.SpindleLight ? 1 : 0);
    }

    public BoardIdentity Identity { get; }

    /// <summary>Greets what is at the other end of an open line; the board then owns the line.</summary>
    /// <returns>The board, or null where what answers is no grbl, or nothing does; the line stays open.</returns>
    /// <exception cref="LinkLostException">The port was unplugged.</exception>
    /// <exception cref="WorkFailedException">It is a grbl whose settings do not suit a turntable.</exception>
    public static Task<GrblBoard?> TryGreetAsync(ITransport transport, GrblOptions options, TimeProvider time, CancellationToken cancel) =>
        TryGreetAsync(transport, options, new LineTimings(), time, cancel);

    internal static async Task<GrblBoard?> TryGreetAsync(ITransport transport, GrblOptions options, LineTimings timings, TimeProvider time, CancellationToken cancel)
    {
        GrblLink link = new(transport, timings, time);
        string? firmware = await GrblGreeting.FirmwareAsync(link, timings, time, cancel).ConfigureAwait(false);
        if (firmware is null)
        {
            return null;
        }

        GrblBoard board = new(transport, options, timings, time, link, firmware);
        await board.PrepareAsync(cancel).ConfigureAwait(false);
        Array.ForEach(board._axes, a => a.IsKnown = true);
        return board;
    }

    public async Task<long> HomeAsync(BoardMove slowly, CancellationToken cancel)
    {
        AxisState axis = _axes[_options.Index(slowly.Axis)];
        if (!_options.IndexSwitch)
        {
            throw new PositionLostException($"The grbl board at {_transport.Name} has no index switch; wire one, set $22=1 on the board and \"indexSwitch\" to true.");
        }

        await ReadyAsync(cancel, evenAfterReset: true).ConfigureAwait(false);
        long[] before = [.. _axes.Select(a => a.Count)];
        await WatchAsync(async () =>
        {
            await _link.SendAsync("$h", _timings.Homing, cancel).ConfigureAwait(false);
            await ProveAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
        }).ConfigureAwait(false);

        // The homing cycle moves every axis that has a switch.
        foreach ((AxisState other, long _) in _axes.Zip(before).Where(p => p.First.Count != p.Second))
        {
            other.IsKnown = false;
        }

        axis.Offset = 0;
        axis.IsKnown = true;
        return axis.Count;
    }

    public async Task<long> SetPositionAsync(Axis axis, long microsteps, CancellationToken cancel)
    {
        AxisState state = _axes[_options.Index(axis)];
        await ReadyAsync(cancel, evenAfterReset: true).ConfigureAwait(false);
        await WatchAsync(() => ProveAsync(TimeSpan.Zero, cancel)).ConfigureAwait(false);
        state.Offset = microsteps - state.Count;
        state.IsKnown = true;
        return state.Count + state.Offset;
    }

    public async Task<long> MoveAsync(BoardMove move, CancellationToken cancel)
    {
        int index = _options.Index(move.Axis);
        AxisState axis = _axes[index];
        if (!axis.IsKnown)
        {
            throw new PositionLostException($"The grbl board at {_transport.Name} no longer knows where its {"XYZ"[index]} axis stands; home it and go on.");
        }

        long target = move.TargetMicrosteps - axis.Offset;
        ThrowIfTooFar(target);
        await ReadyAsync(cancel).ConfigureAwait(false);
        double speed = Math.Min(move.MicrostepsPerSecond, _settings.TopSpeed(index)), acceleration = Math.Max(1, _settings.Acceleration(index));
        long[] targets = [.. _axes.Select(a => a == axis ? target : a.Count)];
        await WatchAsync(async () =>
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                // An axis that a spoiled line has moved is sent back along with the one that is meant.
                IEnumerable<int> astray = Enumerable.Range(0, _axes.Length).Where(i => i == index || _axes[i].Count != targets[i]);
                string places = string.Concat(astray.Select(i => $"{"xyz"[i]}{Decimal(targets[i] / (double)_settings.Scale(i), 4)}"));
                TimeSpan duration = new MotionProfile(target - axis.Count, speed, acceleration).Duration;
                duration = attempt > 0 && duration > LongestReturn ? LongestReturn : duration;

                // Small letters: a flipped bit makes a capital X the byte that resets the board.
                await _link.SendAsync($"g90g21g94g53g1{places}f{Decimal(Math.Max(0.1, 60 * speed / _settings.Scale(index)), 3)}", _timings.Answer, cancel).ConfigureAwait(false);
                await ProveAsync(duration, cancel).ConfigureAwait(false);
                if (_axes.Zip(targets).All(p => p.First.Count == p.Second))
                {
                    return;
                }
            }

            throw new PositionLostException($"The grbl board at {_transport.Name} was sent to {target} microsteps on {"XYZ"[index]} and says that it stands at {axis.Count}; check that no other program moves it, then home the table.");
        }).ConfigureAwait(false);
        return axis.Count + axis.Offset;
    }

    public async Task HoldAsync(bool hold, CancellationToken cancel)
    {
        if (hold && !_settings.HoldsAlways)
        {
            throw GrblSettings.Unfit(_transport.Name, "lets its motors go after each move", "$1=255");
        }

        if (!hold && !_sleeps)
        {
            await ReadyAsync(cancel).ConfigureAwait(false);
            await WatchAsync(() => _link.SendAsync("$slp", _timings.Answer, cancel)).ConfigureAwait(false);
            _sleeps = true;
            _ready = false;
            // Whatever turns freely may be turned by hand.
            Array.ForEach(_axes, a => a.IsKnown = false);
        }
        else if (hold)
        {
            await ReadyAsync(cancel).ConfigureAwait(false);
        }
    }

    public async Task SetLightAsync(int channel, double level, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(channel, Identity.LightChannels);
        double speed = Math.Round(Math.Clamp(level, 0, 1) * _settings.FullSpindle);
        await ReadyAsync(cancel).ConfigureAwait(false);
        await WatchAsync(async () =>
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                await _link.SendAsync(speed > 0 ? $"m3s{Decimal(speed, 0)}" : "m5", _timings.Answer, cancel).ConfigureAwait(false);
                if ((await OrderAsync(TimeSpan.Zero, cancel).ConfigureAwait(false)).Spindle == speed)
                {
                    return;
                }
            }

            throw new WorkFailedException($"The grbl board at {_transport.Name} does not set its light to {speed} of {_settings.FullSpindle}; its $31 may be too high.");
        }).ConfigureAwait(false);
    }

    public async Task<bool> ReadSwitchAsync(Axis axis, CancellationToken cancel)
    {
        await ReadyAsync(cancel).ConfigureAwait(false);
        GrblStatus? before = null;
        for (int attempt = 0; attempt < 4 * Attempts; attempt++)
        {
            GrblStatus? status = null;
            await WatchAsync(async () => status = await _link.StatusAsync(cancel).ConfigureAwait(false)).ConfigureAwait(false);
            if (status is not null && before?.Pins == status.Pins)
            {
                return status.Pins.Contains("XYZ"[_options.Index(axis)], StringComparison.Ordinal);
            }

            before = status;
        }

        throw new LinkLostException($"The grbl board at {_transport.Name} does not tell its status readably; check the cable.");
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
            catch (PositionLostException) when (evenAfterReset)
            {
                // Whoever homes has no need of the old position.
            }
        }

        if (_sleeps)
        {
            await _link.SignalAsync(0x18, cancel).ConfigureAwait(false); // only a reset wakes it
            _sleeps = false;
        }

        if (await GrblGreeting.FirmwareAsync(_link, _timings, _time, cancel).ConfigureAwait(false) is null)
        {
            throw new LinkLostException($"The grbl board at {_transport.Name} does not answer after its reset; check its power and cable.");
        }

        await PrepareAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Unlocks the board, reads its settings, and marks it so that a reset shows.</summary>
    private async Task PrepareAsync(CancellationToken cancel)
    {
        await WatchAsync(async () =>
        {
            await _link.SendAsync("$x", _timings.Answer, cancel).ConfigureAwait(false);
            _settings = await ReadSettingsAsync(cancel).ConfigureAwait(false);
            _settings.ThrowIfUnfit(_transport.Name, Enumerable.Range(0, _axes.Length));
            await _link.SendAsync($"g{Epoch}", _timings.Answer, cancel).ConfigureAwait(false);
            _ready = true;
            await ProveAsync(TimeSpan.Zero, cancel, justMarked: true).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Reads the settings until twice the same came.</summary>
    private async Task<GrblSettings> ReadSettingsAsync(CancellationToken cancel)
    {
        Dictionary<int, double>? before = null;
        for (int attempt = 0; attempt < 4 * Attempts; attempt++)
        {
            IReadOnlyList<string> said = await _link.SendAsync("$$", _timings.Answer, cancel).ConfigureAwait(false);
            Dictionary<int, double> now = [];
            foreach ((int number, double value) in said.Select(GrblReport.Setting).OfType<(int, double)>())
            {
                now[number] = value;
            }

            // Each setting is read for itself: in a long list, something is always spoiled on a bad cable.
            if (before is not null && Needed.All(n => now.TryGetValue(n, out double value) && before.TryGetValue(n, out double earlier) && value == earlier))
            {
                return new GrblSettings(now);
            }

            before = before is null ? now : Merge(before, now);
        }

        throw new LinkLostException($"The grbl board at {_transport.Name} does not list its settings ($$) readably; check the cable and \"baud\".");
    }

    private static readonly int[] Needed = [1, 13, 20, 30, 32, 100, 101, 102, 110, 111, 112, 120, 121, 122];

    private static Dictionary<int, double> Merge(Dictionary<int, double> before, Dictionary<int, double> now) =>
        before.Concat(now).GroupBy(s => s.Key).ToDictionary(g => g.Key, g => g.Last().Value);

    /// <summary>Waits until the board stands, and reads where; each axis' count is what the board itself reports.</summary>
    /// <param name="duration">How long it may move.</param>
    private async Task ProveAsync(TimeSpan duration, CancellationToken cancel, bool justMarked = false)
    {
        for (int attempt = 0; ; attempt++)
        {
            int workSystem = (await OrderAsync(duration, cancel).ConfigureAwait(false)).WorkSystem;
            if (workSystem == Epoch)
            {
                break;
            }

            // What a spoiled line chose is chosen back; but nothing chooses G54 except a reset (or the start, before the mark).
            if ((workSystem == AfterReset && !justMarked) || attempt >= Attempts)
            {
                throw new PositionLostException($"The grbl board at {_transport.Name} was reset (its settings are those of its start), so its position is lost; home the table and go on.");
            }

            await _link.SendAsync($"g{Epoch}", _timings.Answer, cancel).ConfigureAwait(false);
        }

        IReadOnlyList<double>? before = null;
        long started = _time.GetTimestamp();
        for (int looks = 0; looks < 50 || _time.GetElapsedTime(started) < duration + (4 * _timings.Answer); looks++)
        {
            GrblStatus? status = await _link.StatusAsync(cancel).ConfigureAwait(false);
            if (status is { State: "Idle", Places: { } places })
            {
                // One report may have been spoiled into another; two alike were not.
                if (before is not null && places.Count >= _axes.Length && places.SequenceEqual(before))
                {
                    for (int i = 0; i < _axes.Length; i++)
                    {
                        _axes[i].Count = (long)Math.Round(places[i] * _settings.Scale(i));
                    }

                    return;
                }

                before = places;
                continue;
            }

            before = null;
            await HelpAsync(status, cancel).ConfigureAwait(false);
        }

        throw new LinkLostException($"The grbl board at {_transport.Name} does not come to rest, or does not say so; check its cable and power.");
    }

    /// <summary>What to do about a board that is not idle.</summary>
    private async Task HelpAsync(GrblStatus? status, CancellationToken cancel)
    {
        switch (status?.State)
        {
            case "Idle" when status.Places is null:
                throw GrblSettings.Unfit(_transport.Name, "reports places of the work, not of the machine", "$10=1");
            case "Alarm" or "Sleep":
                throw new PositionLostException($"The grbl board at {_transport.Name} is in its state \"{status.State}\"; home the table and go on.");
            case "Check":
                throw new WorkFailedException($"The grbl board at {_transport.Name} is in check mode, where nothing moves; send it $C and try again.");
            case "Hold" or "Door":
                await _link.SignalAsync((byte)'~', cancel).ConfigureAwait(false);
                break;
        }

        if (status is not null)
        {
            await Task.Delay(_timings.Poll, _time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits until everything sent before is done: a dwell, which grbl begins only when all motion has ended, carries a
    /// new tool number, and the parser's state shows that number only once it has come to the dwell.
    /// </summary>
    private async Task<(int WorkSystem, int Tool, double Spindle)> OrderAsync(TimeSpan duration, CancellationToken cancel)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            _token = (_token % 250) + 1;
            await _link.SendAsync($"g4p0.01t{_token}", _timings.Answer + duration, cancel).ConfigureAwait(false);
            for (int look = 0; look < 4; look++)
            {
                IReadOnlyList<string> said = await _link.SendAsync("$g", _timings.Answer, cancel).ConfigureAwait(false);
                if (said.Select(GrblReport.ParserState).LastOrDefault(s => s is not null) is { } state && state.Tool == _token)
                {
                    return state;
                }

                if (look > 0)
                {
                    _link.Doubt();
                }
            }
        }

        throw new LinkLostException($"The line to the grbl board at {_transport.Name} spoils too much; use a shorter cable, away from the motor's.");
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

    private void ThrowIfTooFar(long target)
    {
        if (Math.Abs(target) > FarthestMicrosteps)
        {
            string message = $"The table has turned {Math.Abs(target)} microsteps from where the grbl board at {_transport.Name} counts, and beyond {FarthestMicrosteps} its reports are too coarse;";
            throw _options.IndexSwitch
                ? new PositionLostException($"{message} home it and go on.")
                : new WorkFailedException($"{message} press the board's reset button, turn the table to its mark and resume.");
        }
    }

    private static string Decimal(double value, int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero).ToString("0.####", CultureInfo.InvariantCulture);

    private sealed class AxisState
    {
        /// <summary>The board's own count, as last reported.</summary>
        public long Count { get; set; }

        /// <summary>What the caller's count is ahead of the board's.</summary>
        public long Offset { get; set; }

        public bool IsKnown { get; set; }
    }
}
