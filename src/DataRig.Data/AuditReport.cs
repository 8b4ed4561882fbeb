namespace DataRig.Data;

/// <summary>What an audit finds.</summary>
public enum AuditIssue
{
    /// <summary>A frame's picture file is not there.</summary>
    MissingImage,

    /// <summary>A picture's bytes are not those that were added.</summary>
    ChangedImage,

    /// <summary>A picture is as it was added, but cannot be decoded.</summary>
    UndecodableImage,

    /// <summary>The catalog and the picture disagree on its size.</summary>
    WrongSize,

    /// <summary>A box reaches beyond its frame, or has no area.</summary>
    BoxOutside,

    /// <summary>A mask without a pixel, or one that its bytes do not describe.</summary>
    EmptyMask,

    /// <summary>A frame of a part that shows nothing of it, or next to nothing.</summary>
    NearEmpty,

    /// <summary>A frame of the empty table on which something stands.</summary>
    NotEmpty,

    /// <summary>A frame that looks like another part's frames and like none of its own part's.</summary>
    LabelOutlier,

    /// <summary>The same picture, byte by byte, under two parts.</summary>
    ContradictingParts,

    /// <summary>The same picture, byte by byte, on both sides of the split.</summary>
    LeakedAcrossSplit,

    /// <summary>Two photographs look the same, though not byte by byte: somebody should look at them.</summary>
    NearDuplicate,

    /// <summary>The table's tint gives a part away: somebody should look at the light.</summary>
    ClassTint,

    /// <summary>A photographed item has no role in the split.</summary>
    NotInSplit,

    /// <summary>A picture file that no frame names: harmless, left by a kill.</summary>
    OrphanImage,

    /// <summary>A frame that the capture's gate kept and marked as doubtful: somebody should look at it.</summary>
    MarkedFrame,
}

/// <summary>One thing that is wrong in a dataset.</summary>
/// <param name="Issue">Its kind.</param>
/// <param name="Frame">The frame, or null for a file without one.</param>
/// <param name="Where">The file or frame in words.</param>
/// <param name="What">What is wrong, in a sentence.</param>
public sealed record AuditFinding(AuditIssue Issue, FrameId? Frame, string Where, string What);

/// <summary>What an audit looked at and found.</summary>
/// <param name="Frames">Frames looked at.</param>
/// <param name="Files">Picture files looked at.</param>
/// <param name="Findings">In order of kind, then of frame.</param>
public sealed record AuditReport(int Frames, int Files, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>What was not looked at and why, each a sentence.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>Whether nothing is wrong that could spoil training or figures; orphans do not, and likeness, light and marks are for a person to judge.</summary>
    public bool Sound => Findings.All(f => f.Issue is AuditIssue.OrphanImage or AuditIssue.MarkedFrame or AuditIssue.NearDuplicate or AuditIssue.ClassTint);

    /// <summary>The same with what another audit of the same frames found.</summary>
    public AuditReport With(IEnumerable<AuditFinding> findings, IEnumerable<string> skipped) =>
        this with { Findings = InOrder(Findings.Concat(findings)), Skipped = [.. Skipped, .. skipped] };

    internal static IReadOnlyList<AuditFinding> InOrder(IEnumerable<AuditFinding> findings) =>
        [.. findings.OrderBy(f => f.Issue).ThenBy(f => f.Frame?.Value ?? 0).ThenBy(f => f.Where, StringComparer.Ordinal)];
}
