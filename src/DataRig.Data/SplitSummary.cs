using DataRig.Core;

namespace DataRig.Data;

/// <summary>A part's photographed items by role, in order.</summary>
public sealed record PartSplit(PartId Part, IReadOnlyList<ItemId> Train, IReadOnlyList<ItemId> Validation, IReadOnlyList<ItemId> Test)
{
    /// <summary>Whether an item is held out that can show how the model does on one it has never seen.</summary>
    public bool Provable => Test.Count > 0;
}

/// <summary>What a split can prove and what it cannot.</summary>
public sealed record SplitSummary
{
    /// <summary>From so many items on a part's figures are not marked.</summary>
    private const int Enough = 3;

    /// <summary>The parts in order.</summary>
    public required IReadOnlyList<PartSplit> Parts { get; init; }

    /// <summary>Parts of which no item is held out: nothing can prove how the model does on another one.</summary>
    public required IReadOnlyList<PartId> Unprovable { get; init; }

    /// <summary>Parts of two items: their figures rest on one choice of which learns and which proves, and are marked.</summary>
    public required IReadOnlyList<PartId> Few { get; init; }

    /// <summary>Whether every provable part has an item for choosing the best epoch, and there is one at all.</summary>
    public required bool ValidationCoversProvable { get; init; }

    /// <summary>What whoever reads the figures must know, each a sentence; none if all is well.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    public static SplitSummary Of(Split split)
    {
        ArgumentNullException.ThrowIfNull(split);
        PartSplit[] parts = [.. split.Roles.GroupBy(r => r.Key.Part).Select(part => new PartSplit(part.Key, With(part, SplitRole.Train), With(part, SplitRole.Validation), With(part, SplitRole.Test)))];
        PartId[] unprovable = [.. parts.Where(p => !p.Provable).Select(p => p.Part)];
        PartSplit[] provable = [.. parts.Where(p => p.Provable)];
        bool covered = provable.Length > 0 && provable.All(p => p.Validation.Count > 0);
        List<string> remarks = [];
        if (unprovable.Length > 0)
        {
            remarks.Add($"Nothing can prove how the model does on another item of {string.Join(", ", unprovable)}, for no item is left to hold out: what there is is trained on, and no figure counts it. Photograph another item.");
        }

        PartId[] few = [.. provable.Where(p => p.Train.Count + p.Validation.Count + p.Test.Count < Enough).Select(p => p.Part)];
        if (few.Length > 0)
        {
            remarks.Add($"There are two items only of {string.Join(", ", few)}, one to learn from and one to prove: with another choice of the two the figures may be quite others, and they are marked. Photograph a third item.");
        }

        if (provable.Length > 0 && !covered)
        {
            remarks.Add($"No item is left to choose the best epoch by for {string.Join(", ", provable.Where(p => p.Validation.Count == 0).Select(p => p.Part))}: that takes four items of a part.");
        }

        return new SplitSummary { Parts = parts, Unprovable = unprovable, Few = few, ValidationCoversProvable = covered, Remarks = remarks };
    }

    private static ItemId[] With(IEnumerable<KeyValuePair<GroupKey, SplitRole>> part, SplitRole role) => [.. part.Where(r => r.Value == role).Select(r => r.Key.Item)];
}
