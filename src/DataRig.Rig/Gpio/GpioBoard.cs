using System.Device.Gpio;
using System.Device.Pwm;
using System.Runtime.InteropServices;
using DataRig.Core;

namespace DataRig.Rig.Gpio;

/// <summary>
/// Stepper drivers (A4988, DRV8825, TMC in step/dir mode) on this computer's own pins. The steps are made by a thread that does nothing
/// else; this computer is no real-time system, so steps may come late, but never sooner after one another than the ramp allows.
/// The coils' current is switched off when it is disposed and when the process ends.
/// </summary>
public sealed class GpioBoard : IBoard
{
    /// <summary>Back from the switch by this part of the way that may be searched: two and a half degrees of a turn.</summary>
    private const long BackOff = 150;

    private readonly PinBoard _pins;
    private readonly StepClock _clock;
    private readonly Dictionary<Axis, GpioMotor> _motors = [];
    private readonly List<GpioLight> _lights = [];
    private readonly List<PosixSignalRegistration> _signals;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _closing = new();
    private bool _released;
    private bool _disposed;

    /// <param name="driver">Owned from here on.</param>
    /// <param name="name">What the pins belong to, for people.</param>
    internal GpioBoard(GpioDriver driver, string name, GpioTurntableOptions options, StepClock clock, Func<GpioLightOptions, PwmChannel>? pwm = null)
    {
        _pins = new PinBoard(driver);
        _clock = clock;
        try
        {
            _motors[Axis.Table] = new GpioMotor(options.Motor, options.Microsteps, _pins, clock);
            if (options.ElevationMotor is { } arm)
            {
                _motors[Axis.Elevation] = new GpioMotor(arm, options.Elevation?.Microsteps ?? options.Microsteps, _pins, clock);
            }

            foreach (GpioLightOptions light in options.Lights)
            {
                _lights.Add(new GpioLight(light, _pins, pwm ?? PinBoard.Pwm));
            }
        }
        catch
        {
            _lights.ForEach(l => l.Dispose());
            _pins.Dispose();
            throw;
        }

        Identity = new BoardIdentity("gpio", name, _motors[Axis.Table].HasSwitch, _lights.Count);
        _signals =
        [
            // .NET leaves these to the system, which ends the process without a word.
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Release()),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Release()),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, _ => Release()),
        ];
        AppDomain.CurrentDomain.ProcessExit += ReleaseAtExit;
        AppDomain.CurrentDomain.UnhandledException += ReleaseAtExit;
    }

    public BoardIdentity Identity { get; }

    /// <summary>Takes the pins of this computer.</summary>
    /// <exception cref="WorkFailedException">There are none, or they may not be used, or one is taken.</exception>
    public static async Task<IBoard> OpenAsync(GpioTurntableOptions options, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancel.ThrowIfCancellationRequested();
        (GpioDriver driver, string name) = GpioChips.Open(options.GpioChip);
        MachineStepClock clock = new(time);
        string urgency = await clock.RunAsync(() => clock.IsRealTime).ConfigureAwait(false) ? "real-time" : "ordinary";
        return new GpioBoard(driver, $"{name}, steps at {urgency} priority", options, clock);
    }

    public Task<long> HomeAsync(BoardMove slowly, CancellationToken cancel) => WithMotorAsync(slowly.Axis, (motor, stop) => Home(motor, slowly, stop), cancel);

    public Task<long> SetPositionAsync(Axis axis, long microsteps, CancellationToken cancel) => WithMotorAsync(
        axis,
        (motor, _) =>
        {
            motor.Known = motor.Holding;
            return motor.Count = microsteps;
        },
        cancel);

    public Task<long> MoveAsync(BoardMove move, CancellationToken cancel) => WithMotorAsync(
        move.Axis,
        (motor, stop) =>
        {
            if (!motor.Known)
            {
                throw new PositionLostException($"The motor of the {Name(move.Axis)} was free to turn, so nobody knows where it stands; home it first.");
            }

            motor.Step(move.TargetMicrosteps - motor.Count, motor.Ramp(move.MicrostepsPerSecond, move.MicrostepsPerSecondSquared), null, stop);
            stop.ThrowIfCancellationRequested();
            return motor.Count;
        },
        cancel);

    public async Task HoldAsync(bool hold, CancellationToken cancel)
    {
        foreach (Axis axis in _motors.Keys)
        {
            await WithMotorAsync(
                axis,
                (motor, _) =>
                {
                    motor.Hold(hold);
                    return 0;
                },
                cancel).ConfigureAwait(false);
        }
    }

    public Task<bool> ReadSwitchAsync(Axis axis, CancellationToken cancel) => WithMotorAsync(axis, (motor, _) => WithSwitch(motor, axis).SwitchMet(), cancel);

    public async Task SetLightAsync(int channel, double level, CancellationToken cancel)
    {
        if (channel < 0 || channel >= _lights.Count)
        {
            throw new WorkFailedException($"Light channel {channel} is not there: {_lights.Count} lights are listed under \"turntable\".\"lights\", counted from 0.");
        }

        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            _lights[channel].Set(level);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _closing.CancelAsync().ConfigureAwait(false); // a motor that runs is brought to a stand first
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        AppDomain.CurrentDomain.ProcessExit -= ReleaseAtExit;
        AppDomain.CurrentDomain.UnhandledException -= ReleaseAtExit;
        _signals.ForEach(s => s.Dispose());
        Release();
        _lights.ForEach(l => l.Dispose());
        _pins.Dispose();
        _turn.Dispose();
        _closing.Dispose();
    }

    /// <summary>Fast to the switch, back off it until it is open and some more, and slowly on it: zero is the first step that meets it.</summary>
    private static long Home(GpioMotor motor, BoardMove seek, CancellationToken stop)
    {
        WithSwitch(motor, seek.Axis);
        motor.Hold(true);
        motor.Known = false;
        long way = seek.TargetMicrosteps, back = -Math.Max(1, Math.Abs(way) / BackOff) * Math.Sign(way);
        StepRamp fast = motor.Ramp(seek.MicrostepsPerSecond, seek.MicrostepsPerSecondSquared);

        // Slow enough to stand at once: at no height there is no way to a stop.
        StepRamp slow = motor.Ramp(Math.Min(seek.MicrostepsPerSecond / 8, 1e9 / fast.Interval(0)), seek.MicrostepsPerSecondSquared);
        if (!motor.SwitchMet())
        {
            long met = motor.Step(way, fast, motor.SwitchMet, stop) ?? throw NotMet(motor, seek);
            stop.ThrowIfCancellationRequested();
            motor.Step(met - motor.Count, fast, null, stop);
        }

        // A narrow flag may lie behind already, by the gear's play; so look again after backing off.
        for (long tries = 0; tries == 0 || motor.SwitchMet(); tries++)
        {
            stop.ThrowIfCancellationRequested();
            if (tries == BackOff || motor.Step(-way, fast, () => !motor.SwitchMet(), stop) is null)
            {
                throw new PositionLostException($"The switch of the {Name(seek.Axis)} on GPIO {motor.SwitchPin} stays closed wherever the motor turns. See that the motor turns and look for a short circuit, or set \"switchActiveLow\" the other way.");
            }

            stop.ThrowIfCancellationRequested();
            motor.Step(back, fast, null, stop);
        }

        stop.ThrowIfCancellationRequested();
        if (motor.Step(way, slow, motor.SwitchMet, stop) is null)
        {
            throw NotMet(motor, seek);
        }

        stop.ThrowIfCancellationRequested();
        motor.Known = true;
        return motor.Count = 0;
    }

    private static PositionLostException NotMet(GpioMotor motor, BoardMove seek) => new(
        $"The {Name(seek.Axis)} went {Math.Abs(seek.TargetMicrosteps)} microsteps and its switch on GPIO {motor.SwitchPin} was not met. See that the motor turns, that something passes the switch, and that its wires reach GPIO {motor.SwitchPin} and ground; 'gpioget' shows its level.");

    private static GpioMotor WithSwitch(GpioMotor motor, Axis axis) => motor.HasSwitch
        ? motor
        : throw new WorkFailedException($"The {Name(axis)} has no switch; set \"switchPin\" under \"{(axis == Axis.Table ? "motor" : "elevationMotor")}\", or \"home\" to \"here\".");

    private static string Name(Axis axis) => axis == Axis.Table ? "turntable" : "elevation arm";

    private async Task<T> WithMotorAsync<T>(Axis axis, Func<GpioMotor, CancellationToken, T> work, CancellationToken cancel)
    {
        GpioMotor motor = _motors.TryGetValue(axis, out GpioMotor? there) ? there : throw new WorkFailedException("There is no motor for an elevation arm; describe its pins as \"elevationMotor\" under \"turntable\".");
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, _closing.Token);
        await _turn.WaitAsync(stop.Token).ConfigureAwait(false);
        try
        {
            return await _clock.RunAsync(() => work(motor, stop.Token)).ConfigureAwait(false);
        }
        catch (Exception e) when (PinBoard.IsRefusal(e))
        {
            motor.Known = false;
            throw new LinkLostException($"The pins of the {Name(axis)} no longer answer: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void ReleaseAtExit(object? sender, EventArgs e) => Release();

    private void Release()
    {
        if (_released)
        {
            return;
        }

        _released = true;
        foreach (Action release in _motors.Values.Select(m => (Action)m.Release).Concat(_lights.Select(l => (Action)(() => l.Set(0)))))
        {
            try
            {
                release();
            }
            catch (Exception e) when (PinBoard.IsRefusal(e))
            {
                // Pins that are gone cannot be switched off; the others still can.
            }
        }
    }
}
