using System.Text.RegularExpressions;
using DataRig.Core.Configuration;

namespace DataRig.Rig.Marlin;

/// <summary>How a Marlin board is wired.</summary>
public sealed partial record MarlinOptions : IValidatedOptions
{
    /// <summary>The axis socket that the table's motor is plugged into: X, Y, Z, or another letter that the firmware has.</summary>
    public string Table { get; init; } = "X";

    /// <summary>The axis socket of the arm's motor.</summary>
    public string Elevation { get; init; } = "Y";

    /// <summary>Whether the table has a switch that G28 finds.</summary>
    public bool IndexSwitch { get; init; }

    /// <summary>How each light is dimmed: <c>M106 P0</c> for a fan output, <c>M42 P4</c> for a pin, <c>M355</c> for the case light.</summary>
    public IReadOnlyList<string> Lights { get; init; } = [];

    internal char Letter(Axis axis) => (axis == Axis.Table ? Table : Elevation)[0];

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (!AxisLetter().IsMatch(Table))
        {
            yield return ("table", $"expected an axis letter X, Y, Z, A, B, C, U, V or W, found \"{Table}\"");
        }

        if (!AxisLetter().IsMatch(Elevation) || Elevation == Table)
        {
            yield return ("elevation", $"expected another axis letter than the table's, X, Y, Z, A, B, C, U, V or W, found \"{Elevation}\"");
        }

        foreach (string light in Lights.Where(l => !LightCommand().IsMatch(l)))
        {
            yield return ("lights", $"expected \"M106 P0\" (a fan output), \"M42 P4\" (a pin) or \"M355\" (the case light), found \"{light}\"");
        }
    }

    [GeneratedRegex("^[XYZABCUVW]$")]
    private static partial Regex AxisLetter();

    [GeneratedRegex(@"^(M106( P\d{1,2})?|M42 P\d{1,3}|M355)$")]
    private static partial Regex LightCommand();
}
