using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataRig.Rig.Cameras;

/// <summary>
/// What rpicam-still writes with <c>--metadata</c>: JSON as a rule, but with libcamera's own notation inside, which a JSON
/// reader refuses (<c>nan</c>, <c>(0, 0)/4056x3040</c>). So each <c>"Name": value</c> is read on its own, and what does not fit is left out.
/// </summary>
internal static partial class RpicamMetadata
{
    private const int MostCharacters = 64 * 1024;

    public static IReadOnlyDictionary<string, string> Parse(ReadOnlySpan<byte> file)
    {
        Dictionary<string, string> values = [];
        string text = Encoding.UTF8.GetString(file[..Math.Min(file.Length, MostCharacters)]);
        foreach (Match found in Entry().Matches(text))
        {
            values[found.Groups["name"].Value] = found.Groups["value"].Value.Trim().Trim('"');
        }

        return values;
    }

    /// <summary>A number, or one of a list of them as <c>[ 1.5, 2.1 ]</c>; null where there is none.</summary>
    public static double? Number(IReadOnlyDictionary<string, string> metadata, string name, int index = 0) =>
        metadata.TryGetValue(name, out string? value)
        && value.Trim('[', ']', ' ').Split(',') is { } parts && index < parts.Length
        && double.TryParse(parts[index], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;

    [GeneratedRegex("""
        "(?<name>\w{1,64})"\s*:\s*(?<value>"[^"\n]{0,256}"|\[[^\]\n]{0,512}\]|[^\[\]",{}\n]{1,64})
        """, RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Entry();
}
