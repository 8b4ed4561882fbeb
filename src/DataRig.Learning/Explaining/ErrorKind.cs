namespace DataRig.Learning.Explaining;

/// <summary>What errors may have in common.</summary>
public enum ErrorCause
{
    /// <summary>One part is taken for one other.</summary>
    Pair,

    /// <summary>They are of one item: another brick of the part does better.</summary>
    Item,

    /// <summary>They lie in one sector of the turn.</summary>
    Azimuth,

    Pose,

    Light,

    /// <summary>The part is cut off by the picture's edge, or by the window that the network sees.</summary>
    Cut,

    /// <summary>The part is among the darkest quarter.</summary>
    Dark,

    /// <summary>The picture is among the least sharp quarter of its part's.</summary>
    Blurred,

    /// <summary>The network looks elsewhere than at the part.</summary>
    Elsewhere,
}

/// <summary>Errors that have something in common.</summary>
/// <param name="Cause">What.</param>
/// <param name="Name">Which of these, such as <c>3001 for 3003</c> or <c>30-60</c>; empty where there is only one.</param>
/// <param name="What">The same in a sentence, with the figures.</param>
/// <param name="Errors">The errors, the surest first.</param>
/// <param name="Frames">Frames that have it in common, those that were recognized among them.</param>
/// <param name="Rate">The share of them that is wrong.</param>
/// <param name="RateElsewhere">The share of the others that is wrong: of the same part where the cause is of one part, else of all.</param>
public sealed record ErrorKind(ErrorCause Cause, string Name, string What, IReadOnlyList<FramePrediction> Errors, int Frames, double Rate, double RateElsewhere);
