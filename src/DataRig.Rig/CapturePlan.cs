using System.ComponentModel.DataAnnotations;
using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig.Rig;

/// <summary>What to capture: which items of which parts, in how many poses, at how many stops of a turn.</summary>
public sealed record CapturePlan : IValidatedOptions
{
    /// <summary>Part to the names of its items, such as <c>"3001": ["red", "blue"]</c>. More items prove more.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Items { get; init; }

    /// <summary>In how many poses each item is photographed, one sweep a pose.</summary>
    [Range(1, 20)]
    public int PosesPerItem { get; init; } = 2;

    /// <summary>Even stops in one turn of the table.</summary>
    [Range(1, 3600)]
    public int StopsPerSweep { get; init; } = 16;

    /// <summary>The brightness of the lights during capture, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double LightLevel { get; init; } = 1;

    /// <summary>How often a shot that fails its check is taken again.</summary>
    [Range(0, 20)]
    public int RetriesPerShot { get; init; } = 3;

    /// <summary>The sweeps in the order they are made: all items in their first pose, then all in their second.</summary>
    public IReadOnlyList<Sweep> Sweeps() =>
    [
        .. Enumerable.Range(0, PosesPerItem)
            .SelectMany(pose => Items.OrderBy(i => i.Key, StringComparer.Ordinal)
                .SelectMany(part => part.Value.Select(item => new Placement(new PartId(part.Key), new ItemId($"{part.Key}-{item}"), pose, PosesPerItem))))
            .Select((placement, index) => new Sweep(index, placement)),
    ];

    /// <summary>Frames in the whole plan.</summary>
    public int FrameCount() => Items.Values.Sum(i => i.Count) * PosesPerItem * StopsPerSweep;

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
    }
}

/// <summary>One turn of the table with one item on it.</summary>
/// <param name="Index">Its place in the session, from 0.</param>
/// <param name="Placement">What lies on the table.</param>
public sealed record Sweep(int Index, Placement Placement);
