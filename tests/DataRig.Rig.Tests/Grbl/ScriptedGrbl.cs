using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataRig.Rig.Tests.Grbl;

/// <summary>
/// A grbl 1.1 board as a state machine: real-time bytes acted on as they come, lines of 79 characters, the parser's modes
/// and errors, places in 32-bit floats, and motors whose steps are counted.
/// </summary>
internal sealed partial class ScriptedGrbl : IAsyncDisposable
{
    public const string Banner = "\r\nGrbl 1.1h ['$' for help]\r\n";

    private readonly ITransport _line;
    private readonly CancellationTokenSource _off = new();
    private readonly Task _running;
    private readonly long[] _counts = new long[3];
    private readonly long[] _steps = new long[3];
    private Task _motion = Task.CompletedTask;
    private CancellationTokenSource _moving = new();
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
    {
        _line = line;
        _running = Task.Run(RunAsync);
    }

    public Dictionary<int, float> Settings { get; } = new()
    {
        [0] = 10, [1] = 255, [10] = 1, [13] = 0, [20] = 0, [21] = 0, [22] = 0, [30] = 1000, [31] = 0, [32] = 0,
        [100] = 250, [101] = 250, [102] = 250, [110] = 50_000, [111] = 50_000, [112] = 50_000, [120] = 5000, [121] = 5000, [122] = 5000,
    };

    public TimeSpan MoveTime { get; set; } = TimeSpan.Zero;

    public long SwitchAt { get; set; } = -777;

    public bool IsSwitchMet { get; set; }

    public bool IsSilent { get; set; }

    public bool IsMoving => !_motion.IsCompleted;

    public List<string> Taken { get; } = [];

    public float Spindle => _spindle ? _speed : 0;

    /// <summary>Steps that a motor really made, forward less backward.</summary>
    public long Steps(int axis = 0) => _steps[axis];

    public async ValueTask DisposeAsync()
    {
        await _off.CancelAsync();
        await _running;
        await _line.DisposeAsync();
    }

    /// <summary>The reset button: everything starts over, counts at zero.</summary>
    public async Task ResetAsync(string banner = Banner)
    {
        await _moving.CancelAsync();
        _moving = new CancellationTokenSource();
        await _motion;
        Array.Clear(_counts);
        await StartAsync(banner);
    }

    public Task SayAsync(string text) => IsSilent ? Task.CompletedTask : _line.WriteAsync(Encoding.Latin1.GetBytes(text), _off.Token).AsTask();

    private Task StartAsync(string banner = Banner)
    {
        (_relative, _inches, _spindle, _workSystem, _tool, _motionMode, _feed, _speed) = (false, false, false, 54, 0, 0, 0, 0);
        _state = _state == "Alarm" ? "Alarm" : "Idle";
        return SayAsync(banner);
    }

    private async Task RunAsync()
    {
        byte[] buffer = new byte[256];
        StringBuilder line = new();
        System.Threading.Channels.Channel<string> read = System.Threading.Channels.Channel.CreateUnbounded<string>();
        Task work = Task.Run(async () =>
        {
            await foreach (string text in read.Reader.ReadAllAsync())
            {
                await ReceiveAsync(text);
            }
        });
        try
        {
            while (true)
            {
                int count = await _line.ReadAsync(buffer, _off.Token);
                for (int i = 0; i < count; i++)
                {
                    char c = (char)buffer[i];
                    if (c is '?')
                    {
                        await SayAsync(Status());
                    }
                    else if (c is '!')
                    {
                        _state = _state == "Idle" && !IsMoving ? "Idle" : "Hold";
                    }
                    else if (c is '~')
                    {
                        _state = _state == "Hold" ? "Idle" : _state;
                    }
                    else if (c is '\x18')
                    {
                        _state = IsMoving ? "Alarm" : "Idle";
                        line.Clear();
                        await StartAsync();
                    }
                    else if (c is '\n' or '\r')
                    {
                        read.Writer.TryWrite(line.ToString());
                        line.Clear();
                    }
                    else if (c > ' ' && c != '/' && c < 0x80)
                    {
                        line.Append(char.ToUpperInvariant(c));
                    }
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or LinkLostException)
        {
        }

        read.Writer.Complete();
        try
        {
            await work;
        }
        catch (Exception e) when (e is OperationCanceledException or LinkLostException)
        {
        }
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
        string text = Comment().Replace(line, "").Split(';')[0];
        Taken.Add(text);
        int error = text.Length > 79 ? 11 : text.Length == 0 ? 0 : text[0] == '$' ? await CommandAsync(text) : _state == "Alarm" ? 9 : await CodeAsync(text);
        if (error >= 0)
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
            case "$X":
                _state = "Idle";
                return 0;
            case "$SLP":
                _state = "Sleep";
                return 0;
            case "$H" when Settings[22] == 0:
                return 5;
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
        Dictionary<string, float> words = [];
        bool machine = false, absolute = !_relative, inches = _inches;
        int? motion = null, dwell = null, system = null, spindle = null;
        HashSet<string> groups = [];
        int at = 0;
        while (at < text.Length)
        {
            if (!char.IsAsciiLetterUpper(text[at]))
            {
                return 1;
            }

            Match number = Number().Match(text, at + 1);
            if (!number.Success)
            {
                return 2;
            }

            string letter = text[at].ToString();
            float value = float.Parse(number.Value, CultureInfo.InvariantCulture);
            at += 1 + number.Length;
            string group;
            switch (letter + value.ToString(CultureInfo.InvariantCulture))
            {
                case "G0" or "G1":
                    (group, motion) = ("motion", (int)value);
                    break;
                case "G4":
                    (group, dwell) = ("dwell", 1);
                    break;
                case "G53":
                    (group, machine) = ("dwell", true);
                    break;
                case "G20" or "G21":
                    (group, inches) = ("units", value == 20);
                    break;
                case "G90" or "G91":
                    (group, absolute) = ("distance", value == 90);
                    break;
                case "G94":
                    group = "feed";
                    break;
                case "G17":
                    group = "plane";
                    break;
                case "G54" or "G55" or "G56" or "G57" or "G58" or "G59":
                    (group, system) = ("system", (int)value);
                    break;
                case "M3" or "M4" or "M5":
                    (group, spindle) = ("spindle", (int)value);
                    break;
                default:
                    if (letter is "G" or "M")
                    {
                        return 20;
                    }

                    if (letter is not ("F" or "P" or "S" or "T" or "X" or "Y" or "Z" or "N"))
                    {
                        return 20;
                    }

                    if (letter is "F" or "P" or "S" or "T" && value < 0)
                    {
                        return 4;
                    }

                    if (!words.TryAdd(letter, value))
                    {
                        return 25;
                    }

                    continue;
            }

            if (!groups.Add(group))
            {
                return 21;
            }
        }

        bool moves = "XYZ".Any(a => words.ContainsKey(a.ToString()));
        if (words.TryGetValue("T", out float tool) && (tool > 255 || tool != MathF.Floor(tool)))
        {
            return tool > 255 ? 38 : 23;
        }

        if (dwell is not null && (moves || !words.ContainsKey("P")))
        {
            return moves ? 31 : 28;
        }

        int mode = motion ?? _motionMode;
        float feed = words.TryGetValue("F", out float f) ? f * (inches ? 25.4f : 1) : _feed;
        if ((motion == 1 || (moves && mode == 1)) && feed == 0)
        {
            return 22;
        }

        if (dwell is null && words.ContainsKey("P"))
        {
            return 36;
        }

        // Nothing was wrong: now it is done, in grbl's order.
        (_relative, _inches, _workSystem, _motionMode, _feed) = (!absolute, inches, system ?? _workSystem, mode, feed);
        _tool = words.ContainsKey("T") ? (int)tool : _tool;
        _speed = words.GetValueOrDefault("S", _speed);
        _spindle = spindle is null ? _spindle : spindle != 5;
        if (dwell is not null)
        {
            await _motion;
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(words["P"], 0.01)));
        }
        else if (moves)
        {
            await _motion;
            long[] targets = [.. _counts];
            for (int i = 0; i < 3; i++)
            {
                if (words.TryGetValue("XYZ"[i].ToString(), out float place))
                {
                    place *= inches ? 25.4f : 1;
                    place = absolute || machine ? place : (_counts[i] / Settings[100 + i]) + place;
                    targets[i] = (long)MathF.Round(place * Settings[100 + i], MidpointRounding.AwayFromZero);
                }
            }

            _motion = MoveAsync(targets);
        }

        return 0;
    }

    private async Task MoveAsync(long[] targets)
    {
        CancellationToken reset = _moving.Token;
        long[] ways = [.. targets.Zip(_counts, (t, c) => t - c)];
        if (MoveTime > TimeSpan.Zero)
        {
            try
            {
                await Task.Delay(MoveTime, reset);
            }
            catch (OperationCanceledException)
            {
                ways = [.. ways.Select(w => w / 2)];
            }
        }

        while (_state == "Hold")
        {
            await Task.Delay(1);
        }

        for (int i = 0; i < 3; i++)
        {
            _counts[i] += ways[i];
            _steps[i] += ways[i];
        }
    }

    [GeneratedRegex(@"\G[+-]?(\d+\.?\d*|\.\d+)")]
    private static partial Regex Number();

    [GeneratedRegex(@"\([^)]*\)?")]
    private static partial Regex Comment();
}
