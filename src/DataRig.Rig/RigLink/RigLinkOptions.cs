namespace DataRig.Rig.RigLink;

/// <summary>How a board is wired that speaks RigLink.</summary>
public sealed record RigLinkOptions
{
    /// <summary>Whether the homing switches open at the zero (normally closed) instead of closing there.</summary>
    public bool SwitchOpens { get; init; }
}
