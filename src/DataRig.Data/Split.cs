using DataRig.Core;
using DataRig.Data.Storage;

namespace DataRig.Data;

/// <summary>Which groups are learned from and which prove the model.</summary>
public sealed class Split
{
    private readonly SortedDictionary<GroupKey, SplitRole> _roles;

    /// <summary>Objects of which something is held out.</summary>
    private readonly HashSet<GroupKey> _heldOut;

    public Split(Seed seed, IEnumerable<KeyValuePair<GroupKey, SplitRole>> roles, SplitLevel level = SplitLevel.Item)
    {
        Seed = seed;
        Level = level;
        _roles = new SortedDictionary<GroupKey, SplitRole>(new Dictionary<GroupKey, SplitRole>(roles));
        _heldOut = [.. _roles.Where(r => r.Value != SplitRole.Train).Select(r => r.Key.Whole)];
        // By item as it was before there were other levels, so that runs of then know their split.
        Hash = Fingerprint.Of(_roles.Select(r => level == SplitLevel.Item
            ? $"{r.Key.Part}\t{r.Key.Item}\t{Text.Of(r.Value)}"
            : $"{r.Key.Part}\t{r.Key.Item}\t{r.Key.Session}\t{r.Key.Sweep}\t{Text.Of(r.Value)}"));
    }

    /// <summary>What the held-out groups were drawn from.</summary>
    public Seed Seed { get; }

    /// <summary>What its groups are.</summary>
    public SplitLevel Level { get; }

    /// <summary>The role of each photographed group, in order.</summary>
    public IReadOnlyDictionary<GroupKey, SplitRole> Roles => _roles;

    /// <summary>SHA-256 in lower-case hexadecimal over the roles of all groups: equal for equal splits.</summary>
    public string Hash { get; }

    /// <summary>The same split with other roles.</summary>
    public Split With(IEnumerable<KeyValuePair<GroupKey, SplitRole>> roles) => new(Seed, roles, Level);

    /// <summary>The group that a frame goes with.</summary>
    public GroupKey KeyOf(FrameLabels frame) => GroupKey.Of(frame, Level);

    /// <summary>
    /// A frame's role, or null if its group came after the split was made. Rendered frames are only ever trained on; those of an
    /// item of which anything is held out have no role, since what is cut out of its photographs shows it.
    /// </summary>
    public SplitRole? RoleOf(FrameLabels frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return frame.Source == FrameSource.Rendered ? _heldOut.Contains(GroupKey.Of(frame)) ? null : SplitRole.Train
            : _roles.TryGetValue(KeyOf(frame), out SplitRole known) ? known : null;
    }
}
