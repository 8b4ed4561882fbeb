using System.ComponentModel.DataAnnotations;
using DataRig.Core.Configuration;

namespace DataRig.Engine;

/// <summary>What a prop's place is reckoned from.</summary>
public enum PropFrame
{
    /// <summary>The room: z up, the table's axis at x = y = 0.</summary>
    World,

    /// <summary>The table's upper side; it turns with the table.</summary>
    Table,

    /// <summary>The room as the camera has gone around it: -y always points to the camera's side.</summary>
    Camera,
}

/// <summary>
/// Something that stands about and is no part: it is drawn, hides what lies behind it and throws a shadow on the
/// table, and has no label. Without a shape it only holds others.
/// </summary>
public sealed record PropOptions : IValidatedOptions
{
    /// <summary>Draws go by it.</summary>
    public required string Name { get; init; }

    /// <summary>The prop that it hangs on: its place is reckoned from that one's, turned as that one is.</summary>
    public string? Parent { get; init; }

    public PropFrame Frame { get; init; }

    public ShapeOptions? Shape { get; init; }

    public SurfaceOptions Surface { get; init; } = new();

    /// <summary>How many there are, each with draws of its own.</summary>
    [Range(0, 16)]
    public Distribution Count { get; init; } = 1;

    [Range(-3000, 3000)]
    public Distribution XMm { get; init; } = 0;

    [Range(-3000, 3000)]
    public Distribution YMm { get; init; } = 0;

    [Range(-3000, 3000)]
    public Distribution ZMm { get; init; } = 0;

    /// <summary>Around x, first of the three: 90 tips what stands upright onto its front's side.</summary>
    [Range(-360, 360)]
    public Distribution TiltDegrees { get; init; } = 0;

    /// <summary>Around y, second.</summary>
    [Range(-360, 360)]
    public Distribution RollDegrees { get; init; } = 0;

    /// <summary>Around z, last, counter-clockwise from above.</summary>
    [Range(-360, 360)]
    public Distribution YawDegrees { get; init; } = 0;

    public bool CastsShadow { get; init; } = true;

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (Parent is not null && Frame != PropFrame.World)
        {
            yield return ("frame", "a prop that hangs on another has that one's frame");
        }
    }

    /// <summary>What is wrong between props: names, parents, rings of parents.</summary>
    internal static IEnumerable<string> Problems(IReadOnlyList<PropOptions> props)
    {
        foreach (string twice in props.CountBy(p => p.Name).Where(n => n.Value > 1).Select(n => n.Key))
        {
            yield return $"two props are named \"{twice}\"; draws go by name, so names must differ";
        }

        foreach (PropOptions prop in props.Where(p => p.Parent is not null))
        {
            PropOptions? parent = props.FirstOrDefault(p => p.Name == prop.Parent);
            if (parent is null)
            {
                yield return $"the prop \"{prop.Name}\" hangs on \"{prop.Parent}\", which is no prop of the scene";
            }
            else if (parent.Count is not { Low: 1, High: 1 })
            {
                yield return $"the prop \"{prop.Name}\" hangs on \"{parent.Name}\", of which there is not always one";
            }

            List<string> chain = [prop.Name];
            while (parent is not null && !chain.Contains(parent.Name))
            {
                chain.Add(parent.Name);
                parent = props.FirstOrDefault(p => p.Name == parent.Parent);
            }

            if (parent?.Name == prop.Name)
            {
                yield return $"the prop \"{prop.Name}\" hangs on itself: {string.Join(" on ", chain.Append(prop.Name).Select(n => $"\"{n}\""))}";
            }
        }
    }
}
