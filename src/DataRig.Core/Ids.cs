namespace DataRig.Core;

/// <summary>The class a classifier learns: a kind of physical part, such as <c>3001</c>.</summary>
public readonly record struct PartId(string Value) : IComparable<PartId>
{
    /// <summary>
    /// The class of frames that show the table without any part. They are captured, split, trained on and proven like any other
    /// part; its items are occasions on which the table was empty.
    /// </summary>
    public static PartId Nothing { get; } = new("nothing");

    public int CompareTo(PartId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>One physical object of a part, such as <c>3001-red</c>. Splits never divide an item.</summary>
public readonly record struct ItemId(string Value) : IComparable<ItemId>
{
    public int CompareTo(ItemId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>One sitting at the rig.</summary>
public readonly record struct SessionId(string Value)
{
    public override string ToString() => Value;
}
