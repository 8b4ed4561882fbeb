using DataRig.Core;

namespace DataRig.Data;

/// <summary>A frame's number in its dataset's catalog.</summary>
public readonly record struct FrameId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A frame as the catalog lists it: everything but the pixels and the annotations.</summary>
public sealed record FrameRecord : FrameLabels
{
    public required FrameId Id { get; init; }

    /// <summary>The image file's full path.</summary>
    public required string ImagePath { get; init; }

    /// <summary>SHA-256 of the image file, in lower-case hexadecimal; also the file's name.</summary>
    public required string ImageHash { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>The frame as it was added.</summary>
    internal Frame WithPicture(byte[] file, IReadOnlyList<Annotation> annotations) => new()
    {
        Image = new EncodedImage(file, Width, Height),
        Source = Source,
        Part = Part,
        Item = Item,
        Session = Session,
        Sweep = Sweep,
        Stop = Stop,
        Pose = Pose,
        AzimuthDegrees = AzimuthDegrees,
        ElevationDegrees = ElevationDegrees,
        Light = Light,
        Metadata = Metadata,
        Marks = Marks,
        Origin = Origin,
        Annotations = annotations,
    };
}
