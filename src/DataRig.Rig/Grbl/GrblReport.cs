using System.Globalization;
using System.Text.RegularExpressions;

namespace DataRig.Rig.Grbl;

/// <summary>Reads what a grbl board tells about itself: settings (<c>$$</c>), version (<c>$I</c>), parser state (<c>$G</c>).</summary>
internal static partial class GrblReport
{
    /// <returns>The setting's number and value from <c>$100=250.000</c>; null in any other line.</returns>
    public static (int Number, double Value)? Setting(string line) =>
        SettingLine().Match(line.Trim()) is { Success: true } found
            ? (int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(found.Groups[2].Value, CultureInfo.InvariantCulture))
            : null;

    /// <returns>Such as <c>Grbl 1.1h</c> from <c>[VER:1.1h.20190825:]</c>; null in any other line.</returns>
    public static string? Firmware(string line) => VersionLine().Match(line.Trim()) is { Success: true } found ? $"Grbl {found.Groups[1].Value}" : null;

    /// <returns>The work coordinate system (54 to 59), the tool, and the spindle's speed where it turns, from <c>[GC:G0 G54 ... T0 F0 S0]</c>; null in any other line.</returns>
    public static (int WorkSystem, int Tool, double Spindle)? ParserState(string line) =>
        ParserLine().Match(line.Trim()) is { Success: true } found
            ? (int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture),
                int.Parse(found.Groups[3].Value, CultureInfo.InvariantCulture),
                found.Groups[2].Value == "5" ? 0 : double.Parse(found.Groups[4].Value, CultureInfo.InvariantCulture))
            : null;

    [GeneratedRegex(@"^\$(\d{1,3})=(-?\d{1,9}(?:\.\d{1,6})?)$")]
    private static partial Regex SettingLine();

    [GeneratedRegex(@"^\[VER:(\d\.\d\w?)\b.*\]$")]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"^\[GC:G\S+ G(5[4-9]) .*\bM([345]) .*\bT(\d{1,3}) F\S+ S(\d{1,6}(?:\.\d{1,3})?)\]$")]
    private static partial Regex ParserLine();
}
