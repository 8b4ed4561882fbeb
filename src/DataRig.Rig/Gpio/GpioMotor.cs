using System.Device.Gpio;

namespace DataRig.Rig.Gpio;

/// <summary>The pins of one motor, and the count of the steps that were made. Its methods block; they belong on the stepping thread.</summary>
internal sealed class GpioMotor
{
    private readonly GpioMotorOptions _options;
    private readonly StepperTimings _timings;
    private readonly StepClock _clock;
    private readonly double _ridesOver;
    private readonly GpioPin _step;
    private readonly GpioPin _direction;
    private readonly GpioPin? _enable;
    private readonly GpioPin? _switch;

    /// <param name="microsteps">Microsteps in a full step.</param>
    public GpioMotor(GpioMotorOptions options, int microsteps, PinBoard pins, StepClock clock)
    {
        _ridesOver = RidesOver(microsteps);
        _options = options;
        _clock = clock;
        _timings = StepperTimings.Of(options.Chip);
        _enable = options.EnablePin is { } enable ? pins.Output(enable, "enable", !options.EnableActiveLow ? PinValue.Low : PinValue.High) : null;
        _step = pins.Output(options.StepPin, "step", PinValue.Low);
        _direction = pins.Output(options.DirectionPin, "direction", PinValue.Low);
        _switch = options.SwitchPin is { } input ? pins.Input(input, "switch", options.SwitchPull ? (options.SwitchActiveLow ? PinMode.InputPullUp : PinMode.InputPullDown) : PinMode.Input) : null;
        Holding = _enable is null;
    }

    /// <summary>Microsteps from zero.</summary>
    public long Count { get; set; }

    /// <summary>Whether the count still tells where the axis stands: somebody said so, and the motor has held since.</summary>
    public bool Known { get; set; }

    public bool Holding { get; private set; }

    public bool HasSwitch => _switch is not null;

    public int? SwitchPin => _options.SwitchPin;

    /// <summary>
    /// How many times its interval a step may take without the rotor losing its speed: some lateness is every step's, and a quarter of a
    /// full step behind is a quarter of what the field can pull. A motor in full steps has no such room.
    /// </summary>
    public static double RidesOver(int microsteps) => 1 + Math.Max(0.5, microsteps / 4.0);

    public StepRamp Ramp(double stepsPerSecond, double stepsPerSecondSquared) => new(stepsPerSecond, stepsPerSecondSquared, 2 * _timings.Pulse);

    /// <summary>Switches the current. A motor without it turns freely, so nobody knows any longer where it stands.</summary>
    public void Hold(bool hold)
    {
        if (_enable is null || hold == Holding)
        {
            return;
        }

        Holding = hold;
        Known = false;
        _enable.Write(hold == _options.EnableActiveLow ? PinValue.Low : PinValue.High);
        if (hold)
        {
            _clock.Wait(_timings.Energize);
        }
    }

    /// <summary>Whether the switch is met; a spark on the wire is gone within these 60 us, a switch is not.</summary>
    public bool SwitchMet()
    {
        for (int look = 0; look < 4; look++)
        {
            if ((_switch!.Read() == PinValue.Low) != _options.SwitchActiveLow)
            {
                return false;
            }

            _clock.Wait(20_000);
        }

        return true;
    }

    /// <summary>
    /// Makes steps, up and down the ramp. A step that comes late, whatever kept it, moves all that follow; none is ever hurried to
    /// make up for it, and after a long hold-up the motor starts up again from the speed that is left.
    /// </summary>
    /// <param name="steps">How many; negative turns back.</param>
    /// <param name="until">Asked after each step; once true the motor is brought to a stand within the steps that are left.</param>
    /// <param name="stop">Does the same from outside; it does not throw.</param>
    /// <returns>The count at which the motor was told to stand, or null where it made all steps.</returns>
    public long? Step(long steps, StepRamp ramp, Func<bool>? until, CancellationToken stop)
    {
        int direction = Math.Sign(steps);
        if (direction == 0)
        {
            return null;
        }

        _direction.Write(direction > 0 ? PinValue.High : PinValue.Low);
        _clock.Wait(Math.Max(_timings.DirectionSetup, ramp.Lead));
        long? told = null;
        long height = 0, left = Math.Abs(steps), interval = 0, before = 0;
        while (true)
        {
            // The edge falls somewhere between two looks at the clock: the wait is counted from the later, the lateness from the earlier.
            long rising = _clock.Now;
            _step.Write(PinValue.High);
            Count += direction;
            left--;
            long risen = _clock.Now;
            if (interval > 0)
            {
                long took = risen - before;
                height = took > _ridesOver * interval ? Math.Min(height, ramp.HeightAfter(took)) : Math.Min(height + 1, ramp.Top);
            }

            _clock.Wait(_timings.Pulse);
            _step.Write(PinValue.Low);
            long fallen = _clock.Now;
            if (told is null && (stop.IsCancellationRequested || until?.Invoke() == true))
            {
                told = Count;
                left = Math.Min(left, height);
            }

            if (left == 0)
            {
                break;
            }

            height = Math.Min(height, left - 1);
            interval = ramp.Interval(height);
            before = rising;
            _clock.WaitUntil(Math.Max(risen + interval, fallen + _timings.Pulse));
        }

        _clock.Wait(ramp.Lead);
        return told;
    }

    /// <summary>Currents and pulses off, at the end or when the process ends.</summary>
    public void Release()
    {
        _enable?.Write(_options.EnableActiveLow ? PinValue.High : PinValue.Low);
        Holding = _enable is null;
        Known = false;
    }
}
