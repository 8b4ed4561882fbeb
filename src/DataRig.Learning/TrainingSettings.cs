using System.Text.Json.Nodes;
using DataRig.Core.Configuration;

namespace DataRig.Learning;

/// <summary>Changes training options by the names that their keys have in a configuration.</summary>
public static class TrainingSettings
{
    /// <summary>The options with some keys set.</summary>
    /// <param name="options">Stay as they are.</param>
    /// <param name="changes">By key; a key within a group is written with a dot (<c>augmentation.blur</c>) or as an object, of which only the keys named change.</param>
    /// <param name="problems">What is wrong with the changes, by key; empty where nothing is. Places in a file are not known here.</param>
    /// <returns>The changed options, or null where there are problems.</returns>
    public static TrainingOptions? Change(TrainingOptions options, JsonObject changes, out IReadOnlyList<ConfigurationProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(changes);
        JsonObject text = JsonNode.Parse(StrictJson.Write(options))!.AsObject();
        foreach ((string key, JsonNode? value) in changes)
        {
            Set(text, key.Split('.'), value);
        }

        try
        {
            problems = [];
            return StrictJson.Read<TrainingOptions>(text.ToJsonString(), "training");
        }
        catch (ConfigurationException e)
        {
            problems = e.Problems;
            return null;
        }
    }

    private static void Set(JsonObject target, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length > 1)
        {
            if (target[path[0]] is not JsonObject inner)
            {
                target[path[0]] = inner = [];
            }

            Set(inner, path[1..], value);
        }
        else if (value is JsonObject changes && target[path[0]] is JsonObject inner)
        {
            foreach ((string key, JsonNode? change) in changes)
            {
                Set(inner, key.Split('.'), change);
            }
        }
        else
        {
            target[path[0]] = value?.DeepClone();
        }
    }
}
