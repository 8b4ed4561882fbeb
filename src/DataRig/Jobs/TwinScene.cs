using System.Text.Json;
using System.Text.Json.Nodes;
using DataRig.Core;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>Writes a fit as a scene file: the scene that it began with, with the fitted numbers in it as distributions.</summary>
internal static class TwinScene
{
    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonSerializerOptions Writing = new() { WriteIndented = true };

    /// <param name="baseFile">The scene file that the fit began with.</param>
    /// <param name="fit">What it found.</param>
    /// <param name="name">Of the new scene.</param>
    /// <param name="widen">Every deviation is this many times the fit's.</param>
    /// <returns>The scene file's text.</returns>
    /// <exception cref="WorkFailedException">What was fitted is no scene that the engine takes.</exception>
    public static string Write(string baseFile, TwinFit fit, string name, double widen)
    {
        JsonObject scene = JsonNode.Parse(File.ReadAllText(baseFile), null, Reading)!.AsObject();
        scene["name"] = name;
        scene["image"] = new JsonObject { ["width"] = fit.Width, ["height"] = fit.Height };
        foreach (FittedNumber number in fit.Numbers)
        {
            double mean = Math.Round(number.Value, 4), deviation = Math.Round(number.Widened(widen), 4, MidpointRounding.ToZero);
            Set(scene, number.Key, deviation == 0 ? JsonValue.Create(mean) : new JsonObject { ["normal"] = new JsonArray(mean, deviation) });
        }

        foreach (FittedColor color in fit.Colors)
        {
            Set(scene, color.Key, JsonValue.Create(color.Color));
        }

        return scene.ToJsonString(Writing) + "\n";
    }

    /// <summary>Sets <c>camera.distanceMm</c>, or <c>lights.warm.color</c> of the lamp of that name.</summary>
    private static void Set(JsonObject scene, string key, JsonNode value)
    {
        (int first, int last) = (key.IndexOf('.', StringComparison.Ordinal), key.LastIndexOf('.'));
        string section = key[..first];
        JsonObject within = first == last ? (scene[section] ??= new JsonObject()).AsObject() : Lamp((scene[section] ??= new JsonArray()).AsArray(), key[(first + 1)..last]);
        within[key[(last + 1)..]] = value;
    }

    private static JsonObject Lamp(JsonArray lamps, string name)
    {
        JsonNode? lamp = lamps.FirstOrDefault(l => (string?)l!["name"] == name);
        if (lamp is null)
        {
            lamps.Add(lamp = new JsonObject { ["name"] = name });
        }

        return lamp.AsObject();
    }
}
