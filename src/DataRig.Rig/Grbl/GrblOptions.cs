using System.Text.RegularExpressions;
using DataRig.Core.Configuration;

namespace DataRig.Rig.Grbl;

/// <summary>How a grbl board is wired.</summary>
public sealed partial record GrblOptions : IValidatedOptions
{
    /// <summary>The axis socket that the table's motor is plugged into: X, Y or Z.</summary>
    public string Table { get; init; } = "X";

    /// <summary>The axis socket of the arm's motor.</summary>
    public string Elevation { get; init; } = "Y";

    /// <summary>Whether the table has a switch that grbl's homing cycle finds; its settings $22 to $27 must be right for it.</summary>
    public bool IndexSwitch { get; init; }

    /// <summary>Whether a light hangs at the spindle's PWM pin.</summary>
    public bool SpindleLight { get; init; }

    internal int Index(Axis axis) => "XYZ".IndexOf(axis == Axis.Table ? Table : Elevation, StringComparison.Ordinal);

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (!AxisLetter().IsMatch(Table))
        {
            yield return ("table", $"expected an axis letter X, Y or Z, found \"{Table}\"");
        }

        if (!AxisLetter().IsMatch(Elevation) || Elevation == Table)
        {
            yield return ("elevation", $"expected another axis letter than the table's, X, Y or Z, found \"{Elevation}\"");
        }
    }

    [GeneratedRegex("^[XYZ]$")]
    private static partial Regex AxisLetter();
}
