using System.Globalization;
using System.Text.RegularExpressions;

namespace DataRig.Rig.Marlin;

/// <summary>Reads the reports that a Marlin board gives: where it stands (M114), its scale (M92, M503), who it is (M115).</summary>
internal static partial class MarlinReport
{
    /// <summary>
    /// The motor's count from <c>X:10.00 Y:... Count X:800 Y:...</c>. The line has no checksum, but it says the place twice;
    /// where the two do not agree it was spoiled on the way.
    /// </summary>
    /// <param name="letter">The axis.</param>
    /// <param name="microstepsPerUnit">The board's scale; <see langword="null"/> takes the count without the check.</param>
    /// <returns>Microsteps, or null where this is no such line or not a whole one.</returns>
    public static long? Count(string line, char letter, double? microstepsPerUnit)
    {
        int count = line.IndexOf("Count", StringComparison.Ordinal);
        if (count < 0 || Number(line[..count], letter) is not double place || Number(line[count..], letter) is not double steps || steps != Math.Floor(steps) || Math.Abs(steps) > int.MaxValue)
        {
            return null;
        }

        // The place has two decimals at least, and comes from a float of 24 bits: where a spoiled line led far away, it is coarse.
        bool agree = microstepsPerUnit is not double scale || Math.Abs((place * scale) - steps) <= 1 + (0.0051 * scale) + (Math.Abs(steps) / (1 << 23));
        return agree ? (long)steps : null;
    }

    /// <summary>Microsteps in one unit from <c>M92 X80.00 Y80.00 ...</c>, with or without <c>echo:</c> before it; null in any other line.</summary>
    public static double? Scale(string line, char letter)
    {
        int at = line.IndexOf("M92 ", StringComparison.Ordinal);
        return at >= 0 && Regex.Match(line[at..], $@" {letter}(\d{{1,7}}(\.\d{{1,6}})?)(?![\d.])") is { Success: true } found
            && double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) is var scale and > 0 and <= 100_000 ? scale : null;
    }

    /// <summary>Whether an axis' switch is met, from M119's <c>x_min: TRIGGERED</c> or <c>x_max: open</c>; null in any other line.</summary>
    public static bool? Switch(string line, char letter) =>
        Regex.Match(line, $@"^{char.ToLowerInvariant(letter)}_(?:min|max): (TRIGGERED|open)$") is { Success: true } found ? found.Groups[1].Value == "TRIGGERED" : null;

    /// <summary>The board's name from M115's answer, such as <c>Marlin 2.1.2</c>; null in any other line.</summary>
    public static string? Firmware(string line) => Name().Match(line) is { Success: true } found ? found.Groups[1].Value.Trim() : null;

    private static double? Number(string text, char letter) =>
        Regex.Match(text, $@"(?<![A-Za-z]){letter}: *(-?\d{{1,10}}(\.\d{{1,6}})?)(?![\d.])") is { Success: true } found
            ? double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"FIRMWARE_NAME:\s*(.+?)(?:\s+(?:SOURCE_CODE_URL|FIRMWARE_URL|PROTOCOL_VERSION|MACHINE_TYPE)\b.*)?$")]
    private static partial Regex Name();
}
