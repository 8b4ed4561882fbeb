using System.Device.Gpio;
using System.Device.Pwm;
using DataRig.Core;

namespace DataRig.Rig.Gpio;

/// <summary>This computer's pins, each taken once and by name. Owns the driver.</summary>
internal sealed class PinBoard(GpioDriver driver) : IDisposable
{
    private readonly GpioController _controller = new(driver);

    /// <exception cref="WorkFailedException">The pin is not there or not free.</exception>
    public GpioPin Output(int pin, string use, PinValue first) => Take(pin, use, () => _controller.OpenPin(pin, PinMode.Output, first));

    /// <exception cref="WorkFailedException">The pin is not there or not free, or has no such resistor.</exception>
    public GpioPin Input(int pin, string use, PinMode mode) => Take(pin, use, () => _controller.OpenPin(pin, mode));

    /// <exception cref="WorkFailedException">There is no such channel, or it may not be used.</exception>
    public static PwmChannel Pwm(GpioLightOptions light)
    {
        try
        {
            PwmChannel channel = PwmChannel.Create(light.PwmChip, light.PwmChannel!.Value, light.PwmHertz, 0);
            channel.Start();
            return channel;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw new WorkFailedException($"The light's PWM channel {light.PwmChannel} of /sys/class/pwm/pwmchip{light.PwmChip} cannot be used ({OneLine(e)}). Switch it on with 'dtoverlay=pwm-2chan' in config.txt and restart, join the group gpio, or use a \"pin\" for an undimmed light.", e);
        }
    }

    public void Dispose() => _controller.Dispose();

    private static GpioPin Take(int pin, string use, Func<GpioPin> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw new WorkFailedException($"GPIO {pin} cannot be used for \"{use}\" ({OneLine(e)}). 'gpioinfo' shows which program or bus holds it: end that program, switch the bus (SPI, I2C, serial) off in config.txt, or choose another pin in the configuration.", e);
        }
    }

    /// <summary>What the GPIO library throws when the system says no.</summary>
    internal static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or NotSupportedException;

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
