using DataRig.Core.Configuration;

namespace DataRig.Rig.Tests.Gpio;

public sealed class GpioTurntableOptionsTests
{
    private static TurntableOptions Read(string json) => StrictJson.Read<TurntableOptions>(json, "rig.json");

    private static string Problems(string json) => Assert.Throws<ConfigurationException>(() => Read(json)).Message;

    [Fact]
    public void A_whole_configuration_binds_and_is_written_back()
    {
        const string json = """
            {
              "driver": "gpio", "gearRatio": [20, 3], "reversed": true, "backlashDegrees": 0.5, "home": "switch", "gpioChip": 4,
              "motor": { "stepPin": 20, "directionPin": 21, "enablePin": 16, "chip": "drv8825", "switchPin": 26, "switchActiveLow": false },
              "elevation": { "gearRatio": [50, 1], "minDegrees": 10, "maxDegrees": 70, "homeDegrees": 15 },
              "elevationMotor": { "stepPin": 5, "directionPin": 6 },
              "lights": [{ "pin": 12 }, { "pwmChannel": 1, "pwmChip": 2 }]
            }
            """;

        GpioTurntableOptions options = Assert.IsType<GpioTurntableOptions>(Read(json));

        Assert.Equal(StepperChip.Drv8825, options.Motor.Chip);
        Assert.Equal(Homing.Switch, options.Home);
        Assert.True(options.Reversed);
        Assert.Equal(20, options.Elevation!.SpeedDegreesPerSecond);
        Assert.Equal(1, options.Lights[1].PwmChannel);
        Assert.Equal(StrictJson.Write<TurntableOptions>(options), StrictJson.Write(Read(StrictJson.Write<TurntableOptions>(options))));
    }

    [Theory]
    [InlineData("""{"driver": "gpio"}""", "\"motor\" is missing")]
    [InlineData("""{"driver": "gpio", "motor": {"stepPin": 20}}""", "\"directionPin\" is missing")]
    [InlineData("""{"driver": "gpio", "motor": {"stepPin": 20, "directionPin": 20}}""", "GPIO 20 is used twice")]
    [InlineData("""{"driver": "gpio", "home": "switch", "motor": {"stepPin": 20, "directionPin": 21}}""", "set \"switchPin\"")]
    [InlineData("""{"driver": "gpio", "elevation": {}, "motor": {"stepPin": 20, "directionPin": 21}}""", "\"elevationMotor\" which pins")]
    [InlineData("""{"driver": "gpio", "motor": {"stepPin": 20, "directionPin": 21}, "lights": [{}]}""", "either a \"pin\"")]
    [InlineData("""{"driver": "gpio", "motor": {"stepPin": 20, "directionPin": 21, "chip": "l298n"}}""", "\"a4988\", \"drv8825\", \"tmc\", \"boxed\"")]
    [InlineData("""{"driver": "gpio", "motor": {"stepPin": 20, "directionPin": 21}, "elevation": {"homeDegrees": 85}, "elevationMotor": {"stepPin": 1, "directionPin": 2}}""", "within the arm's range")]
    [InlineData("""{"driver": "simulated", "elevation": {}}""", "unknown key")]
    public void What_does_not_fit_is_a_sentence(string json, string sentence) => Assert.Contains(sentence, Problems(json));
}
