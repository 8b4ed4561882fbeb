using System.Text.Json;
using System.Text.Json.Nodes;
using DataRig.Core.Configuration;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>What a sweep's trainings are compared by.</summary>
internal enum SweepMetric
{
    /// <summary>The share of frames of unseen items that are recognized.</summary>
    Accuracy,

    /// <summary>Macro F1 on the same.</summary>
    MacroF1,

    /// <summary>Macro F1 of the best epoch on validation items, which leaves the unseen ones for later.</summary>
    ValidationMacroF1,
}

/// <summary>A sweep: settings that vary, each combination trained once a seed.</summary>
internal sealed record SweepFile : IValidatedOptions
{
    /// <summary>One training each: another start of the network and other held-out items.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [1, 2, 3];

    public SweepMetric SortBy { get; init; } = SweepMetric.Accuracy;

    /// <summary>What all trainings have in common beside the configuration.</summary>
    public SweepChanges Base { get; init; } = new();

    /// <summary>By a name for people: values of the setting of that name, or named groups of settings.</summary>
    public required IReadOnlyDictionary<string, SweepAxis> Vary { get; init; }

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (Vary.Count == 0)
        {
            yield return ("vary", "nothing varies; name a setting and its values, such as {\"learningRate\": [0.001, 0.003]}");
        }

        if (Seeds.Count == 0 || Seeds.Distinct().Count() < Seeds.Count)
        {
            yield return ("seeds", "expected one number or more, none twice");
        }
    }

    /// <summary>Every combination of values with its options, in the order of the file.</summary>
    /// <exception cref="ConfigurationException">The file or a setting in it is wrong.</exception>
    public static (SweepFile Sweep, IReadOnlyList<SweepVariant> Variants) Read(string file, TrainingOptions configuration)
    {
        SweepFile sweep = StrictJson.ReadFile<SweepFile>(file);
        byte[] text = File.ReadAllBytes(file);
        List<ConfigurationProblem> problems = [];
        if (Apply(configuration, sweep.Base, "base") is not { } common)
        {
            throw new ConfigurationException(file, problems);
        }

        foreach ((string axis, SweepAxis values) in sweep.Vary)
        {
            // Each value alone, so that what is wrong with it is said once.
            foreach ((string value, SweepChanges changes) in values.Values(axis))
            {
                Apply(common, changes, $"vary.{axis}.{value}");
            }
        }

        List<SweepVariant> variants = [new SweepVariant([], common)];
        foreach ((string axis, SweepAxis values) in problems.Count == 0 ? sweep.Vary : new Dictionary<string, SweepAxis>())
        {
            variants = [.. from variant in variants from value in values.Values(axis) let options = Apply(variant.Options, value.Changes, $"vary.{axis}.{value.Name}") where options is not null select new SweepVariant([.. variant.Values, value.Name], options)];
        }

        return problems.Count == 0 ? (sweep, variants) : throw new ConfigurationException(file, [.. problems.Distinct()]);

        TrainingOptions? Apply(TrainingOptions options, SweepChanges changes, string path)
        {
            TrainingOptions? changed = TrainingSettings.Change(options, changes.Settings, out IReadOnlyList<ConfigurationProblem> wrong);
            (int line, int column) = ConfigurationNode.Place(text, changes.Offset);
            problems.AddRange(wrong.Select(p => new ConfigurationProblem(line, column, path, $"{p.Path}: {p.Message}")));
            return changed;
        }
    }
}

/// <summary>One combination of values.</summary>
/// <param name="Values">One of each thing that varies, as people call it.</param>
/// <param name="Options">What it trains with; the seed is set later.</param>
internal sealed record SweepVariant(IReadOnlyList<string> Values, TrainingOptions Options)
{
    /// <summary>A name for its folder.</summary>
    public string Name => string.Concat(string.Join('-', Values).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
}

/// <summary>Settings by key, as <see cref="TrainingSettings"/> takes them.</summary>
internal sealed class SweepChanges : IConfigurationValue<SweepChanges>
{
    public JsonObject Settings { get; private init; } = [];

    /// <summary>Where it stands in its file, in bytes.</summary>
    public int Offset { get; private init; }

    public static bool TryRead(ConfigurationNode node, out SweepChanges? value, out string expected)
    {
        expected = "an object of settings, such as {\"learningRate\": 0.001}";
        value = node.Type == JsonTokenType.StartObject ? Of(node) : null;
        return value is not null;
    }

    public static SweepChanges Of(ConfigurationNode node) => new() { Settings = ToJson(node)!.AsObject(), Offset = node.Offset };

    /// <summary>One setting alone.</summary>
    public static SweepChanges Of(string key, ConfigurationNode node) => new() { Settings = new JsonObject { [key] = ToJson(node) }, Offset = node.Offset };

    private static JsonNode? ToJson(ConfigurationNode node) => node.Type switch
    {
        JsonTokenType.StartObject => new JsonObject(node.Members.DistinctBy(m => m.Key).Select(m => KeyValuePair.Create(m.Key, ToJson(m.Value)))),
        JsonTokenType.StartArray => new JsonArray([.. node.Elements.Select(ToJson)]),
        JsonTokenType.String => JsonValue.Create(node.Text),
        JsonTokenType.Number => JsonNode.Parse(node.Text),
        JsonTokenType.True or JsonTokenType.False => JsonValue.Create(node.Type == JsonTokenType.True),
        _ => null,
    };
}

/// <summary>What varies: an array of the values of one setting, or an object of groups of settings by name.</summary>
internal sealed class SweepAxis : IConfigurationValue<SweepAxis>
{
    private ConfigurationNode _node = null!;

    public static bool TryRead(ConfigurationNode node, out SweepAxis? value, out string expected)
    {
        expected = "values of the setting [0.001, 0.003], or named groups of settings {\"small\": {\"batchSize\": 16}, \"large\": {\"batchSize\": 64}}; two at least, none twice";
        bool suits = node.Type == JsonTokenType.StartArray ? node.Elements.Count > 1 : node.Members.Count > 1 && node.Members.TrueForAll(m => m.Value.Type == JsonTokenType.StartObject);
        SweepAxis axis = new() { _node = node };
        value = suits && axis.Values("").DistinctBy(v => v.Name).Count() == axis.Values("").Count() ? axis : null;
        return value is not null;
    }

    public IEnumerable<(string Name, SweepChanges Changes)> Values(string setting) => _node.Type == JsonTokenType.StartArray
        ? _node.Elements.Select(e => (e.Text.Length > 0 ? e.Text : e.Describe(), SweepChanges.Of(setting, e)))
        : _node.Members.Select(m => (m.Key, SweepChanges.Of(m.Value)));
}
