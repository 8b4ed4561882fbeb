namespace DataRig.Data;

/// <summary>What a split keeps together, and so what its held-out frames prove.</summary>
public enum SplitLevel
{
    /// <summary>An item: another object of the part. The only one that says how a model does on the next brick.</summary>
    Item,

    /// <summary>A session of an item: the same object in another sitting.</summary>
    Session,

    /// <summary>A sweep of an item: the same object in another pose or turn.</summary>
    Sweep,
}

/// <summary>Split levels in words.</summary>
public static class SplitLevelWords
{
    /// <summary>What one group is called: item, session or sweep.</summary>
    public static string Noun(this SplitLevel level) => level.ToString().ToLowerInvariant();
}
