namespace DataRig.Rig;

/// <summary>What the gate thinks of a shot.</summary>
public enum ShotOutcome
{
    /// <summary>It is a frame.</summary>
    Accepted,

    /// <summary>It is a frame, kept with its marks, and somebody should look at the rig.</summary>
    Marked,

    /// <summary>It is no frame; take it again.</summary>
    Refused,
}

/// <summary>The gate's word on a shot.</summary>
/// <param name="Outcome">Whether it becomes a frame.</param>
/// <param name="Reasons">What is wrong with it, each to follow "the picture: "; empty when it is accepted.</param>
/// <param name="Measures">What was measured; null where it did not come to that.</param>
public sealed record ShotVerdict(ShotOutcome Outcome, IReadOnlyList<string> Reasons, ShotMeasures? Measures)
{
    /// <summary>All reasons in one line.</summary>
    public string Reason => string.Join("; ", Reasons);

    internal static ShotVerdict Refused(string reason, ShotMeasures? measures = null) => new(ShotOutcome.Refused, [reason], measures);
}
