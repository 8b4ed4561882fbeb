using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DataRig.Rig.Tests.Gcode;

namespace DataRig.Rig.Tests.Marlin;

/// <summary>
/// A Marlin board as a state machine: line numbers and checksums as in its queue, places in 32-bit floats as in its
/// planner, and motors whose steps are counted.
/// </summary>
internal sealed partial class ScriptedMarlin : ScriptedGcode
{
    private readonly Dictionary<char, Motor> _motors = new() { ['X'] = new(), ['Y'] = new(), ['Z'] = new() };
    private readonly StringBuilder _line = new();
    private readonly float _scale = 80;
    private Task _motion = Task.CompletedTask;
    private CancellationTokenSource _moving = new();
    private int _lastLine;
    private int _resets;

    public ScriptedMarlin(ITransport line)
        : base(line) => Start();

    public bool OkAfterResend { get; init; } = true;

    /// <summary>Whether G92 shifts the workspace (Marlin 1.1 and 2 as delivered) or the count itself.</summary>
    public bool HasWorkspaces { get; set; } = true;

    /// <summary>Whether it was built to tell G92.9 from G92.</summary>
    public bool HasSubcodes { get; set; }

    /// <summary>Interval of <c>echo:busy</c>; none by default.</summary>
    public TimeSpan? BusyEvery { get; set; }

    /// <summary>Steps in a unit that it was built with.</summary>
    public float Scale
    {
        get => _scale;
        init
        {
            _scale = value;
            foreach (Motor motor in _motors.Values)
            {
                motor.Scale = value;
            }
        }
    }

    public override bool IsMoving => !_motion.IsCompleted;

    public override long Steps(char axis = 'X') => _motors[axis].Steps;

    public override async Task ResetAsync(string? banner = null)
    {
        Interlocked.Increment(ref _resets);
        await _moving.CancelAsync();
        _moving = new CancellationTokenSource();
        await _motion;
        _lastLine = 0;
        foreach (Motor motor in _motors.Values)
        {
            motor.Count = 0;
            motor.Shift = 0;
            motor.Scale = Scale;
        }

        await SayAsync(banner ?? "start\nPowerUp\nMarlin 2.1.2.5\necho:SD init fail\n");
    }

    protected override async Task HearAsync(char c)
    {
        if (c is not ('\n' or '\r'))
        {
            if (_line.Length < 95)
            {
                _line.Append(c); // MAX_CMD_SIZE: the rest of a longer line is lost
            }
        }
        else if (_line.Length > 0)
        {
            string text = _line.ToString();
            _line.Clear();
            await ReceiveAsync(text);
        }
    }

    private async Task ReceiveAsync(string line)
    {
        Match numbered = Numbered().Match(line);
        string command = line;
        if (line.StartsWith('N'))
        {
            int star = line.LastIndexOf('*');
            if (star < 0)
            {
                await RefuseAsync("No Checksum with line number");
                return;
            }

            byte sum = Encoding.Latin1.GetBytes(line[..star]).Aggregate((byte)0, (a, b) => (byte)(a ^ b));
            if (!int.TryParse(line[(star + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int said) || said != sum || !numbered.Success)
            {
                await RefuseAsync("checksum mismatch");
                return;
            }

            int number = int.Parse(numbered.Groups[1].Value, CultureInfo.InvariantCulture);
            command = numbered.Groups[2].Value;
            if (!command.StartsWith("M110", StringComparison.Ordinal) && number != _lastLine + 1)
            {
                await RefuseAsync("Line Number is not Last Line Number+1");
                return;
            }

            _lastLine = number;
        }

        int resets = _resets;
        command = Understands(command);
        Taken.Add(command);
        await ObeyAsync(command);
        if (resets == _resets)
        {
            await SayAsync("ok\n");
        }
    }

    private Task RefuseAsync(string why) =>
        SayAsync($"Error:{why}, Last Line: {_lastLine}\nResend: {_lastLine + 1}\n{(OkAfterResend ? "ok\n" : "")}");

    private async Task ObeyAsync(string command)
    {
        Dictionary<char, float> words = Word().Matches(command).Skip(1).DistinctBy(w => w.Value[0]).ToDictionary(w => w.Value[0], w => float.TryParse(w.Value[1..], CultureInfo.InvariantCulture, out float v) ? v : 0);
        string name = Word().Match(command).Value;
        IEnumerable<(Motor Motor, float Value, char Letter)> axes = _motors.Where(m => words.ContainsKey(m.Key)).Select(m => (m.Value, words[m.Key], m.Key));
        switch (name)
        {
            case "G0" or "G1":
                await _motion;
                _motion = MoveAsync([.. axes.Select(a => (a.Motor, (long)MathF.Round((a.Value - a.Motor.Shift) * a.Motor.Scale, MidpointRounding.AwayFromZero)))]);
                break;
            case "M400":
                await WaitAsync();
                break;
            case "G28":
                await WaitAsync();
                foreach ((Motor motor, _, char letter) in axes)
                {
                    motor.Steps = letter == 'X' ? SwitchAt : motor.Steps;
                    motor.Count = 0;
                    motor.Shift = 0;
                }

                break;
            case "G92" or "G92.9":
                foreach ((Motor motor, float value, _) in axes)
                {
                    if (HasWorkspaces && !(HasSubcodes && name == "G92.9"))
                    {
                        motor.Shift = value - (motor.Count / motor.Scale);
                    }
                    else
                    {
                        motor.Count = (long)MathF.Round(value * motor.Scale, MidpointRounding.AwayFromZero);
                        motor.Shift = 0;
                    }
                }

                break;
            case "M92" when words.Count == 0:
            case "M503":
                await SayAsync(string.Create(CultureInfo.InvariantCulture, $"echo:; Steps per unit:\necho: M92 X{_motors['X'].Scale:F2} Y{_motors['Y'].Scale:F2} Z{_motors['Z'].Scale:F2} E93.00\n"));
                break;
            case "M92":
                foreach ((Motor motor, float value, _) in axes)
                {
                    float place = motor.Count / motor.Scale;
                    motor.Scale = value;
                    motor.Count = (long)MathF.Round(place * value, MidpointRounding.AwayFromZero);
                }

                break;
            case "M114":
                string places = string.Concat(_motors.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key}:{(m.Value.Count / m.Value.Scale) + m.Value.Shift:F2} ")));
                string counts = string.Concat(_motors.Select(m => string.Create(CultureInfo.InvariantCulture, $" {m.Key}:{m.Value.Count}")));
                await SayAsync($"{places}E:0.00 Count{counts}\n");
                break;
            case "M119":
                await SayAsync($"Reporting endstop status\nx_min: {(IsSwitchMet ? "TRIGGERED" : "open")}\nz_min: open\n");
                break;
            case "M115":
                await SayAsync($"FIRMWARE_NAME:Marlin 2.1.2.5 (Nov 23 2026 12:00:00) SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 MACHINE_TYPE:RAMPS EXTRUDER_COUNT:1\nCap:EEPROM:1\nCap:EMERGENCY_PARSER:0\n");
                break;
            case "G21" or "G90" or "M110" or "M211" or "M84" or "M17" or "M204" or "M106" or "M42" or "M355":
                break;
            default:
                await SayAsync($"echo:Unknown command: \"{command}\"\n");
                break;
        }
    }

    /// <summary>The planner counts the move as made at once; the motor makes it in its time.</summary>
    private async Task MoveAsync((Motor Motor, long Target)[] parts)
    {
        (Motor Motor, long Way)[] ways = [.. parts.Select(p => (p.Motor, p.Target - p.Motor.Count))];
        Array.ForEach(parts, p => p.Motor.Count = p.Target);
        CancellationToken reset = _moving.Token;
        await MovingAsync(reset);
        Array.ForEach(ways, w => w.Motor.Steps += reset.IsCancellationRequested ? w.Way / 2 : w.Way);
    }

    private async Task WaitAsync()
    {
        while (BusyEvery is { } every && await Task.WhenAny(_motion, Task.Delay(every)) != _motion)
        {
            await SayAsync("echo:busy: processing\n");
        }

        await _motion;
    }

    [GeneratedRegex(@"^N(\d+) (.*)\*\d+$")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"[A-Z][-\d.]*")]
    private static partial Regex Word();

    private sealed class Motor
    {
        public long Steps { get; set; }

        public long Count { get; set; }

        public float Scale { get; set; } = 80;

        public float Shift { get; set; }
    }
}
