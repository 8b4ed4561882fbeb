using System.Globalization;
using System.Text.RegularExpressions;

namespace DataRig.Rig.Grbl;

/// <summary>
/// A status report, such as <c>&lt;Idle|MPos:1.250,0.000,0.000|FS:0,0&gt;</c>. It has no checksum: one alone proves nothing.
/// </summary>
/// <param name="State">Idle, Run, Hold, Jog, Alarm, Door, Check, Home or Sleep.</param>
/// <param name="Pins">The inputs that are met, such as <c>XP</c>: letters of axes for their switches.</param>
/// <param name="Places">Where the motors stand, X, Y, Z, in the board's units; null where the report tells places of the work, not of the machine.</param>
internal sealed partial record GrblStatus(string State, string Pins, IReadOnlyList<double>? Places)
{
    private static readonly string[] States = ["Idle", "Run", "Hold", "Jog", "Alarm", "Door", "Check", "Home", "Sleep"];

    /// <returns>Null where this is no status report, or not a whole one.</returns>
    public static GrblStatus? Parse(string line)
    {
        string text = line.Trim();
        if (!text.StartsWith('<') || !text.EndsWith('>'))
        {
            return null;
        }

        string[] fields = text[1..^1].Split('|');
        string state = fields[0].Split(':')[0];
        if (!States.Contains(state))
        {
            return null;
        }

        string pins = fields.FirstOrDefault(f => f.StartsWith("Pn:", StringComparison.Ordinal))?[3..] ?? "";
        string? places = fields.FirstOrDefault(f => f.StartsWith("MPos:", StringComparison.Ordinal));
        if (places is null)
        {
            return fields.Any(f => f.StartsWith("WPos:", StringComparison.Ordinal)) ? new GrblStatus(state, pins, null) : null;
        }

        string[] numbers = places[5..].Split(',');
        return numbers.Length is >= 3 and <= 6 && numbers.All(n => Place().IsMatch(n))
            ? new GrblStatus(state, pins, [.. numbers.Select(n => double.Parse(n, CultureInfo.InvariantCulture))])
            : null;
    }

    [GeneratedRegex(@"^-?\d{1,10}\.\d{3}$")]
    private static partial Regex Place();
}
