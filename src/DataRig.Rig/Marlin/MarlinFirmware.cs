using DataRig.Core;
using DataRig.Rig.Gcode;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Marlin;

/// <summary>
/// Marlin (1.1 and 2.x), a 3D printer's firmware. Moves end with M400; the position is what M114 counts after that. Since
/// Marlin takes its lines in their order, a report asked for after M400 proves that the motor stands.
/// </summary>
internal sealed class MarlinFirmware(ITransport transport, MarlinOptions options, LineTimings timings, TimeProvider time) : IGcodeFirmware
{
    private const int Attempts = 8;

    /// <summary>A count that is called by another name from here on begins anew on the board, where its build can do that.</summary>
    private const long LongCount = 100_000;

    private readonly MarlinLink _link = new(transport, timings, time);
    private readonly GcodeAxis[] _axes = [.. Enum.GetValues<Axis>().Select(a => new GcodeAxis(options.Letter(a)))];
    private double _acceleration;

    public GcodeLink Link => _link;

    public IReadOnlyList<GcodeAxis> Axes => _axes;

    public bool IndexSwitch => options.IndexSwitch;

    /// <summary>Marlin reckons in 32-bit floats with 24 bits.</summary>
    public long FarthestMicrosteps => 4_000_000;

    public bool HasHalted => _link.HasHalted;

    public GcodeAxis AxisOf(Axis axis) => _axes[(int)axis];

    public BoardIdentity Identify(string version) => new("marlin", version, options.IndexSwitch, options.Lights.Count);

    public Task KnockAsync(CancellationToken cancel) => _link.KnockAsync(cancel);

    public bool? IsIts(string line) =>
        line.StartsWith("Grbl ", StringComparison.Ordinal) || line.StartsWith("error:", StringComparison.Ordinal) || line.StartsWith('<') ? false
        : MarlinReply.Parse(line).Kind is MarlinReplyKind.Ok or MarlinReplyKind.Resend ? true
        : null;

    public async Task<string?> VersionAsync(CancellationToken cancel)
    {
        await _link.BeginAsync(cancel).ConfigureAwait(false);
        return (await AskAsync("M115", cancel).ConfigureAwait(false)).Select(MarlinReport.Firmware).FirstOrDefault(f => f is not null);
    }

    /// <summary>Absolute millimetres, no limits, no time-out of the motors, a whole number of microsteps in a unit.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        _acceleration = 0;
        foreach (string command in (string[])["G21", "G90", "M211 S0", "M84 S0"])
        {
            await AskAsync(command, cancel).ConfigureAwait(false);
        }

        foreach (GcodeAxis axis in _axes)
        {
            // Reports round the scale to two decimals; rounded to a whole number, until the board's next start, both sides mean the same.
            double scale = await ScaleAsync(axis, null, cancel).ConfigureAwait(false);
            axis.Scale = Math.Max(1, (int)Math.Round(scale));
            await ScaleAsync(axis, axis.Scale, cancel).ConfigureAwait(false);
        }

        await AlignAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>However a Marlin was reset, it counts from zero again.</summary>
    public Task<bool> RemembersAsync(CancellationToken cancel) => Task.FromResult(false);

    public TimeSpan Duration(GcodeAxis axis, long way, BoardMove move) => new MotionProfile(way, move.MicrostepsPerSecond, move.MicrostepsPerSecondSquared).Duration;

    public async Task GoAsync(GcodeAxis axis, BoardMove move, IEnumerable<(GcodeAxis Axis, long Count)> places, TimeSpan duration, CancellationToken cancel)
    {
        double acceleration = move.MicrostepsPerSecondSquared / axis.Scale;
        if (_acceleration != acceleration)
        {
            string value = GcodeAxis.Decimal(acceleration, 3);
            await AskAsync($"M204 P{value} T{value}", cancel).ConfigureAwait(false);
            _acceleration = acceleration;
        }

        string words = string.Concat(places.Select(p => $" {p.Axis.Word(p.Count)}"));
        await AskAsync($"G1{words} F{GcodeAxis.Decimal(axis.Feed(move.MicrostepsPerSecond), 3)}", cancel).ConfigureAwait(false);
        await LookAsync(timings.Answer + duration, cancel).ConfigureAwait(false);
    }

    public async Task HomeAsync(GcodeAxis axis, CancellationToken cancel)
    {
        await _link.SendAsync($"G28 {axis.Letter}", timings.Homing, cancel).ConfigureAwait(false);
        await _link.SendAsync("M400", timings.Homing, cancel).ConfigureAwait(false);
        await AlignAsync(cancel).ConfigureAwait(false);
    }

    public async Task RecountAsync(GcodeAxis axis, CancellationToken cancel)
    {
        await LookAsync(timings.Homing, cancel).ConfigureAwait(false);
        if (Math.Abs(axis.Count) > LongCount)
        {
            // Builds without workspaces, or with subcodes, begin their own count anew; others only shift their places, which is undone.
            await AskAsync($"G92.9 {axis.Letter}0", cancel).ConfigureAwait(false);
            await AlignAsync(cancel).ConfigureAwait(false);
        }
    }

    public async Task HoldAsync(bool hold, CancellationToken cancel)
    {
        await _link.SendAsync("M400", timings.Homing, cancel).ConfigureAwait(false);
        await AskAsync(hold ? "M17" : "M84", cancel).ConfigureAwait(false);
    }

    public Task SetLightAsync(int channel, double level, CancellationToken cancel)
    {
        string light = options.Lights[channel];
        int duty = (int)Math.Round(level * 255);
        return AskAsync(light != "M355" ? $"{light} S{duty}" : duty == 0 ? "M355 S0" : $"M355 S1 P{duty}", cancel);
    }

    public async Task<bool> ReadSwitchAsync(GcodeAxis axis, CancellationToken cancel)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            IReadOnlyList<string> said = await AskAsync("M119", cancel).ConfigureAwait(false);
            if (said.Select(s => MarlinReport.Switch(s, axis.Letter)).FirstOrDefault(s => s is not null) is { } met)
            {
                return met;
            }
        }

        throw new WorkFailedException($"The {_link.Board} reports no switch for its {axis.Letter} axis (M119); wire one to its {axis.Letter} endstop and build its firmware with it.");
    }

    private Task<IReadOnlyList<string>> AskAsync(string command, CancellationToken cancel) => _link.SendAsync(command, timings.Answer, cancel);

    /// <summary>Asks for an axis' scale until two answers agree, after setting it where one is wanted.</summary>
    private async Task<double> ScaleAsync(GcodeAxis axis, int? wanted, CancellationToken cancel)
    {
        double? before = wanted;
        for (int attempt = 0; attempt < 4 * Attempts; attempt++)
        {
            if (wanted is not null)
            {
                await AskAsync($"M92 {axis.Letter}{wanted}", cancel).ConfigureAwait(false);
            }

            // M92 alone reports on newer Marlins; M503 on all that were not built without it.
            IReadOnlyList<string> said = await AskAsync(attempt % 2 == 0 ? "M92" : "M503", cancel).ConfigureAwait(false);
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

        throw new WorkFailedException($"The {_link.Board} does not say how many steps its {axis.Letter} axis makes in a unit (M92, M503); build its firmware with M503, or name an axis that it has.");
    }

    /// <summary>Makes the places of the board's G-code those of its motors, without offsets, and reads where they stand.</summary>
    private async Task AlignAsync(CancellationToken cancel)
    {
        IReadOnlyList<string> said = [];
        for (int attempt = 0; attempt < 2 * Attempts; attempt++)
        {
            said = await AskAsync("M114", cancel).ConfigureAwait(false);
            if (Counts(said, agreeing: true) is { } counts)
            {
                Take(counts);
                return;
            }

            if (Counts(said, agreeing: false) is { } counted)
            {
                await AskAsync($"G92{string.Concat(_axes.Zip(counted, (a, c) => $" {a.Word(c)}"))}", cancel).ConfigureAwait(false);
            }
        }

        throw NoReport(said);
    }

    /// <summary>Reads where all axes stand, once they do.</summary>
    /// <param name="patience">How long they may move.</param>
    private async Task LookAsync(TimeSpan patience, CancellationToken cancel)
    {
        await _link.SendAsync("M400", patience, cancel).ConfigureAwait(false);
        IReadOnlyList<string> said = [];
        for (int attempt = 0; attempt < 4 * Attempts; attempt++)
        {
            said = await AskAsync("M114", cancel).ConfigureAwait(false);
            if (Counts(said, agreeing: true) is { } counts)
            {
                Take(counts);
                return;
            }
        }

        throw NoReport(said);
    }

    /// <param name="agreeing">Whether the report's places have to be those of its counts.</param>
    /// <returns>The count of each axis in the last whole report, or null where there is none.</returns>
    private long[]? Counts(IReadOnlyList<string> said, bool agreeing) =>
        said.Select(s => _axes.Select(a => MarlinReport.Count(s, a.Letter, agreeing ? a.Scale : null)).OfType<long>().ToArray()).LastOrDefault(c => c.Length == _axes.Length);

    private void Take(long[] counts)
    {
        for (int i = 0; i < _axes.Length; i++)
        {
            _axes[i].Count = counts[i];
        }
    }

    private LinkLostException NoReport(IReadOnlyList<string> said) =>
        new($"The {_link.Board} does not say where it stands (M114 with its \"Count\", but \"{string.Join(' ', said)}\"); update its firmware to Marlin 1.1 or later, or check the cable.");
}
