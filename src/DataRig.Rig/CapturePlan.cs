using System.ComponentModel.DataAnnotations;
using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig.Rig;

/// <summary>What to capture: which items of which parts, in how many poses, at which stops of a turn, under which lights.</summary>
public sealed record CapturePlan : IValidatedOptions
{
    /// <summary>
    /// Part to the names of its items, such as <c>"3001": ["red", "blue"]</c>. More items prove more. Items of the part
    /// <c>nothing</c> are the empty table, photographed once each and in no pose.
    /// </summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Items { get; init; }

    /// <summary>In how many poses each item is photographed, one sweep a pose.</summary>
    [Range(1, 20)]
    public int PosesPerItem { get; init; } = 2;

    /// <summary>Which of these poses are photographed, numbered from 0, such as those that a frame is wanted again in; empty photographs all.</summary>
    public IReadOnlyList<int> Poses { get; init; } = [];

    /// <summary>What these poses are called when the session asks for them, such as <c>["studs up", "on its side"]</c>; empty says "another way up".</summary>
    public IReadOnlyList<string> PoseNames { get; init; } = [];

    /// <summary>Even stops in one turn of the table.</summary>
    [Range(1, 3600)]
    public int StopsPerSweep { get; init; } = 16;

    /// <summary>Which of these stops are photographed, numbered from 0 at the mark, such as those at which a model was weak; empty photographs all.</summary>
    public IReadOnlyList<int> Turns { get; init; } = [];

    /// <summary>The camera's angles above the table at which each sweep is shot, for a rig with an elevation arm; empty leaves the camera where it is.</summary>
    public IReadOnlyList<double> ElevationsDegrees { get; init; } = [];

    /// <summary>
    /// The light settings under which every stop is shot: a name, and in it each light's level from 0 to 1, such as
    /// <c>"dim": {"ring": 0.3}</c>. Lights that a setting does not name are off; empty is one setting with every light full.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Lights { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, double>>();

    /// <summary>Whether the empty table is photographed first, so that parts can be cut out against it.</summary>
    public bool Plates { get; init; } = true;

    /// <summary>What pictures must be to become frames.</summary>
    public ShotGateOptions Gate { get; init; } = new();

    /// <summary>How often a shot that fails its check is taken again.</summary>
    [Range(0, 20)]
    public int RetriesPerShot { get; init; } = 3;

    /// <summary>How long a lost board or position is looked for before the session asks for help.</summary>
    [Range(0, 3600)]
    public int RecoverySeconds { get; init; } = 60;

    /// <summary>The sweeps in the order they are made: all items in their first pose, then all in their second.</summary>
    public IReadOnlyList<Sweep> Sweeps() =>
    [
        .. PosesInOrder()
            .SelectMany((pose, round) => Items.Where(i => round == 0 || !IsNothing(i.Key)).OrderBy(i => i.Key, StringComparer.Ordinal)
                .SelectMany(part => part.Value.Select(item => new Placement(new PartId(part.Key), new ItemId($"{part.Key}-{item}"), pose, PosesPerItem, PoseNames.ElementAtOrDefault(pose)))))
            .Select((placement, index) => new Sweep(index, placement)),
    ];

    /// <summary>The stops of one sweep in the order they are made: lights change faster than the table turns, the table faster than the arm lifts.</summary>
    public IReadOnlyList<Stop> Stops()
    {
        double?[] elevations = ElevationsDegrees.Count == 0 ? [null] : [.. ElevationsDegrees.Select(e => (double?)e)];
        string?[] lights = Lights.Count == 0 ? [null] : [.. Lights.Keys];
        return
        [
            .. elevations.SelectMany(e => TurnsInOrder().SelectMany(turn => lights.Select(light => (e, turn, light))))
                .Select((stop, index) => new Stop(index, stop.turn, stop.e, stop.light)),
        ];
    }

    /// <summary>Frames in the whole plan.</summary>
    public int FrameCount() => Items.Sum(i => i.Value.Count * (IsNothing(i.Key) ? 1 : PosesInOrder().Length)) * TurnsInOrder().Length * Math.Max(1, Lights.Count) * Math.Max(1, ElevationsDegrees.Count);

    private static bool IsNothing(string part) => part == PartId.Nothing.Value;

    private int[] PosesInOrder() => Poses.Count == 0 ? [.. Enumerable.Range(0, PosesPerItem)] : [.. Poses.Order()];

    private int[] TurnsInOrder() => Turns.Count == 0 ? [.. Enumerable.Range(0, StopsPerSweep)] : [.. Turns.Order()];

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (Items.Count == 0)
        {
            yield return ("items", "expected at least one part with its items");
        }

        foreach ((string part, IReadOnlyList<string> items) in Items)
        {
            if (part.Length == 0 || items.Any(string.IsNullOrWhiteSpace))
            {
                yield return ("items", $"part \"{part}\": a part and its items have names of at least one character");
            }
            else if (items.Count == 0)
            {
                yield return ("items", $"part \"{part}\" has no item; name each brick of it that you will photograph");
            }
            else if (items.Distinct(StringComparer.Ordinal).Count() != items.Count)
            {
                yield return ("items", $"part \"{part}\" names an item twice; each physical brick has a name of its own");
            }
        }

        if (Poses.Any(p => p < 0 || p >= PosesPerItem) || Poses.Distinct().Count() != Poses.Count)
        {
            yield return ("poses", $"expected different numbers from 0 to {PosesPerItem - 1}, for \"posesPerItem\" is {PosesPerItem}");
        }

        if (PoseNames.Count > 0 && PoseNames.Count != PosesPerItem)
        {
            yield return ("poseNames", $"expected as many names as \"posesPerItem\" says, {PosesPerItem}, found {PoseNames.Count}");
        }

        if (Turns.Any(t => t < 0 || t >= StopsPerSweep) || Turns.Distinct().Count() != Turns.Count)
        {
            yield return ("turns", $"expected different numbers from 0 to {StopsPerSweep - 1}, for \"stopsPerSweep\" is {StopsPerSweep}");
        }

        if (ElevationsDegrees.Any(e => !(e is >= -90 and <= 90)) || ElevationsDegrees.Distinct().Count() != ElevationsDegrees.Count)
        {
            yield return ("elevationsDegrees", "expected different angles from -90 to 90");
        }

        foreach ((string setting, IReadOnlyDictionary<string, double> levels) in Lights)
        {
            if (setting.Length == 0 || setting.Any(char.IsControl))
            {
                yield return ("lights", "a light setting has a name of at least one character");
            }
            else if (levels.FirstOrDefault(l => !(l.Value is >= 0 and <= 1)) is { Key: not null } wrong)
            {
                yield return ("lights", $"setting \"{setting}\": the level of \"{wrong.Key}\" lies from 0 to 1, found {wrong.Value}");
            }
        }
    }
}

/// <summary>One turn of the table with one item on it.</summary>
/// <param name="Index">Its place in the session, from 0.</param>
/// <param name="Placement">What lies on the table.</param>
public sealed record Sweep(int Index, Placement Placement);

/// <summary>One picture of a sweep.</summary>
/// <param name="Index">Its place in the sweep, from 0.</param>
/// <param name="Turn">Which of the even stops of a turn, from 0.</param>
/// <param name="ElevationDegrees">Where the camera's arm is to be; null leaves it.</param>
/// <param name="Light">The light setting's name; null where there is only one.</param>
public sealed record Stop(int Index, int Turn, double? ElevationDegrees, string? Light);
