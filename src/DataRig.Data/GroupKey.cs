using DataRig.Core;

namespace DataRig.Data;

/// <summary>One physical object: items of the same name under two parts are two objects.</summary>
public readonly record struct GroupKey(PartId Part, ItemId Item) : IComparable<GroupKey>
{
    public int CompareTo(GroupKey other) => Part.CompareTo(other.Part) is var byPart && byPart != 0 ? byPart : Item.CompareTo(other.Item);

    public override string ToString() => $"{Part} {Item}";
}
