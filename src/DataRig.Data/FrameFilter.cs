using DataRig.Core;

namespace DataRig.Data;

/// <summary>Which frames a query gives; what is null does not matter.</summary>
public sealed record FrameFilter
{
    public FrameSource? Source { get; init; }

    public PartId? Part { get; init; }

    /// <summary>Items of this name; two parts may each have one.</summary>
    public ItemId? Item { get; init; }

    public SessionId? Session { get; init; }

    /// <summary>What people did with it; null gives all but the trash.</summary>
    public ReviewState? Review { get; init; }
}
