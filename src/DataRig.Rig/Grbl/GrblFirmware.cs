using System.Globalization;
using DataRig.Core;
using DataRig.Rig.Gcode;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Grbl;

/// <summary>
/// Grbl 1.1 (an Uno with a CNC shield). Grbl checks nothing that it hears, so a spoiled line may move the wrong way: a
/// move counts only when the board has shown, in its own order of work, that it read the last line of the move, was not
/// reset since it was prepared, and stands still.
/// </summary>
internal sealed class GrblFirmware(ITransport transport, GrblOptions options, LineTimings timings, TimeProvider time) : IGcodeFirmware
{
    private const int Attempts = 8;

    /// <summary>
    /// The work coordinate system that is chosen at the greeting and not used (moves are in G53). Grbl starts in G54, so a
    /// board that shows G54 was reset, even where its banner was lost.
    /// </summary>
    private const int Epoch = 59;
    private const int AfterReset = 54;

    /// <summary>What only another firmware says.</summary>
    private static readonly string[] Others = ["start", "echo:", "Error:", "Resend:", "FIRMWARE_NAME:", "Marlin"];

    private readonly GrblLink _link = new(transport, timings, time);
    private readonly GcodeAxis[] _axes = [new('X'), new('Y'), new('Z')];
    private GrblSettings _settings = new(new Dictionary<int, double>());
    private int _token;
    private bool _sleeps;

    public GcodeLink Link => _link;

    public IReadOnlyList<GcodeAxis> Axes => _axes;

    public bool IndexSwitch => options.IndexSwitch;

    /// <summary>Grbl reports places as 32-bit floats of millimetres.</summary>
    public long FarthestMicrosteps => 1_000_000;

    public bool HasHalted => false;

    public GcodeAxis AxisOf(Axis axis) => _axes[options.Index(axis)];

    public BoardIdentity Identify(string version) => new("grbl", version, options.IndexSwitch, options.SpindleLight ? 1 : 0);

    public async Task KnockAsync(CancellationToken cancel)
    {
        if (_sleeps)
        {
            await _link.SignalAsync(GrblLink.Reset, cancel).ConfigureAwait(false); // nothing else wakes it
            _sleeps = false;
        }

        await _link.SignalAsync((byte)'\n', cancel).ConfigureAwait(false);
    }

    public bool? IsIts(string line) => Others.Any(o => line.StartsWith(o, StringComparison.Ordinal)) ? false : GrblReply.Parse(line).Kind is GrblReplyKind.Text ? null : true;

    public async Task<string?> VersionAsync(CancellationToken cancel) =>
        (await _link.SendAsync("$i", timings.Answer, cancel).ConfigureAwait(false)).Select(GrblReport.Firmware).FirstOrDefault(f => f is not null);

    /// <summary>Unlocks the board, reads its settings, and marks it so that a reset shows.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        await _link.SendAsync("$x", timings.Answer, cancel).ConfigureAwait(false);
        _settings = await ReadSettingsAsync(cancel).ConfigureAwait(false);
        _settings.ThrowIfUnfit(_link.Board, _axes.Length);
        for (int i = 0; i < _axes.Length; i++)
        {
            _axes[i].Scale = _settings.Scale(i);
        }

        await MarkAsync(cancel).ConfigureAwait(false);
        await ProveAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// A reset from the line or the shield's reset pin keeps grbl's count; in motion it locks the board (alarm 3), as does a
    /// start from power where homing is on. Any start from power counts from zero (grbl 1.1, <c>main.c</c>, <c>mc_reset</c>).
    /// So an unlocked board that stands at the same place, and not at zero, still is where it was.
    /// </summary>
    public async Task<bool> RemembersAsync(CancellationToken cancel)
    {
        if (!_settings.HoldsAlways || await PlacesAsync(TimeSpan.Zero, cancel).ConfigureAwait(false) is not { } counts || counts.All(c => c == 0) || !counts.SequenceEqual(_axes.Select(a => a.Count)))
        {
            return false;
        }

        await MarkAsync(cancel).ConfigureAwait(false);
        return true;
    }

    public TimeSpan Duration(GcodeAxis axis, long way, BoardMove move) => new MotionProfile(way, Speed(axis, move), Math.Max(1, _settings.Acceleration(Array.IndexOf(_axes, axis)))).Duration;

    public async Task GoAsync(GcodeAxis axis, BoardMove move, IEnumerable<(GcodeAxis Axis, long Count)> places, TimeSpan duration, CancellationToken cancel)
    {
        string words = string.Concat(places.Select(p => p.Axis.Word(p.Count)));
        string feed = WithoutReset(GcodeAxis.Decimal(Math.Max(0.1, axis.Feed(Speed(axis, move))), 3));

        // Small letters: a flipped bit makes a capital X the byte that resets the board.
        await _link.SendAsync($"g90g21g94g53g1{words.ToLowerInvariant()}f{feed}", timings.Answer, cancel).ConfigureAwait(false);
        await ProveAsync(duration, cancel).ConfigureAwait(false);
    }

    public async Task HomeAsync(GcodeAxis axis, CancellationToken cancel)
    {
        // Twice: without its h, which a bad cable may swallow, it is a question for help, and that is answered with ok as well.
        for (int round = 0; round < 2; round++)
        {
            await _link.SendAsync("$h", timings.Homing, cancel).ConfigureAwait(false);
            await ProveAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
        }
    }

    public Task RecountAsync(GcodeAxis axis, CancellationToken cancel) => ProveAsync(TimeSpan.Zero, cancel);

    public async Task HoldAsync(bool hold, CancellationToken cancel)
    {
        if (!hold)
        {
            await _link.SendAsync("$slp", timings.Answer, cancel).ConfigureAwait(false);
            _sleeps = true;
        }
        else if (!_settings.HoldsAlways)
        {
            throw GrblSettings.Unfit(_link.Board, "lets its motors go after each move", "$1=255");
        }
    }

    /// <summary>The light is the spindle.</summary>
    public async Task SetLightAsync(int channel, double level, CancellationToken cancel)
    {
        double speed = Math.Round(level * _settings.FullSpindle);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            await _link.SendAsync(speed > 0 ? $"m3s{GcodeAxis.Decimal(speed, 0)}" : "m5", timings.Answer, cancel).ConfigureAwait(false);
            if ((await OrderAsync(TimeSpan.Zero, cancel).ConfigureAwait(false)).Spindle == speed)
            {
                return;
            }
        }

        throw new WorkFailedException($"The {_link.Board} does not set its light to {speed} of {_settings.FullSpindle}; its $31 may be too high.");
    }

    public async Task<bool> ReadSwitchAsync(GcodeAxis axis, CancellationToken cancel)
    {
        GrblStatus? before = null;
        for (int attempt = 0; attempt < 4 * Attempts; attempt++)
        {
            GrblStatus? status = await _link.StatusAsync(cancel).ConfigureAwait(false);
            if (status is not null && before?.Pins == status.Pins)
            {
                return status.Pins.Contains(axis.Letter, StringComparison.Ordinal);
            }

            before = status;
        }

        throw new LinkLostException($"The {_link.Board} does not tell its status readably; check the cable.");
    }

    /// <summary>The largest feed rate up to this one without an 8, where that costs less than a hundredth of the speed; else this one.</summary>
    internal static string WithoutReset(string feed)
    {
        int at = feed.IndexOf('8', StringComparison.Ordinal);
        string slower = at < 0 ? feed : string.Concat(feed.AsSpan(0, at), "7", string.Concat(feed[(at + 1)..].Select(c => c == '.' ? '.' : '9')));
        return double.Parse(slower, CultureInfo.InvariantCulture) > 0.99 * double.Parse(feed, CultureInfo.InvariantCulture) ? slower : feed;
    }

    private double Speed(GcodeAxis axis, BoardMove move) => Math.Min(move.MicrostepsPerSecond, _settings.TopSpeed(Array.IndexOf(_axes, axis)));

    private async Task<GrblSettings> ReadSettingsAsync(CancellationToken cancel)
    {
        // Each setting is read for itself, until it came twice the same: in a long list, something is always spoiled on a bad cable.
        Dictionary<int, double> before = [];
        for (int attempt = 0; attempt < 4 * Attempts; attempt++)
        {
            IReadOnlyList<string> said = await _link.SendAsync("$$", timings.Answer, cancel).ConfigureAwait(false);
            Dictionary<int, double> now = [];
            foreach ((int number, double value) in said.Select(GrblReport.Setting).OfType<(int, double)>())
            {
                now[number] = value;
            }

            if (GrblSettings.Needed.All(n => now.TryGetValue(n, out double value) && before.TryGetValue(n, out double earlier) && value == earlier))
            {
                return new GrblSettings(now);
            }

            foreach ((int number, double value) in now)
            {
                before[number] = value;
            }
        }

        throw new LinkLostException($"The {_link.Board} does not list its settings ($$) readably; check the cable and \"baud\".");
    }

    /// <summary>Chooses the work coordinate system that tells this start of the board from another.</summary>
    private async Task MarkAsync(CancellationToken cancel)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            await _link.SendAsync($"g{Epoch}", timings.Answer, cancel).ConfigureAwait(false);
            if ((await OrderAsync(TimeSpan.Zero, cancel).ConfigureAwait(false)).WorkSystem == Epoch)
            {
                return;
            }
        }

        throw _link.Spoils();
    }

    /// <summary>Waits until the board stands, and reads where; each axis' count is what the board itself reports.</summary>
    /// <param name="duration">How long it may move.</param>
    private async Task ProveAsync(TimeSpan duration, CancellationToken cancel)
    {
        int workSystem = (await OrderAsync(duration, cancel).ConfigureAwait(false)).WorkSystem;
        if (workSystem == AfterReset)
        {
            throw _link.Restarted("its modes are those of its start");
        }

        if (workSystem != Epoch)
        {
            await MarkAsync(cancel).ConfigureAwait(false); // what a spoiled line chose is chosen back
        }

        long[] counts = await PlacesAsync(duration, cancel).ConfigureAwait(false);
        for (int i = 0; i < _axes.Length; i++)
        {
            _axes[i].Count = counts[i];
        }
    }

    /// <summary>Where the axes stand, once the board is at rest.</summary>
    private async Task<long[]> PlacesAsync(TimeSpan duration, CancellationToken cancel)
    {
        IReadOnlyList<double>? before = null;
        long started = time.GetTimestamp();
        for (int looks = 0; looks < 50 || time.GetElapsedTime(started) < duration + (4 * timings.Answer); looks++)
        {
            GrblStatus? status = await _link.StatusAsync(cancel).ConfigureAwait(false);
            if (status is { State: "Idle", Places: { } places })
            {
                // One report may have been spoiled into another; two alike were not.
                if (before is not null && places.Count >= _axes.Length && places.SequenceEqual(before))
                {
                    return [.. _axes.Zip(places, (a, p) => (long)Math.Round(p * a.Scale))];
                }

                before = places;
                continue;
            }

            before = null;
            await HelpAsync(status, cancel).ConfigureAwait(false);
        }

        throw new LinkLostException($"The {_link.Board} does not come to rest, or does not say so; check its cable and power.");
    }

    /// <summary>What to do about a board that is not idle.</summary>
    private async Task HelpAsync(GrblStatus? status, CancellationToken cancel)
    {
        switch (status?.State)
        {
            case "Idle" when status.Places is null:
                throw GrblSettings.Unfit(_link.Board, "reports places of the work, not of the machine", "$10=1");
            case "Alarm" or "Sleep":
                throw new PositionLostException($"The {_link.Board} is in its state \"{status.State}\"; home the table and go on.");
            case "Check":
                await _link.SignalAsync(GrblLink.Reset, cancel).ConfigureAwait(false); // nothing moves in it; one flipped bit makes $c of $g
                break;
            case "Hold" or "Door":
                await _link.SignalAsync((byte)'~', cancel).ConfigureAwait(false);
                break;
        }

        if (status is not null)
        {
            await Task.Delay(timings.Poll, time, cancel).ConfigureAwait(false);
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
            _token = NextToken(_token);
            await _link.SendAsync($"g4p0.01t{_token}", timings.Answer + duration, cancel).ConfigureAwait(false);
            for (int look = 0; look < 4; look++)
            {
                IReadOnlyList<string> said = await _link.SendAsync("$g", timings.Answer, cancel).ConfigureAwait(false);
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

        throw _link.Spoils();
    }

    /// <summary>From 1 to 250 and round again, without those that have an 8: a flipped bit makes it the reset.</summary>
    private static int NextToken(int token)
    {
        do
        {
            token = (token % 250) + 1;
        }
        while (token % 10 == 8 || token / 10 % 10 == 8);
        return token;
    }
}
