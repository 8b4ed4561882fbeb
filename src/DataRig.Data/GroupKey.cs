using DataRig.Core;

namespace DataRig.Data;

/// <summary>
/// What a split never divides: one physical object, or one sitting or one sweep of it. Items of the same name under two parts are two
/// objects.
/// </summary>
/// <param name="Part">The part.</param>
/// <param name="Item">The object.</param>
/// <param name="Session">The sitting; null where the whole object is meant, or its frames know of none.</param>
/// <param name="Sweep">The sweep within the sitting; null where all of them are meant.</param>
public readonly record struct GroupKey(PartId Part, ItemId Item, SessionId? Session = null, int? Sweep = null) : IComparable<GroupKey>
{
    /// <summary>The group without its part, as it is named among those of the part.</summary>
    public string Name => $"{Item}{(Session is { } session ? $" {session}" : "")}{(Sweep is { } sweep ? $" sweep {sweep}" : "")}";

    /// <summary>The object as a whole.</summary>
    public GroupKey Whole => new(Part, Item);

    /// <summary>The group that a frame goes with. Frames that know of no session, or of no sweep, go together.</summary>
    public static GroupKey Of(FrameLabels frame, SplitLevel level = SplitLevel.Item)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return new GroupKey(frame.Part, frame.Item, level == SplitLevel.Item ? null : frame.Session, level == SplitLevel.Sweep ? frame.Sweep : null);
    }

    public int CompareTo(GroupKey other) =>
        Part.CompareTo(other.Part) is var byPart && byPart != 0 ? byPart
        : Item.CompareTo(other.Item) is var byItem && byItem != 0 ? byItem
        : string.CompareOrdinal(Session?.Value, other.Session?.Value) is var bySession && bySession != 0 ? bySession
        : Comparer<int?>.Default.Compare(Sweep, other.Sweep);

    public override string ToString() => $"{Part} {Name}";
}
