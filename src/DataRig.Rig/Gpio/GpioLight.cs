using System.Device.Gpio;
using System.Device.Pwm;
using DataRig.Core;

namespace DataRig.Rig.Gpio;

/// <summary>A light on a pin, or on a hardware PWM channel. Dark when made and when released.</summary>
internal sealed class GpioLight : IDisposable
{
    private readonly GpioLightOptions _options;
    private readonly GpioPin? _pin;
    private readonly PwmChannel? _pwm;

    public GpioLight(GpioLightOptions options, PinBoard pins, Func<GpioLightOptions, PwmChannel> pwm)
    {
        _options = options;
        _pin = options.Pin is { } pin ? pins.Output(pin, "light", options.ActiveLow ? PinValue.High : PinValue.Low) : null;
        _pwm = _pin is null ? pwm(options) : null;
        Set(0);
    }

    /// <exception cref="WorkFailedException">The light cannot be dimmed.</exception>
    public void Set(double level)
    {
        if (_pwm is not null)
        {
            _pwm.DutyCycle = _options.ActiveLow ? 1 - level : level;
            return;
        }

        if (level is not (0 or 1))
        {
            throw new WorkFailedException($"The light on GPIO {_options.Pin} is only on or off, and the plan asks for {level * 100:F0}%. Set its level to 0 or 1, or give the light a \"pwmChannel\" instead of a \"pin\".");
        }

        _pin!.Write(level == 1 != _options.ActiveLow ? PinValue.High : PinValue.Low);
    }

    public void Dispose() => _pwm?.Dispose();
}
