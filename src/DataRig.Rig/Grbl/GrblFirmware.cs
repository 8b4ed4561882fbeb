using System.Globalization;
using DataRig.Core;
using DataRig.Rig.Gcode;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Grbl;

/// <summary>
/// Grbl 1.1 (an Uno with a CNC shield). It checks nothing that it hears, so a spoiled line may do something else:
/// <see cref="GrblProof"/> shows where the motors then stand.
/// </summary>
internal sealed class GrblFirmware : IGcodeFirmware
{
    private const int Attempts = 8;

    /// <summary>What only another firmware says.</summary>
    private static readonly string[] Others = ["start", "echo:", "Error:", "Resend:", "FIRMWARE_NAME:", "Marlin"];

    private readonly GrblOptions _options;
    private readonly LineTimings _timings;
    private readonly GrblLink _link;
    private readonly GrblProof _proof;
    private readonly GcodeAxis[] _axes = [new('X'), new('Y'), new('Z')];
    private GrblSettings _settings = new(new Dictionary<int, double>());
    private bool _sleeps;

    public GrblFirmware(ITransport transport, GrblOptions options, LineTimings timings, TimeProvider time)
    {
        _options = options;
        _timings = timings;
        _link = new GrblLink(transport, timings, time);
        _proof = new GrblProof(_link, _axes);
    }

    public GcodeLink Link => _link;

    public IReadOnlyList<GcodeAxis> Axes => _axes;

    public bool IndexSwitch => _options.IndexSwitch;

    /// <summary>Grbl reports places as 32-bit floats of millimetres.</summary>
    public long FarthestMicrosteps => 1_000_000;

    public bool HasHalted => false;

    public GcodeAxis AxisOf(Axis axis) => _axes[_options.Index(axis)];

    public BoardIdentity Identify(string version) => new("grbl", version, _options.IndexSwitch, _options.SpindleLight ? 1 : 0);

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
        (await _link.SendAsync("$i", _timings.Answer, cancel).ConfigureAwait(false)).Select(GrblReport.Firmware).FirstOrDefault(f => f is not null);

    /// <summary>Unlocks the board, reads its settings, and marks it so that a reset shows.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        await _link.SendAsync("$x", _timings.Answer, cancel).ConfigureAwait(false);
        _settings = await ReadSettingsAsync(cancel).ConfigureAwait(false);
        _settings.ThrowIfUnfit(_link.Board, _axes.Length);
        for (int i = 0; i < _axes.Length; i++)
        {
            _axes[i].Scale = _settings.Scale(i);
        }

        await _proof.MarkAsync(cancel).ConfigureAwait(false);
        await _proof.StandsAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// A reset from the line or the shield's reset pin keeps grbl's count; in motion it locks the board (alarm 3), as does a
    /// start from power where homing is on. Any start from power counts from zero (grbl 1.1, <c>main.c</c>, <c>mc_reset</c>).
    /// So an unlocked board that stands at the same place, and not at zero, still is where it was.
    /// </summary>
    public async Task<bool> RemembersAsync(CancellationToken cancel)
    {
        long[] counts = await _proof.CountsAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
        if (!_settings.HoldsAlways || counts.All(c => c == 0) || !counts.SequenceEqual(_axes.Select(a => a.Count)))
        {
            return false;
        }

        await _proof.MarkAsync(cancel).ConfigureAwait(false);
        return true;
    }

    public TimeSpan Duration(GcodeAxis axis, long way, BoardMove move) => new MotionProfile(way, Speed(axis, move), Math.Max(1, _settings.Acceleration(Array.IndexOf(_axes, axis)))).Duration;

    public async Task GoAsync(GcodeAxis axis, BoardMove move, IEnumerable<(GcodeAxis Axis, long Count)> places, TimeSpan duration, CancellationToken cancel)
    {
        string words = string.Concat(places.Select(p => p.Axis.Word(p.Count)));
        string feed = WithoutReset(GcodeAxis.Decimal(Math.Max(0.1, axis.Feed(Speed(axis, move))), 3));

        // Small letters: a flipped bit makes a capital X the byte that resets the board.
        await _link.SendAsync($"g90g21g94g53g1{words.ToLowerInvariant()}f{feed}", _timings.Answer, cancel).ConfigureAwait(false);
        await _proof.StandsAsync(duration, cancel).ConfigureAwait(false);
    }

    public async Task HomeAsync(GcodeAxis axis, CancellationToken cancel)
    {
        // Twice: without its h, which a bad cable may swallow, it is a question for help, and that is answered with ok as well.
        for (int round = 0; round < 2; round++)
        {
            await _link.SendAsync("$h", _timings.Homing, cancel).ConfigureAwait(false);
            await _proof.StandsAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
        }
    }

    public Task RecountAsync(GcodeAxis axis, CancellationToken cancel) => _proof.StandsAsync(TimeSpan.Zero, cancel);

    public async Task HoldAsync(bool hold, CancellationToken cancel)
    {
        if (!hold)
        {
            await _link.SendAsync("$slp", _timings.Answer, cancel).ConfigureAwait(false);
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
            await _link.SendAsync(speed > 0 ? $"m3s{GcodeAxis.Decimal(speed, 0)}" : "m5", _timings.Answer, cancel).ConfigureAwait(false);
            if ((await _proof.OrderAsync(TimeSpan.Zero, cancel).ConfigureAwait(false)).Spindle == speed)
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
            IReadOnlyList<string> said = await _link.SendAsync("$$", _timings.Answer, cancel).ConfigureAwait(false);
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
}
