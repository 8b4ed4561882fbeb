using System.Diagnostics.CodeAnalysis;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>A frame between a dataset and a format: what is written of it, or what was read.</summary>
public sealed record FormatFrame : FrameLabels
{
    public FormatFrame()
    {
    }

    /// <summary>What is written of a frame; its file's name is not known yet.</summary>
    [SetsRequiredMembers]
    public FormatFrame(FrameLabels labels)
        : base(labels) => File = "";

    /// <summary>Its picture below the export's or the import's folder, with slashes.</summary>
    public required string File { get; init; }

    /// <summary>Pixels across and down; 0 where the format does not say.</summary>
    public int Width { get; init; }

    /// <inheritdoc cref="Width"/>
    public int Height { get; init; }

    /// <summary>What it is used for; null where no split is written, or none is told.</summary>
    public SplitRole? Role { get; init; }

    public IReadOnlyList<Annotation> Annotations { get; init; } = [];

    /// <summary>The SHA-256 of its picture file, in lower-case hexadecimal; empty where nothing tells.</summary>
    public string Hash { get; init; } = "";

    /// <summary>The fingerprint of its labels in the dataset it was written from, so that whoever takes corrections back sees whether they changed meanwhile; null where nothing tells.</summary>
    public string? Sent { get; init; }

    /// <summary>How problems name its place: the file, or the file with line and column.</summary>
    public string Where { get; init; } = "";

    /// <summary>The folder or list that a role has with most tools: <c>train</c>, <c>val</c>, <c>test</c>; null without one.</summary>
    public string? Subset => SubsetOf(Role);

    internal static readonly string[] Subsets = ["train", "val", "test"];

    internal static string? SubsetOf(SplitRole? role) => role is { } r ? Subsets[(int)r] : null;

    /// <summary>The role that a folder or list is named after; null where it is none of the usual names.</summary>
    internal static SplitRole? RoleOf(string? subset) => subset?.ToLowerInvariant() switch
    {
        "train" or "training" => SplitRole.Train,
        "val" or "valid" or "validation" => SplitRole.Validation,
        "test" or "testing" => SplitRole.Test,
        _ => null,
    };

    /// <summary>The item that a picture is counted under where nothing tells.</summary>
    internal static ItemId ItemFor(PartId part) => new($"{part}-1");
}
