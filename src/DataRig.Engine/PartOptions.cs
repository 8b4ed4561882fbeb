using System.ComponentModel.DataAnnotations;
using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig.Engine;

/// <summary>A part by its name and shape; a brick that the engine makes itself goes by its name alone (<c>"3001"</c>).</summary>
public sealed record PartOptions : IConfigurationShorthand<PartOptions>, IValidatedOptions
{
    /// <summary>The class that its pictures are labelled with.</summary>
    public required string Name { get; init; }

    public required ShapeOptions Shape { get; init; }

    /// <summary>The names of the scene's materials that it comes in; all of them unless given.</summary>
    public IReadOnlyList<string> Materials { get; init; } = [];

    /// <summary>How often it is drawn against the others.</summary>
    [Range(0.001, 1000)]
    public double Weight { get; init; } = 1;

    internal PartId Part => new(Name);

    /// <summary>A brick that the engine makes itself.</summary>
    public static PartOptions Of(PartId brick) => new() { Name = brick.Value, Shape = new BrickOptions { Name = brick.Value } };

    public static bool TryRead(string text, out PartOptions? value, out string expected)
    {
        expected = $"one of the parts {BrickOptions.Names}, or {{\"name\": ..., \"shape\": ...}}";
        value = PartLibrary.Bricks.Parts.Contains(new PartId(text)) ? Of(new PartId(text)) : null;
        return value is not null;
    }

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (Name.Length is 0 or > 64 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || Name.All(c => c == '.'))
        {
            yield return ("name", "a part's name is 1 to 64 letters, digits, \"-\", \"_\" and \".\"");
        }
    }
}
