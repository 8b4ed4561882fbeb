using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Learning;

namespace DataRig.Commands;

/// <summary>Settings of a training on the command line.</summary>
internal static class TrainingFlags
{
    /// <summary><c>--set KEY=VALUE ...</c>, whose values <see cref="Apply"/> takes.</summary>
    public static Option<string[]> Set()
    {
        Option<string[]> set = new("--set") { Description = "Set a key of rig.json's \"training\", such as learningRate=0.001, augmentation.blur=0 or schedule=oneCycle.", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = true };
        set.Validators.Add(result =>
        {
            foreach (string setting in result.Tokens.Select(t => t.Value).Where(s => s.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"--set takes KEY=VALUE, such as learningRate=0.001, found {setting}.");
            }
        });
        return set;
    }

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
