namespace DataRig.Engine;

/// <summary>Which of a frame's labels are checked against its geometry.</summary>
public enum LabelCheck
{
    /// <summary>The parts that rays meet are the ones that are labelled, each once.</summary>
    Ids,

    /// <summary>Rays through pixels inside and outside of the masks meet what the masks say.</summary>
    Mask,

    /// <summary>The tight box is the smallest around the mask.</summary>
    Box,

    /// <summary>The amodal box holds the tight box and lies within the projected part.</summary>
    AmodalBox,

    /// <summary>The visible fraction lies in [0, 1] and is what rays find; the pixels alone are no fewer than the visible ones.</summary>
    VisibleFraction,

    /// <summary>The part reaches out of the picture where the label says so, by a share that is possible.</summary>
    Truncation,

    /// <summary>A point of the part is where the poses put it.</summary>
    Pose,

    /// <summary>Rays are as long as the depths say.</summary>
    Depth,

    /// <summary>Surfaces that rays meet face as the normals say.</summary>
    Normals,
}

/// <summary>A label that does not agree with the geometry that it was drawn from.</summary>
/// <param name="Check">Which of the checks.</param>
/// <param name="What">Part, place and numbers, in a few words.</param>
public sealed record LabelMismatch(LabelCheck Check, string What)
{
    public override string ToString() => $"{Check.ToString().ToLowerInvariant()}: {What}";
}

/// <summary>What the audit of a frame's labels found.</summary>
/// <param name="Found">The mismatches of its second drawing, or else of its first; empty where all agreed at once.</param>
/// <param name="Agreed">Whether the labels that the frame has agree.</param>
public sealed record LabelVerdict(IReadOnlyList<LabelMismatch> Found, bool Agreed);
