using System.Diagnostics.CodeAnalysis;

namespace DataRig.Core;

/// <summary>Where a frame's picture came from.</summary>
public enum FrameSource
{
    /// <summary>A camera on a rig took it, a real or a simulated one.</summary>
    Captured,

    /// <summary>The engine rendered it from a scene, a seed and an index. Only ever trained on.</summary>
    Rendered,

    /// <summary>It was read from somebody's folder.</summary>
    Imported,
}

/// <summary>A picture with its labels and where it came from.</summary>
public sealed record Frame : FrameLabels
{
    public Frame()
    {
    }

    /// <summary>A picture with the labels that something else has.</summary>
    [SetsRequiredMembers]
    public Frame(FrameLabels labels, EncodedImage image)
        : base(labels) => Image = image;

    public required EncodedImage Image { get; init; }

    public IReadOnlyList<Annotation> Annotations { get; init; } = [];

    /// <summary>What else is known of each pixel; nothing unless it was asked for.</summary>
    public IReadOnlyDictionary<MapKind, EncodedImage> Maps { get; init; } = new Dictionary<MapKind, EncodedImage>();
}

/// <summary>What a frame is of, and where it came from.</summary>
public abstract record FrameLabels
{
    public required FrameSource Source { get; init; }

    /// <summary>The class of the part that the frame is of.</summary>
    public required PartId Part { get; init; }

    /// <summary>The physical object that the frame is of.</summary>
    public required ItemId Item { get; init; }

    /// <summary>The sitting it was captured in, if any.</summary>
    public SessionId? Session { get; init; }

    /// <summary>The turn of the table it belongs to, counted from 0 within its session.</summary>
    public int? Sweep { get; init; }

    /// <summary>The stop of the sweep, counted from 0.</summary>
    public int? Stop { get; init; }

    /// <summary>How the part lies on the table, such as <c>studs-up</c>.</summary>
    public string? Pose { get; init; }

    /// <summary>How far the table had turned, proven by the turntable, in [0, 360).</summary>
    public double? AzimuthDegrees { get; init; }

    /// <summary>The camera's height above the table's plane as seen from its centre.</summary>
    public double? ElevationDegrees { get; init; }

    /// <summary>How the camera projects, where that is known.</summary>
    public Intrinsics? Intrinsics { get; init; }

    /// <summary>The name of the light setting it was taken under, where a sweep is taken under several.</summary>
    public string? Light { get; init; }

    /// <summary>What the camera said of the picture: exposure, gain and the like, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>What is doubtful about it in a few words each, such as an exposure that drifted; empty where nothing is.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];

    /// <summary>Original file name, or scene, seed and index of a rendering: enough to find or make it again.</summary>
    public string? Origin { get; init; }
}

/// <summary>One part seen in a frame.</summary>
public sealed record Annotation
{
    public required PartId Part { get; init; }

    public required ItemId Item { get; init; }

    /// <summary>The tight box around the visible pixels.</summary>
    public required Box Box { get; init; }

    /// <summary>The visible pixels, if known.</summary>
    public Mask? Mask { get; init; }

    /// <summary>The tight box around the part's pixels inside the frame, those among them that other things hide; null if not known.</summary>
    public Box? AmodalBox { get; init; }

    /// <summary>Visible pixels over the pixels the part alone would cover inside the frame, in [0, 1].</summary>
    public double VisibleFraction { get; init; } = 1;

    /// <summary>Whether the part reaches beyond the frame's edge.</summary>
    public bool Truncated { get; init; }

    /// <summary>The share that lies beyond the frame's edge of the pixels that the part alone would cover, in [0, 1]; null if not known.</summary>
    public double? TruncatedFraction { get; init; }

    /// <summary>From the part's own frame to the camera's (see <see cref="Intrinsics"/>); null if not known.</summary>
    public RigidPose? PoseInCamera { get; init; }

    /// <summary>
    /// From the part's own frame to the table's, which turns with it: z up from its surface, the origin on its axis, and at an
    /// azimuth of 0 the camera's side at -y. Null if not known.
    /// </summary>
    public RigidPose? PoseOnTable { get; init; }

    /// <summary>How far box and mask can be trusted, in [0, 1]; null where they are exact or nobody knows.</summary>
    public double? Quality { get; init; }
}
