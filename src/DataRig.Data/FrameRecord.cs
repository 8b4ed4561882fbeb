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
    /// <summary>Names the video that an imported frame comes from, in <see cref="FrameLabels.Metadata"/>.</summary>
    public const string VideoKey = "video";

    public required FrameId Id { get; init; }

    /// <summary>The image file's full path.</summary>
    public required string ImagePath { get; init; }

    /// <summary>SHA-256 of the image file, in lower-case hexadecimal; also the file's name.</summary>
    public required string ImageHash { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>What else is known of each pixel, by kind.</summary>
    public IReadOnlyDictionary<MapKind, MapFile> Maps { get; init; } = new Dictionary<MapKind, MapFile>();

    /// <summary>What a frame of a video is a sequence with, whatever part it shows: its item in that video; null for others.</summary>
    public string? Film => Metadata.TryGetValue(VideoKey, out string? video) ? $"{video}\n{Item}" : null;

    /// <summary>How far people have looked at it.</summary>
    public ReviewState Review { get; init; }

    /// <summary>The frame with its files, as <see cref="Dataset.AddFrames"/> takes it.</summary>
    internal Frame WithFiles(byte[] picture, Func<MapKind, byte[]> map, IReadOnlyList<Annotation> annotations) => new(this, new EncodedImage(picture, Width, Height))
    {
        Annotations = annotations,
        Maps = Maps.Keys.ToDictionary(kind => kind, kind => new EncodedImage(map(kind), Width, Height)),
    };
}

/// <summary>A map's PNG file beside a frame's picture.</summary>
/// <param name="Path">The file's full path.</param>
/// <param name="Hash">SHA-256 of the file, in lower-case hexadecimal; also the file's name.</param>
public sealed record MapFile(string Path, string Hash);
