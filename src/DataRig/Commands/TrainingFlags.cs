using System.Text.Json;
using System.Text.Json.Nodes;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Learning;

namespace DataRig.Commands;

/// <summary>Settings of a training on the command line.</summary>
internal static class TrainingFlags
{
    /// <param name="options">What the configuration says.</param>
    /// <param name="settings"><c>KEY=VALUE</c> each; a value that is not JSON is a word.</param>
    /// <exception cref="MisusedException">A key is not known or a value does not fit; all of them are told.</exception>
    public static TrainingOptions Apply(TrainingOptions options, IReadOnlyList<string> settings)
    {
        JsonObject changes = [];
        foreach (string setting in settings)
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            changes[setting[..equals]] = Value(setting[(equals + 1)..]);
        }

        return TrainingSettings.Change(options, changes, out IReadOnlyList<ConfigurationProblem> problems)
            ?? throw new MisusedException(string.Join(Environment.NewLine, problems.Select(p => $"--set {p.Path}: {p.Message}")));
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
