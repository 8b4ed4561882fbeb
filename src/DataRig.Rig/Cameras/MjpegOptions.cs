using System.ComponentModel.DataAnnotations;

namespace DataRig.Rig.Cameras;

/// <summary>A camera on the network that sends JPEGs over HTTP: one after another in a stream, or one a request.</summary>
public sealed record MjpegOptions : RealCameraOptions
{
    /// <summary>The address of the stream or of the snapshot; what comes decides which it is. A password goes as <c>http://user:password@host/</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Addresses asked for once before the session, in order, to switch the camera's own automatics off.</summary>
    public IReadOnlyList<string> LockUrls { get; init; } = [];

    /// <summary>The longest way from exposure to arrival: a picture counts as exposed this long before it began to arrive.</summary>
    [Range(0, 10_000)]
    public int LatencyMs { get; init; } = 300;

    /// <summary>A stream that is silent, or repeats one picture, for this long is frozen and opened anew.</summary>
    [Range(100, 120_000)]
    public int FrozenMs { get; init; } = 3000;

    /// <summary>How long to wait for a good picture, reconnecting meanwhile, before giving up.</summary>
    [Range(500, 600_000)]
    public int DeadlineMs { get; init; } = 20_000;

    /// <summary>Snapshots fetched and thrown away before each one that counts: an ESP32-CAM answers with the picture it took last time.</summary>
    [Range(0, 20)]
    public int SnapshotsToSkip { get; init; } = 1;

    public override IEnumerable<(string Key, string Problem)> Validate()
    {
        foreach ((string, string) problem in base.Validate())
        {
            yield return problem;
        }

        if (!IsHttp(Url))
        {
            yield return ("url", "expected an address that begins with http:// or https://");
        }

        if (!LockUrls.All(IsHttp))
        {
            yield return ("lockUrls", "expected addresses that begin with http:// or https://");
        }
    }

    private static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;
}
