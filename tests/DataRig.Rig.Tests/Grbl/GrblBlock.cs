using System.Globalization;
using System.Text.RegularExpressions;

namespace DataRig.Rig.Tests.Grbl;

/// <summary>A line of G-code as grbl 1.1's parser reads it: its words, its modes, and what of it alone is an error.</summary>
internal sealed partial class GrblBlock
{
    /// <summary>The words that are no command, by letter.</summary>
    public Dictionary<char, float> Words { get; } = [];

    public int? Motion { get; private set; }

    public int? WorkSystem { get; private set; }

    public bool? Inches { get; private set; }

    public bool? Absolute { get; private set; }

    public bool? Spindle { get; private set; }

    public bool InMachine { get; private set; }

    public bool Dwells { get; private set; }

    public bool Moves => "XYZ".Any(Words.ContainsKey);

    /// <returns>Grbl's number of the error, or 0.</returns>
    public static (int Error, GrblBlock Block) Read(string text)
    {
        GrblBlock block = new();
        HashSet<string> groups = [];
        int error = 0;
        for (int at = 0; at < text.Length && error == 0;)
        {
            Match number = Number().Match(text, at + 1);
            error = !char.IsAsciiLetterUpper(text[at]) ? 1 : !number.Success ? 2 : block.Take(text[at], float.Parse(number.Value, CultureInfo.InvariantCulture), groups);
            at += 1 + number.Length;
        }

        return (error != 0 ? error : block.Together(), block);
    }

    private int Take(char letter, float value, HashSet<string> groups)
    {
        string group;
        switch (letter + value.ToString(CultureInfo.InvariantCulture))
        {
            case "G0" or "G1":
                (group, Motion) = ("motion", (int)value);
                break;
            case "G4":
                (group, Dwells) = ("once", true);
                break;
            case "G53":
                (group, InMachine) = ("once", true);
                break;
            case "G20" or "G21":
                (group, Inches) = ("units", value == 20);
                break;
            case "G90" or "G91":
                (group, Absolute) = ("distance", value == 90);
                break;
            case "G94":
                group = "feed";
                break;
            case "G17":
                group = "plane";
                break;
            case "G54" or "G55" or "G56" or "G57" or "G58" or "G59":
                (group, WorkSystem) = ("system", (int)value);
                break;
            case "M3" or "M4" or "M5":
                (group, Spindle) = ("spindle", value != 5);
                break;
            default:
                return letter is not ('F' or 'P' or 'S' or 'T' or 'X' or 'Y' or 'Z' or 'N') ? 20
                    : letter is 'F' or 'P' or 'S' or 'T' && value < 0 ? 4
                    : Words.TryAdd(letter, value) ? 0 : 25;
        }

        return groups.Add(group) ? 0 : 21;
    }

    /// <summary>What is wrong with words that are right one by one.</summary>
    private int Together() =>
        Words.TryGetValue('T', out float tool) && tool > 255 ? 38
        : tool != MathF.Floor(tool) ? 23
        : Dwells && Moves ? 31
        : Dwells && !Words.ContainsKey('P') ? 28
        : !Dwells && Words.ContainsKey('P') ? 36
        : 0;

    [GeneratedRegex(@"\G[+-]?(\d+\.?\d*|\.\d+)")]
    private static partial Regex Number();
}
