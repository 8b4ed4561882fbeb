namespace DataRig.Data.Formats;

/// <summary>A format of a tool in which people correct labels and send them back.</summary>
public interface ICorrectedFormat : IDatasetFormat
{
    /// <summary>The tool as the edit log names it, such as <c>label-studio</c>.</summary>
    string Tool { get; }

    /// <summary>
    /// What people made of the labels, one for each frame and person; pictures need not be there. A frame has no part
    /// where nobody said any. What is wrong is noted in <see cref="FormatReader.Problems"/> while its verdict is read.
    /// </summary>
    IEnumerable<Verdict> ReadVerdicts(FormatReader reader);
}

/// <summary>How far a person judged a frame.</summary>
public enum VerdictKind
{
    /// <summary>Nobody has looked at it yet.</summary>
    Open,

    /// <summary>It was left out on purpose.</summary>
    Skipped,

    /// <summary>The tool does not tell whether somebody looked at it; labels that differ were changed by somebody.</summary>
    Unproven,

    /// <summary>Somebody looked at it and left these labels.</summary>
    Judged,

    /// <summary>The same, and it goes before what others left.</summary>
    Decided,
}

/// <summary>A frame's labels as one person left them.</summary>
/// <param name="Frame">The labels; its file's name, <see cref="FormatFrame.Hash"/> and <see cref="FormatFrame.Sent"/> tell which frame it is and what it was like.</param>
/// <param name="Who">The person; null where the tool does not tell.</param>
/// <param name="At">When; null where the tool does not tell.</param>
/// <param name="Kind">How far it was judged.</param>
public sealed record Verdict(FormatFrame Frame, string? Who, DateTimeOffset? At, VerdictKind Kind);
