using DataRig.Core;

namespace DataRig.Rig;

/// <summary>
/// What a camera holds fixed through a session. Plain numbers, so that the session's journal can keep them and a resumed
/// session exposes as before.
/// </summary>
/// <param name="Driver">The driver that metered: <c>rpicam</c>, <c>mjpeg</c>, <c>command</c>, <c>folder</c> or <c>simulated</c>.</param>
/// <param name="Values">The driver's own names, units in them, and their values; empty where nothing can be held.</param>
public sealed record CameraLock(string Driver, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>A lock of a camera that has nothing to hold, or whose own program holds it.</summary>
    public static CameraLock Nothing(string driver) => new(driver, new Dictionary<string, double>());

    /// <summary>Refuses to go on with another kind of camera than the session began with.</summary>
    /// <exception cref="WorkFailedException">The earlier lock is another driver's.</exception>
    internal static void RequireSame(CameraLock? earlier, string driver)
    {
        if (earlier is not null && earlier.Driver != driver)
        {
            throw new WorkFailedException($"This session began with the camera driver \"{earlier.Driver}\" and the configuration now says \"{driver}\"; its pictures would not look alike. Set the driver back, or begin a new session.");
        }
    }
}
