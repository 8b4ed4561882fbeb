using DataRig.Core;

namespace DataRig.Engine.Tests;

/// <summary>What a test that draws does first.</summary>
internal static class Graphics
{
    private static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            using GlDevice device = GlDevice.Open();
            return null;
        }
        catch (WorkFailedException e)
        {
            return e.Message;
        }
    });

    /// <summary>Skips the test where nothing can be drawn; under CI=true that is a failure.</summary>
    public static void Require()
    {
        if (Missing.Value is { } why)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", why);
            Assert.Skip(why);
        }
    }
}
