using DataRig.Core;

namespace DataRig.Engine;

/// <summary>A photograph of a part that the engine knows, with the part cut out; how the part lies need not be known.</summary>
public sealed record TwinObservation
{
    /// <summary>For messages and for the record of what a fit has seen.</summary>
    public required string Name { get; init; }

    public required PartId Part { get; init; }

    public required ItemId Item { get; init; }

    /// <summary>Of the size that the scene's pictures have.</summary>
    public required Picture Picture { get; init; }

    /// <summary>The part, of the picture's size.</summary>
    public required Mask PartMask { get; init; }

    /// <summary>Where something beyond the table is seen, of the picture's size.</summary>
    public required Mask Beyond { get; init; }

    /// <summary>Of the camera's JPEG, from 1 to 100, where it is one.</summary>
    public int? JpegQuality { get; init; }
}
