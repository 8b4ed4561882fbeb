namespace DataRig.Data;

/// <summary>What a frame is used for.</summary>
public enum SplitRole
{
    /// <summary>The model learns from it.</summary>
    Train,

    /// <summary>It chooses the best epoch, and nothing else.</summary>
    Validation,

    /// <summary>It is shown to the finished model once, for the figures that are reported.</summary>
    Test,
}
