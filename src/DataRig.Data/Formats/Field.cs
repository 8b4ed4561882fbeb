using System.Globalization;
using System.Text.Json;
using DataRig.Core;
using DataRig.Data.Storage;

namespace DataRig.Data.Formats;

/// <summary>A label that few formats have a key of their own for: how it is written as text, and read back.</summary>
/// <param name="Key">Its key, column or attribute.</param>
/// <param name="Numeric">Whether the text is a number, which JSON writes as one.</param>
/// <param name="Get">The text; null where there is nothing to say.</param>
/// <param name="Set">Reads the text; throws <see cref="FormatException"/> or <see cref="ArgumentException"/> where it cannot.</param>
internal sealed record Field<T>(string Key, bool Numeric, Func<T, string?> Get, Func<T, string, T> Set);

/// <summary>The fields of frames and annotations: formats with room for keys of ours take them all.</summary>
internal static class Fields
{
    /// <summary>The object, element or column prefix that ours stand under in formats that have keys of their own.</summary>
    public const string Group = "datarig";

    public static readonly Field<FormatFrame>[] OfFrame =
    [
        new("part", false, f => f.Part.Value, (f, v) => f with { Part = new PartId(v) }),
        new("item", false, f => f.Item.Value, (f, v) => f with { Item = new ItemId(v) }),
        new("split", false, f => f.Subset, (f, v) => f with { Role = FormatFrame.RoleOf(v) ?? throw new FormatException("expected train, val or test") }),
        new("source", false, f => Text.Of(f.Source), (f, v) => f with { Source = Enum.TryParse(v, true, out FrameSource source) && Text.Of(source) == v ? source : throw new FormatException("expected captured, rendered or imported") }),
        new("origin", false, f => f.Origin, (f, v) => f with { Origin = v }),
        new("session", false, f => f.Session?.Value, (f, v) => f with { Session = new SessionId(v) }),
        new("sweep", true, f => f.Sweep?.ToString(CultureInfo.InvariantCulture), (f, v) => f with { Sweep = Whole(v) }),
        new("stop", true, f => f.Stop?.ToString(CultureInfo.InvariantCulture), (f, v) => f with { Stop = Whole(v) }),
        new("pose", false, f => f.Pose, (f, v) => f with { Pose = v }),
        new("azimuthDegrees", true, f => Of(f.AzimuthDegrees), (f, v) => f with { AzimuthDegrees = Number(v) }),
        new("elevationDegrees", true, f => Of(f.ElevationDegrees), (f, v) => f with { ElevationDegrees = Number(v) }),
        new("light", false, f => f.Light, (f, v) => f with { Light = v }),
        new("marks", false, f => f.Marks.Count == 0 ? null : string.Join('\n', f.Marks), (f, v) => f with { Marks = v.Split('\n') }),
        new("metadata", false, f => f.Metadata.Count == 0 ? null : JsonSerializer.Serialize(f.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal).ToDictionary()), (f, v) => f with { Metadata = Metadata(v) }),
        new("intrinsics", false, f => NumberList.Of(f.Intrinsics), (f, v) => f with { Intrinsics = NumberList.ToIntrinsics(v) }),
    ];

    /// <summary>The same, and what a frame is known by that goes to people who correct it and comes back.</summary>
    public static readonly Field<FormatFrame>[] OfSent =
    [
        .. OfFrame,
        new("picture", false, f => f.Hash.Length == 0 ? null : f.Hash, (f, v) => f with { Hash = v }),
        new("labels", false, f => f.Sent, (f, v) => f with { Sent = v }),
    ];

    public static readonly Field<Annotation>[] OfAnnotation =
    [
        new("item", false, a => a.Item.Value, (a, v) => a with { Item = new ItemId(v) }),
        new("visible", true, a => a.VisibleFraction == 1 ? null : Of(a.VisibleFraction), (a, v) => a with { VisibleFraction = Number(v) }),
        new("truncated", true, a => a.Truncated ? "1" : null, (a, v) => a with { Truncated = Whole(v) != 0 }),
        new("truncatedFraction", true, a => Of(a.TruncatedFraction), (a, v) => a with { TruncatedFraction = Number(v) }),
        new("amodalBox", false, a => a.AmodalBox is { } b ? string.Join(' ', Of(b.X), Of(b.Y), Of(b.Width), Of(b.Height)) : null, (a, v) => a with { AmodalBox = ToBox(v) }),
        new("poseInCamera", false, a => NumberList.Of(a.PoseInCamera), (a, v) => a with { PoseInCamera = NumberList.ToPose(v) }),
        new("poseOnTable", false, a => NumberList.Of(a.PoseOnTable), (a, v) => a with { PoseOnTable = NumberList.ToPose(v) }),
        new("quality", true, a => Of(a.Quality), (a, v) => a with { Quality = Number(v) }),
    ];

    /// <summary>What there is to say, by key.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of<T>(Field<T>[] fields, T value) =>
        from field in fields let text = field.Get(value) where text is not null select KeyValuePair.Create(field.Key, text);

    /// <summary>Fills in what texts say, noting those that cannot be read; unknown keys are another program's.</summary>
    /// <param name="problem">Told of each text that cannot be read.</param>
    public static T Fill<T>(Field<T>[] fields, T value, IEnumerable<KeyValuePair<string, string>> texts, Action<string> problem)
    {
        foreach ((string key, string text) in texts)
        {
            if (Array.Find(fields, f => f.Key == key) is not { } field || text.Length == 0)
            {
                continue;
            }

            try
            {
                value = field.Set(value, text);
            }
            catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or JsonException)
            {
                problem($"{key} cannot be \"{Short(text)}\"{(e is FormatException { Message: var why } && why.StartsWith("expected", StringComparison.Ordinal) ? $" ({why})" : "")}");
            }
        }

        return value;
    }

    public static string? Of(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    public static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : throw new FormatException("expected a number");

    public static string Short(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private static int Whole(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : throw new FormatException("expected a whole number");

    private static Box ToBox(string text) => text.Split(' ').Select(Number).ToArray() is [var x, var y, var width, var height] ? new Box(x, y, width, height) : throw new FormatException("expected four numbers");

    private static Dictionary<string, string> Metadata(string text) => JsonSerializer.Deserialize<Dictionary<string, string>>(text) ?? throw new FormatException("expected a JSON object of texts");
}
