using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using DataRig.Rig.Tests.Gcode;

namespace DataRig.Rig.Tests.Grbl;

/// <summary>
/// A grbl 1.1 board as a state machine: real-time bytes acted on as they come, lines of 79 characters, the parser's modes
/// and errors, places in 32-bit floats, and motors whose steps are counted.
/// </summary>
internal sealed partial class ScriptedGrbl : ScriptedGcode
{
    public const string Banner = "\r\nGrbl 1.1h ['$' for help]\r\n";

    private readonly long[] _counts = new long[3];
    private readonly long[] _steps = new long[3];
    private readonly StringBuilder _line = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private Task _motion = Task.CompletedTask;
    private CancellationTokenSource _moving = new();
    private int _resets;
    private string _state = "Idle";
    private bool _relative;
    private bool _inches;
    private bool _spindle;
    private int _workSystem = 54;
    private int _tool;
    private int _motionMode;
    private float _feed;
    private float _speed;

    public ScriptedGrbl(ITransport line)
        : base(line) => Start();

    public Dictionary<int, float> Settings { get; } = new()
    {
        [0] = 10, [1] = 255, [10] = 1, [13] = 0, [20] = 0, [21] = 0, [22] = 0, [30] = 1000, [31] = 0, [32] = 0,
        [100] = 250, [101] = 250, [102] = 250, [110] = 50_000, [111] = 50_000, [112] = 50_000, [120] = 5000, [121] = 5000, [122] = 5000,
    };

    public override bool IsMoving => !_motion.IsCompleted;

    public float Spindle => _spindle ? _speed : 0;

    /// <summary>Resets by a byte, meant or not.</summary>
    public int SoftResets { get; private set; }

    /// <summary>The next dwell is spoiled into a reset, which it begins with.</summary>
    public bool ResetsAtDwell { get; set; }

    public override long Steps(char axis = 'X') => _steps["XYZ".IndexOf(axis)];

    /// <summary>A start as from power: with homing on, it is locked until it is homed or unlocked.</summary>
    public override async Task ResetAsync(string? banner = null)
    {
        await StopAsync();
        Array.Clear(_counts);
        _state = Settings[22] != 0 ? "Alarm" : "Idle";
        await StartAsync(banner ?? Banner);
    }

    protected override async Task RunAsync()
    {
        Task work = Task.Run(() => EndQuietlyAsync(async () =>
        {
            await foreach (string text in _lines.Reader.ReadAllAsync(Off))
            {
                await ReceiveAsync(text);
            }
        }));
        try
        {
            await base.RunAsync();
        }
        finally
        {
            await work;
        }
    }

    protected override async Task HearAsync(char c)
    {
        switch (c)
        {
            case '?':
                await SayAsync(Status());
                break;
            case '!' when _state == "Idle":
                _state = "Hold";
                break;
            case '~' when _state == "Hold":
                _state = "Idle";
                break;
            case '!' or '~':
                break;
            case '\x18':
                await SoftResetAsync();
                break;
            case '\n' or '\r':
                _lines.Writer.TryWrite(_line.ToString());
                _line.Clear();
                break;
            case > ' ' and < '\x80' and not '/':
                _line.Append(char.ToUpperInvariant(c));
                break;
        }
    }

    /// <summary>Counts outlive it; in motion it is an alarm, since the motors stop where they can.</summary>
    private async Task SoftResetAsync()
    {
        bool moving = IsMoving;
        await StopAsync();
        _state = moving || _state is "Alarm" or "Sleep" ? "Alarm" : "Idle";
        await StartAsync((moving ? "ALARM:3\r\n" : "") + Banner);
        SoftResets++;
    }

    private async Task StopAsync()
    {
        _resets++;
        await _moving.CancelAsync();
        _moving = new CancellationTokenSource();
        await _motion;
    }

    private Task StartAsync(string banner)
    {
        _line.Clear();
        while (_lines.Reader.TryRead(out _))
        {
        }

        (_relative, _inches, _spindle, _workSystem, _tool, _motionMode, _feed, _speed) = (false, false, false, 54, 0, 0, 0, 0);
        return SayAsync(banner + (_state == "Alarm" ? "[MSG:'$H'|'$X' to unlock]\r\n" : ""));
    }

    private string Status()
    {
        string state = IsMoving && _state == "Idle" ? "Run" : _state;
        return $"<{state}|{(Settings[10] == 0 ? "WPos" : "MPos")}:{string.Join(',', Enumerable.Range(0, 3).Select(i => Printed(_counts[i] / Settings[100 + i])))}|FS:0,0{(IsSwitchMet ? "|Pn:X" : "")}>\r\n";
    }

    /// <summary>Three decimals by way of floats, as grbl prints them.</summary>
    private static string Printed(float value)
    {
        float n = Math.Abs(value);
        n *= 100f;
        n *= 10f;
        n += 0.5f;
        long thousandths = (long)n;
        return string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{thousandths / 1000}.{thousandths % 1000:D3}");
    }

    private async Task ReceiveAsync(string line)
    {
        while (_state is "Hold" or "Sleep")
        {
            await Task.Delay(1, Off);
        }

        int resets = _resets;
        string text = Understands(Comment().Replace(line, "").Split(';')[0]);
        Taken.Add(text);
        int error = text.Length > 79 ? 11 : text.Length == 0 ? 0 : text[0] == '$' ? await CommandAsync(text) : _state == "Alarm" ? 9 : await CodeAsync(text);
        if (resets == _resets)
        {
            await SayAsync(error == 0 ? "ok\r\n" : $"error:{error}\r\n");
        }
    }

    private async Task<int> CommandAsync(string text)
    {
        switch (text)
        {
            case "$$":
                await SayAsync(string.Concat(Settings.Select(s => string.Create(CultureInfo.InvariantCulture, $"${s.Key}={(s.Key < 100 ? s.Value.ToString("0", CultureInfo.InvariantCulture) : s.Value.ToString("0.000", CultureInfo.InvariantCulture))}\r\n"))));
                return 0;
            case "$I":
                await SayAsync("[VER:1.1h.20190825:]\r\n[OPT:V,15,128]\r\n");
                return 0;
            case "$G":
                await SayAsync(string.Create(CultureInfo.InvariantCulture, $"[GC:G{_motionMode} G{_workSystem} G17 G{(_inches ? 20 : 21)} G{(_relative ? 91 : 90)} G94 M{(_spindle ? 3 : 5)} M9 T{_tool} F{_feed:0} S{_speed:0}]\r\n"));
                return 0;
            case "$":
                await SayAsync("[HLP:$$ $# $G $I $N $x=val $Nx=line $J=line $SLP $C $X $H ~ ! ? ctrl-x]\r\n");
                return 0;
            case "$X":
                _state = _state == "Alarm" ? "Idle" : _state;
                return 0;
            case "$C" when _state == "Check":
                await SoftResetAsync();
                return 0;
            case "$C" when _state != "Idle" || IsMoving:
                return 8;
            case "$C":
                _state = "Check";
                await SayAsync("[MSG:Enabled]\r\n");
                return 0;
            case "$SLP":
                _state = "Sleep";
                return 0;
            case "$H" when Settings[22] == 0:
                return 5;
            case "$H" when _state is not ("Idle" or "Alarm"):
                return 8;
            case "$H":
                await _motion;
                _steps[0] = SwitchAt;
                _counts[0] = 0;
                _state = "Idle";
                return 0;
            default:
                return 3;
        }
    }

    private async Task<int> CodeAsync(string text)
    {
        (int error, GrblBlock block) = GrblBlock.Read(text);
        if (error != 0)
        {
            return error;
        }

        bool inches = block.Inches ?? _inches, absolute = block.Absolute ?? !_relative;
        int mode = block.Motion ?? _motionMode;
        float unit = inches ? 25.4f : 1;
        float feed = block.Words.TryGetValue('F', out float f) ? f * unit : _feed;
        if ((block.Motion == 1 || (block.Moves && mode == 1)) && feed == 0)
        {
            return 22;
        }

        // Nothing was wrong: now it is done, in grbl's order.
        (_relative, _inches, _workSystem, _motionMode, _feed) = (!absolute, inches, block.WorkSystem ?? _workSystem, mode, feed);
        _tool = (int)block.Words.GetValueOrDefault('T', _tool);
        _speed = block.Words.GetValueOrDefault('S', _speed);
        _spindle = block.Spindle ?? _spindle;
        if (_state == "Check")
        {
            return 0;
        }

        int resets = _resets;
        if (block.Dwells)
        {
            await _motion;
            if (ResetsAtDwell)
            {
                ResetsAtDwell = false;
                await SoftResetAsync();
                return 0;
            }

            await Task.Delay(TimeSpan.FromSeconds(Math.Min(block.Words['P'], 0.01)));
        }
        else if (block.Moves)
        {
            await _motion;
            if (resets == _resets)
            {
                _motion = MoveAsync([.. Enumerable.Range(0, 3).Select(Target)]);
            }
        }

        return 0;

        long Target(int axis)
        {
            if (!block.Words.TryGetValue("XYZ"[axis], out float place))
            {
                return _counts[axis];
            }

            place *= unit;
            place = absolute || block.InMachine ? place : (_counts[axis] / Settings[100 + axis]) + place;
            return (long)MathF.Round(place * Settings[100 + axis], MidpointRounding.AwayFromZero);
        }
    }

    private async Task MoveAsync(long[] targets)
    {
        CancellationToken reset = _moving.Token;
        await MovingAsync(reset);
        while (_state == "Hold" && !reset.IsCancellationRequested)
        {
            await Task.Delay(1);
        }

        long[] ways = [.. targets.Zip(_counts, (t, c) => reset.IsCancellationRequested ? (t - c) / 2 : t - c)];
        for (int i = 0; i < 3; i++)
        {
            _counts[i] += ways[i];
            _steps[i] += ways[i];
        }
    }

    [GeneratedRegex(@"\([^)]*\)?")]
    private static partial Regex Comment();
}
