using System.Globalization;
using DataRig.Core;
using DataRig.Data.Formats;
using DataRig.Data.Storage;

namespace DataRig.Data;

/// <summary>
/// Which frames, in words such as <c>part=3001,3003 source=captured azimuth=0..90 split=test</c>: a condition a key, several values
/// of it divided by commas, and all conditions must hold.
/// </summary>
public sealed class FrameQuery
{
    private readonly List<Func<FrameRecord, Split?, bool>> _conditions = [];

    private FrameQuery()
    {
    }

    /// <summary>The keys, for help texts.</summary>
    public const string Keys = "part, item, session, split (train, val, test), source (captured, rendered, imported), azimuth (FROM..TO in degrees), review (reviewed, unreviewed)";

    /// <summary>Whether it asks for a role, so that there must be a split.</summary>
    public bool NeedsSplit { get; private set; }

    /// <exception cref="WorkFailedException">A condition cannot be read.</exception>
    public static FrameQuery Parse(IEnumerable<string> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        FrameQuery query = new();
        foreach (string condition in conditions)
        {
            int at = condition.IndexOf('=', StringComparison.Ordinal);
            string[] values = at < 0 ? [] : condition[(at + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            string key = at < 0 ? condition : condition[..at].Trim();
            if (values.Length == 0)
            {
                throw new WorkFailedException($"\"{condition}\" is no condition; expected KEY=VALUE, the keys being {Keys}.");
            }

            query._conditions.Add(key switch
            {
                "part" => (f, _) => values.Contains(f.Part.Value),
                "item" => (f, _) => values.Contains(f.Item.Value),
                "session" => (f, _) => f.Session is { } session && values.Contains(session.Value),
                "split" => query.BySplit(values),
                "source" => BySource(values),
                "review" => ByReview(values),
                "azimuth" => ByAzimuth(values),
                _ => throw new WorkFailedException($"There is no key \"{key}\" to choose frames by; the keys are {Keys}."),
            });
        }

        return query;
    }

    /// <summary>Whether a frame is one of them.</summary>
    public bool Holds(FrameRecord frame, Split? split) => _conditions.TrueForAll(c => c(frame, split));

    private Func<FrameRecord, Split?, bool> BySplit(string[] values)
    {
        NeedsSplit = true;
        HashSet<SplitRole> roles = [.. values.Select(v => FormatFrame.RoleOf(v) ?? throw Unknown("split", v, "train, val or test"))];
        return (f, split) => split?.RoleOf(f) is { } role && roles.Contains(role);
    }

    private static Func<FrameRecord, Split?, bool> BySource(string[] values)
    {
        HashSet<FrameSource> sources = [.. values.Select(v => One<FrameSource>(v) ?? throw Unknown("source", v, "captured, rendered or imported"))];
        return (f, _) => sources.Contains(f.Source);
    }

    private static Func<FrameRecord, Split?, bool> ByReview(string[] values)
    {
        HashSet<ReviewState> states = [.. values.Select(v => One<ReviewState>(v) is { } state and not ReviewState.Trashed ? state : throw Unknown("review", v, "reviewed or unreviewed"))];
        return (f, _) => states.Contains(f.Review);
    }

    /// <summary>Spans may go through 0: 350..10 is twenty degrees wide.</summary>
    private static Func<FrameRecord, Split?, bool> ByAzimuth(string[] values)
    {
        (double From, double To)[] spans = [.. values.Select(v => v.Split("..") is [var from, var to] && Degrees(from) is { } a && Degrees(to) is { } b ? (a, b) : throw Unknown("azimuth", v, "FROM..TO in degrees from 0 to 360, such as 350..10"))];
        return (f, _) => f.AzimuthDegrees is { } azimuth && spans.Any(s => s.From <= s.To ? azimuth >= s.From && azimuth <= s.To : azimuth >= s.From || azimuth <= s.To);
    }

    private static double? Degrees(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double degrees) && degrees is >= 0 and <= 360 ? degrees : null;

    private static T? One<T>(string text)
        where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(v => Text.Of(v!.Value) == text.ToLowerInvariant());

    private static WorkFailedException Unknown(string key, string value, string expected) => new($"{key} cannot be \"{value}\"; expected {expected}.");
}
