using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using System.Globalization;
using System.Runtime.InteropServices;
using DataRig.Core;

namespace DataRig.Rig.Gpio;

/// <summary>
/// Finds the GPIO chip behind the 40-pin header. Its number depends on the model and the kernel: a Raspberry Pi 5 has had it as
/// gpiochip4 and as gpiochip0, beside others that would take the same pin numbers without a word; so it is known by its label.
/// </summary>
internal static class GpioChips
{
    /// <summary>libgpiod's two interfaces: its library 3 speaks the second (Debian 13), its library 2 the first (Debian 12).</summary>
    private const string SecondLibrary = "libgpiod.so.3", FirstLibrary = "libgpiod.so.2";

    /// <summary>Opens the chip.</summary>
    /// <param name="wanted">Its number, or null to find it by its label.</param>
    /// <param name="devices">Where the kernel lists its devices, <c>/dev</c>.</param>
    /// <exception cref="WorkFailedException">This machine has no such chip, or the user may not use it, or libgpiod is missing.</exception>
    public static (GpioDriver Driver, string Name) Open(int? wanted, string devices = "/dev")
    {
        string[] files = Directory.Exists(devices) ? [.. Directory.GetFiles(devices, "gpiochip*").Order(StringComparer.Ordinal)] : [];
        if (files.Length == 0)
        {
            throw new WorkFailedException($"This machine has no GPIO pins: there is no {devices}/gpiochip0. The driver \"gpio\" is for a Raspberry Pi or a similar computer with the motor's driver on its own pins; use another driver under \"turntable\".");
        }

        foreach (string file in files)
        {
            CheckMayUse(file);
        }

        bool second = IsThere(SecondLibrary);
        if (!second && !IsThere(FirstLibrary))
        {
            throw new WorkFailedException("The system library libgpiod is missing. Install it: 'sudo apt-get install libgpiod3', or libgpiod2 on Debian 12 and older.");
        }

        try
        {
            GpioChipInfo chip = Choose([.. second ? LibGpiodV2Driver.GetAvailableChips() : LibGpiodDriver.GetAvailableChips()], wanted);
            string name = $"{chip.Name} [{chip.Label}] through {(second ? SecondLibrary : FirstLibrary)}";
            return (second ? new LibGpiodV2Driver(chip.Id) : new LibGpiodDriver(chip.Id), name);
        }
        catch (Exception e) when (PinBoard.IsRefusal(e))
        {
            throw new WorkFailedException($"The GPIO chip cannot be opened: {e.Message.ReplaceLineEndings(" ")} Try 'gpioinfo'; if that fails too, install or renew libgpiod.", e);
        }
    }

    /// <summary>The header's chip among those of the machine.</summary>
    internal static GpioChipInfo Choose(IReadOnlyList<GpioChipInfo> chips, int? wanted)
    {
        string list = string.Join(", ", chips.Select(c => $"gpiochip{c.Id.ToString(CultureInfo.InvariantCulture)} [{c.Label}]"));
        if (wanted is { } number)
        {
            return chips.FirstOrDefault(c => c.Id == number) ?? throw new WorkFailedException($"The configuration asks for \"gpioChip\" {number}, but this machine has {list}.");
        }

        // Raspberry Pi 5: pinctrl-rp1. Before it: pinctrl-bcm2835, -bcm2711. Their other chips drive the Wi-Fi's and the board's own lines.
        GpioChipInfo[] header = [.. chips.Where(c => c.Label == "pinctrl-rp1"), .. chips.Where(c => c.Label.StartsWith("pinctrl-bcm", StringComparison.Ordinal))];
        return header.MinBy(c => (c.Label != "pinctrl-rp1", c.Id))
            ?? (chips.Count == 1 ? chips[0] : throw new WorkFailedException($"Which of this machine's GPIO chips is wired to the motor? It has {list}; name one by its number as \"gpioChip\" under \"turntable\"."));
    }

    /// <exception cref="WorkFailedException">The user may not open it.</exception>
    internal static void CheckMayUse(string file)
    {
        try
        {
            File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new WorkFailedException($"You may not use {file}. Join the group that may, and log in again: 'sudo usermod -aG gpio $USER'.", e);
        }
        catch (IOException e)
        {
            throw new WorkFailedException($"{file} cannot be opened: {e.Message.TrimEnd('.')}. End whatever holds it ('fuser {file}').", e);
        }
    }

    private static bool IsThere(string library)
    {
        if (!NativeLibrary.TryLoad(library, out nint handle))
        {
            return false;
        }

        NativeLibrary.Free(handle);
        return true;
    }
}
