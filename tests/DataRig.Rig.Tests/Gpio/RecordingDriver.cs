using System.Device.Gpio;

namespace DataRig.Rig.Tests.Gpio;

/// <summary>One change of a pin's level.</summary>
internal readonly record struct Edge(int Pin, bool High, long At);

/// <summary>Pins that remember every edge with its time, with a motor on them that a switch sees go by.</summary>
internal sealed class RecordingDriver(VirtualStepClock clock) : GpioDriver
{
    public const int StepPin = 20, DirectionPin = 21, EnablePin = 16, SwitchPin = 26, LightPin = 12;

    private readonly Dictionary<int, bool> _levels = [];
    private readonly Dictionary<int, PinMode> _modes = [];

    public List<Edge> Edges { get; } = [];

    /// <summary>Where the motor stands by the steps that it saw, wherever it was put.</summary>
    public long Shaft { get; set; }

    /// <summary>Where the table stands behind its gear's play.</summary>
    public long Load { get; set; }

    public long Play { get; init; }

    /// <summary>Whether the switch is met at a place of the table.</summary>
    public Func<long, bool> Switch { get; set; } = _ => false;

    public bool SwitchActiveLow { get; init; } = true;

    public bool Disposed { get; private set; }

    /// <summary>What an opened pin does instead of opening.</summary>
    public Action<int> OnOpen { get; init; } = _ => { };

    public Action<int> OnWrite { get; set; } = _ => { };

    protected override int PinCount => 54;

    public bool Level(int pin) => _levels.GetValueOrDefault(pin);

    public PinMode Mode(int pin) => _modes[pin];

    public IReadOnlyList<long> Steps() => [.. Edges.Where(e => e.Pin == StepPin && e.High).Select(e => e.At)];

    public IReadOnlyList<long> Intervals()
    {
        IReadOnlyList<long> steps = Steps();
        return [.. steps.Skip(1).Zip(steps, (b, a) => b - a)];
    }

    protected override void OpenPin(int pinNumber) => OnOpen(pinNumber);

    protected override void ClosePin(int pinNumber) => _modes.Remove(pinNumber);

    protected override void SetPinMode(int pinNumber, PinMode mode) => _modes[pinNumber] = mode;

    protected override PinMode GetPinMode(int pinNumber) => _modes[pinNumber];

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

    protected override PinValue Read(int pinNumber)
    {
        clock.MayPause();
        Assert.Equal(SwitchPin, pinNumber);
        return Switch(Load) != SwitchActiveLow;
    }

    protected override void Write(int pinNumber, PinValue value)
    {
        // The edge falls anywhere within the call.
        clock.MayPause();
        OnWrite(pinNumber);
        Assert.Equal(PinMode.Output, _modes[pinNumber]);
        bool high = value == PinValue.High;
        if (_levels.TryGetValue(pinNumber, out bool before) && before == high)
        {
            return;
        }

        _levels[pinNumber] = high;
        Edges.Add(new Edge(pinNumber, high, clock.Exactly));
        if (pinNumber == StepPin && high)
        {
            Shaft += Level(DirectionPin) ? 1 : -1;
            Load = Math.Clamp(Load, Shaft - Play, Shaft);
        }

        clock.MayPause();
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Disposed = true;
        base.Dispose(disposing);
    }
}
