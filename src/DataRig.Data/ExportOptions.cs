namespace DataRig.Data;

/// <summary>What is exported, and how.</summary>
public sealed record ExportOptions
{
    /// <summary>Which frames; all if null.</summary>
    public FrameQuery? Frames { get; init; }

    /// <summary>What the frames are used for; null exports them without telling.</summary>
    public Split? Split { get; init; }

    /// <summary>Whether each part gives as many frames as the one with the fewest. Which ones follows from their pictures alone.</summary>
    public bool Balance { get; init; }

    /// <summary>
    /// Whether the export shares the dataset's files by hard links where the file system can: quick and without room, but
    /// whoever then edits a picture in place edits the dataset's. Otherwise they are copied.
    /// </summary>
    public bool HardLink { get; init; }

    /// <summary>The longer side of a picture in pixels, at most; it is encoded anew then. Null leaves pictures as they are.</summary>
    public int? Size { get; init; }

    /// <summary>Whether to cut each picture to a square around its part, with a tenth of room; it is encoded anew then.</summary>
    public bool Crop { get; init; }

    /// <summary>The quality, from 1 to 100, at which pictures are encoded anew; 92 where they must be, and null leaves them as they are.</summary>
    public int? JpegQuality { get; init; }

    /// <summary>Whether masks are written as polygons where a format has both polygons and run lengths.</summary>
    public bool Polygons { get; init; }

    /// <summary>Whether pictures are decoded and encoded anew.</summary>
    public bool Reencodes => Size is not null || Crop || JpegQuality is not null;
}

/// <summary>What an export wrote.</summary>
/// <param name="Folder">Where, as a full path.</param>
/// <param name="Frames">Frames written.</param>
/// <param name="LeftOut">What the frames have and the format has no place for, in words.</param>
public sealed record ExportResult(string Folder, int Frames, IReadOnlyList<string> LeftOut);
