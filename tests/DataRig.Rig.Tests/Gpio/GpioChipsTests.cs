using System.Device.Gpio;
using DataRig.Core;
using DataRig.Rig.Gpio;

namespace DataRig.Rig.Tests.Gpio;

public sealed class GpioChipsTests
{
    private static GpioChipInfo[] Chips(params (int Id, string Label)[] chips) => [.. chips.Select(c => new GpioChipInfo(c.Id, $"gpiochip{c.Id}", c.Label, 54))];

    [Fact]
    public void A_Pi_5_is_known_by_its_label_whatever_number_its_kernel_gives_it()
    {
        GpioChipInfo[] first = Chips((0, "gpio-brcmstb@107d508500"), (1, "gpio-brcmstb@107d508520"), (2, "gpio-brcmstb@107d517c00"), (3, "gpio-brcmstb@107d517c20"), (4, "pinctrl-rp1"));
        GpioChipInfo[] later = Chips((0, "pinctrl-rp1"), (4, "pinctrl-rp1"), (10, "gpio-brcmstb@107d508500"), (13, "gpio-brcmstb@107d517c20"));

        Assert.Equal(4, GpioChips.Choose(first, null).Id);
        Assert.Equal(0, GpioChips.Choose(later, null).Id); // 4 is another name for it there
        Assert.Equal(10, GpioChips.Choose(later, 10).Id);
    }

    [Theory]
    [InlineData("pinctrl-bcm2711")]
    [InlineData("pinctrl-bcm2835")]
    public void Older_Pis_are_known_too(string label) =>
        Assert.Equal(0, GpioChips.Choose(Chips((1, "raspberrypi-exp-gpio"), (0, label), (2, "brcmvirt-gpio")), null).Id);

    [Fact]
    public void An_unknown_computer_is_asked_for_its_chip()
    {
        GpioChipInfo[] chips = Chips((0, "7022000.pinctrl"), (1, "300b000.pinctrl"));

        Assert.Contains("gpiochip0 [7022000.pinctrl], gpiochip1 [300b000.pinctrl]", Assert.Throws<WorkFailedException>(() => GpioChips.Choose(chips, null)).Message);
        Assert.Equal(1, GpioChips.Choose(chips, 1).Id);
        Assert.Contains("asks for \"gpioChip\" 7", Assert.Throws<WorkFailedException>(() => GpioChips.Choose(chips, 7)).Message);
        Assert.Equal(0, GpioChips.Choose(chips[..1], null).Id);
    }

    [Fact]
    public void A_machine_without_pins_says_so()
    {
        string devices = Directory.CreateTempSubdirectory("datarig-gpio-").FullName;
        try
        {
            Assert.Contains("no GPIO pins", Assert.Throws<WorkFailedException>(() => GpioChips.Open(null, devices)).Message);
            Assert.Contains("no GPIO pins", Assert.Throws<WorkFailedException>(() => GpioChips.Open(null, Path.Combine(devices, "none"))).Message);
        }
        finally
        {
            Directory.Delete(devices, recursive: true);
        }
    }

    [Fact]
    public void Pins_that_the_user_may_not_use_name_the_group()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux' file permissions");
        string devices = Directory.CreateTempSubdirectory("datarig-gpio-").FullName;
        try
        {
            // Nobody may open a folder for writing, not even root.
            Directory.CreateDirectory(Path.Combine(devices, "gpiochip0"));
            File.CreateSymbolicLink(Path.Combine(devices, "gpiochip1"), Path.Combine(devices, "gpiochip0"));
            WorkFailedException refused = Assert.Throws<WorkFailedException>(() => GpioChips.CheckMayUse(Path.Combine(devices, "gpiochip1")));
            Assert.Contains("usermod -aG gpio", refused.Message);
        }
        finally
        {
            Directory.Delete(devices, recursive: true);
        }
    }
}
