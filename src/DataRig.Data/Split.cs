using DataRig.Core;
using DataRig.Data.Storage;

namespace DataRig.Data;

/// <summary>Which items are learned from and which prove the model.</summary>
public sealed class Split
{
    private readonly SortedDictionary<GroupKey, SplitRole> _roles;

    public Split(Seed seed, IEnumerable<KeyValuePair<GroupKey, SplitRole>> roles)
    {
        Seed = seed;
        _roles = new SortedDictionary<GroupKey, SplitRole>(new Dictionary<GroupKey, SplitRole>(roles));
        Hash = Fingerprint.Of(_roles.Select(r => $"{r.Key.Part}\t{r.Key.Item}\t{Text.Of(r.Value)}"));
    }

    /// <summary>What the held-out items were drawn from.</summary>
    public Seed Seed { get; }

    /// <summary>The role of each photographed item, in order.</summary>
    public IReadOnlyDictionary<GroupKey, SplitRole> Roles => _roles;

    /// <summary>SHA-256 in lower-case hexadecimal over the roles of all items: equal for equal splits.</summary>
    public string Hash { get; }

    /// <summary>
    /// A frame's role, or null if its item came after the split was made. Rendered frames are only ever trained
    /// on, those of an item that is held out too: they show the engine's idea of it, not the object.
    /// </summary>
    public SplitRole? RoleOf(FrameRecord frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return frame.Source == FrameSource.Rendered ? SplitRole.Train
            : _roles.TryGetValue(new GroupKey(frame.Part, frame.Item), out SplitRole role) ? role
            : null;
    }
}
