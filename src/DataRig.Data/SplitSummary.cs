using DataRig.Core;

namespace DataRig.Data;

/// <summary>A part's photographed groups by role, in order.</summary>
public sealed record PartSplit(PartId Part, IReadOnlyList<GroupKey> Train, IReadOnlyList<GroupKey> Validation, IReadOnlyList<GroupKey> Test)
{
    /// <summary>Whether a group is held out that can show how the model does on one it has never seen.</summary>
    public bool Provable => Test.Count > 0;

    /// <summary>Whether a held-out group is of an object that is learned from as well.</summary>
    public bool KnowsItems => Test.Concat(Validation).Any(held => Train.Any(t => t.Item == held.Item));
}

/// <summary>What a split can prove and what it cannot.</summary>
public sealed record SplitSummary
{
    /// <summary>From so many groups on a part's figures are not marked.</summary>
    private const int Enough = 3;

    /// <summary>What the groups are.</summary>
    public required SplitLevel Level { get; init; }

    /// <summary>The parts in order.</summary>
    public required IReadOnlyList<PartSplit> Parts { get; init; }

    /// <summary>Parts of which no group is held out: nothing can prove how the model does on another one.</summary>
    public required IReadOnlyList<PartId> Unprovable { get; init; }

    /// <summary>Parts of two groups: their figures rest on one choice of which learns and which proves, and are marked.</summary>
    public required IReadOnlyList<PartId> Few { get; init; }

    /// <summary>Whether every provable part has a group for choosing the best epoch, and there is one at all.</summary>
    public required bool ValidationCoversProvable { get; init; }

    /// <summary>What whoever reads the figures must know, each a sentence; none if all is well.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Whether held-out frames are of objects that are learned from: then figures say nothing of another object.</summary>
    public bool KnowsItems => Parts.Any(p => p.KnowsItems);

    /// <summary>What the figures are of, such as "items it has never seen".</summary>
    public string Proves => KnowsItems ? $"{Level.Noun()}s it has never seen, of items that it has" : "items it has never seen";

    public static SplitSummary Of(Split split)
    {
        ArgumentNullException.ThrowIfNull(split);
        string noun = split.Level.Noun();
        PartSplit[] parts = [.. split.Roles.GroupBy(r => r.Key.Part).Select(part => new PartSplit(part.Key, With(part, SplitRole.Train), With(part, SplitRole.Validation), With(part, SplitRole.Test)))];
        PartId[] unprovable = [.. parts.Where(p => !p.Provable).Select(p => p.Part)];
        PartSplit[] provable = [.. parts.Where(p => p.Provable)];
        bool covered = provable.Length > 0 && provable.All(p => p.Validation.Count > 0);
        List<string> remarks = [];
        if (parts.Where(p => p.KnowsItems).Select(p => p.Part).ToArray() is { Length: > 0 } known)
        {
            remarks.Add($"The split is by {noun}: of {string.Join(", ", known)} it proves another {noun} of the same items, not another item. How the model does on the next object of a part is not known; photograph further items, and split by item.");
        }

        if (unprovable.Length > 0)
        {
            remarks.Add($"Nothing can prove how the model does on another {noun} of {string.Join(", ", unprovable)}, for no {noun} is left to hold out: what there is is trained on, and no figure counts it. Photograph another {noun}.");
        }

        PartId[] few = [.. provable.Where(p => p.Train.Count + p.Validation.Count + p.Test.Count < Enough).Select(p => p.Part)];
        if (few.Length > 0)
        {
            remarks.Add($"There are two {noun}s only of {string.Join(", ", few)}, one to learn from and one to prove: with another choice of the two the figures may be quite others, and they are marked. Photograph a third {noun}.");
        }

        if (provable.Length > 0 && !covered)
        {
            remarks.Add($"No {noun} is left to choose the best epoch by for {string.Join(", ", provable.Where(p => p.Validation.Count == 0).Select(p => p.Part))}: that takes four {noun}s of a part.");
        }

        return new SplitSummary { Level = split.Level, Parts = parts, Unprovable = unprovable, Few = few, ValidationCoversProvable = covered, Remarks = remarks };
    }

    private static GroupKey[] With(IEnumerable<KeyValuePair<GroupKey, SplitRole>> part, SplitRole role) => [.. part.Where(r => r.Value == role).Select(r => r.Key)];
}
