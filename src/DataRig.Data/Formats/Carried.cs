namespace DataRig.Data.Formats;

/// <summary>What of a frame a format has a place for, besides the picture and its part. What it has none for is listed once when it is written.</summary>
[Flags]
public enum Carried
{
    None = 0,

    /// <summary>The physical object.</summary>
    Item = 1,

    /// <summary>What the frame is used for.</summary>
    Split = 1 << 1,

    /// <summary>Captured, rendered or imported, and the original name or the scene, seed and index.</summary>
    Source = 1 << 2,

    /// <summary>The session, sweep and stop of a captured frame.</summary>
    Session = 1 << 3,

    /// <summary>How the part lies, its azimuth, and the camera's elevation.</summary>
    Pose = 1 << 4,

    /// <summary>Light, intrinsics, what the camera said, and doubts about the frame.</summary>
    Camera = 1 << 5,

    /// <summary>Boxes around parts, and which part each is of.</summary>
    Boxes = 1 << 6,

    /// <summary>The pixels of parts.</summary>
    Masks = 1 << 7,

    /// <summary>Boxes between pixels as they are; else they are rounded to whole pixels.</summary>
    Subpixel = 1 << 8,

    /// <summary>Of a box: its item, what is hidden or cut off, the poses, and how far it can be trusted.</summary>
    Details = 1 << 9,

    /// <summary>The part of a frame in which nothing is marked.</summary>
    Unmarked = 1 << 10,

    /// <summary>Depth and normals.</summary>
    Maps = 1 << 11,

    /// <summary>Pixels that two masks share; else they are the later one's.</summary>
    Overlaps = 1 << 12,

    /// <summary>Everything but maps.</summary>
    All = Item | Split | Source | Session | Pose | Camera | Boxes | Masks | Subpixel | Details | Unmarked | Overlaps,
}
