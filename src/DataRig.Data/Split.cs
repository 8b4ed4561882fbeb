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

    /// <summary>The same split with other roles.</summary>
    public Split With(IEnumerable<KeyValuePair<GroupKey, SplitRole>> roles) => new(Seed, roles);

    /// <summary>The group that a frame goes with.</summary>
    public GroupKey KeyOf(FrameRecord frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return new GroupKey(frame.Part, frame.Item);
    }

    /// <summary>
    /// A frame's role, or null if its item came after the split was made. Rendered frames are only ever trained on; those of an
    /// item that is held out have no role, since what is cut out of its photographs shows it.
    /// </summary>
    public SplitRole? RoleOf(FrameRecord frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        SplitRole? role = _roles.TryGetValue(KeyOf(frame), out SplitRole known) ? known : null;
        return frame.Source != FrameSource.Rendered ? role : role is null or SplitRole.Train ? SplitRole.Train : null;
    }
}
