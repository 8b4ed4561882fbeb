using System.Globalization;

namespace DataRig.Rig.Tests.Cameras;

/// <summary>How many inputs a fuzz test tries: few by default, as many as DATARIG_FUZZ says.</summary>
internal static class Fuzz
{
    public static long Count { get; } = long.TryParse(Environment.GetEnvironmentVariable("DATARIG_FUZZ"), CultureInfo.InvariantCulture, out long count) ? count : 3000;
}
