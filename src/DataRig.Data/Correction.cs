using DataRig.Core;

namespace DataRig.Data;

/// <summary>What a frame's labels are to be after somebody corrected them elsewhere.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Before">The fingerprint of the labels that it has now; if it has others by then, nothing is changed.</param>
/// <param name="Part">Its part.</param>
/// <param name="Annotations">What is marked in it; null leaves that as it is.</param>
/// <param name="By">Who corrected it, in which tool, and when.</param>
internal sealed record Correction(FrameRecord Frame, string Before, PartId Part, IReadOnlyList<Annotation>? Annotations, EditedBy By);

/// <summary>How corrections are taken back.</summary>
public sealed record CorrectionOptions
{
    /// <summary>The name of the format they are in; found out if null.</summary>
    public string? Format { get; init; }

    /// <summary>Whether what came back goes before what was changed here since it was sent; otherwise that is a conflict.</summary>
    public bool Theirs { get; init; }
}

/// <summary>A correction that was not taken, because two people say different things of a frame, or because what is said fits no frame.</summary>
/// <param name="Frame">The frame, where it is known.</param>
/// <param name="Where">Its place: the file, with line and column.</param>
/// <param name="What">Why, in a sentence.</param>
public sealed record CorrectionConflict(FrameId? Frame, string Where, string What);

/// <summary>What came back, and what was made of it.</summary>
public sealed record CorrectionResult
{
    /// <summary>The format that it was read as.</summary>
    public required string Format { get; init; }

    /// <summary>Frames whose labels were changed.</summary>
    public required int Changed { get; init; }

    /// <summary>Frames that somebody looked at and found right.</summary>
    public required int Confirmed { get; init; }

    /// <summary>Frames that came back as they are here: corrected before, or never looked at.</summary>
    public required int AsTheyAre { get; init; }

    /// <summary>Frames that somebody left out on purpose.</summary>
    public required int Skipped { get; init; }

    /// <summary>The edits that were made, in the order of the log.</summary>
    public required IReadOnlyList<Edit> Edits { get; init; }

    /// <summary>What was not taken, in the order it was read; the first thousand.</summary>
    public required IReadOnlyList<CorrectionConflict> Conflicts { get; init; }

    /// <summary>How many conflicts there were in all.</summary>
    public required int ConflictCount { get; init; }
}
