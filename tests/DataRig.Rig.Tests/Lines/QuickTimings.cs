using System.Globalization;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.Lines;

/// <summary>Waits for boards that answer at once, and how long the long proofs are.</summary>
internal static class QuickTimings
{
    public static LineTimings Value { get; } = new()
    {
        Answer = TimeSpan.FromMilliseconds(40),
        OkAfterResend = TimeSpan.FromMilliseconds(20),
        Silences = 100,
        Boot = TimeSpan.FromMinutes(1),
        Poll = TimeSpan.FromMilliseconds(1),
        Homing = TimeSpan.FromMilliseconds(500),
    };

    /// <summary>Moves through the bad cable: DATARIG_MOVES, 10000 for the full proof.</summary>
    public static int Moves { get; } = int.Parse(Environment.GetEnvironmentVariable("DATARIG_MOVES") ?? "100", NumberStyles.None, CultureInfo.InvariantCulture);
}
