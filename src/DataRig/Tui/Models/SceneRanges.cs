using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataRig.Core;

namespace DataRig.Tui.Models;

/// <summary>The numbers of a scene file that are drawn at random, each by its path, and how they are widened, narrowed and shifted.</summary>
internal sealed class SceneRanges
{
    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonSerializerOptions Writing = new() { WriteIndented = true };

    private readonly JsonNode _root;
    private readonly List<(string Path, string Kind, JsonArray Numbers, double[] Began)> _ranges = [];

    /// <param name="file">The scene file; whoever loads the scene says what is wrong with it.</param>
    /// <exception cref="WorkFailedException">It cannot be read.</exception>
    public SceneRanges(string file)
    {
        try
        {
            _root = JsonNode.Parse(File.ReadAllText(file), documentOptions: Reading)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new WorkFailedException($"The scene {file} cannot be read: {e.Message}", e);
        }

        Collect(_root, "");
    }

    public int Count => _ranges.Count;

    /// <summary>Whether a number differs from the file's.</summary>
    public bool IsChanged => _ranges.Any(r => !Numbers(r.Numbers).SequenceEqual(r.Began));

    public string Path(int index) => _ranges[index].Path;

    /// <summary>A range in words: from low to high, or a middle and a deviation.</summary>
    public string Words(int index)
    {
        (_, string kind, JsonArray numbers, _) = _ranges[index];
        double[] n = Numbers(numbers);
        return kind == "uniform" ? $"{Show(n[0])} to {Show(n[1])}" : $"{Show(n[0])} ± {Show(n[1])}";
    }

    /// <summary>Makes a range wider or narrower around its middle.</summary>
    /// <param name="factor">Above 1 is wider.</param>
    public void Widen(int index, double factor)
    {
        (_, string kind, JsonArray numbers, _) = _ranges[index];
        double[] n = Numbers(numbers);
        if (kind == "uniform")
        {
            (double middle, double half) = ((n[0] + n[1]) / 2, (n[1] - n[0]) / 2 * factor);
            Put(numbers, middle - half, middle + half);
        }
        else
        {
            Put(numbers, n[0], n[1] * factor);
        }
    }

    /// <summary>Shifts a range by a share of its width.</summary>
    public void Shift(int index, double share)
    {
        (_, string kind, JsonArray numbers, _) = _ranges[index];
        double[] n = Numbers(numbers);
        double by = (kind == "uniform" ? n[1] - n[0] : 2 * n[1]) * share;
        Put(numbers, n[0] + by, kind == "uniform" ? n[1] + by : n[1]);
    }

    /// <summary>Takes the file's numbers again.</summary>
    public void Reset(int index) => Put(_ranges[index].Numbers, _ranges[index].Began[0], _ranges[index].Began[1]);

    /// <summary>The scene with its present ranges, as JSON.</summary>
    public string Text() => _root.ToJsonString(Writing);

    private void Collect(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject { Count: 1 } only when only.First() is { Key: "uniform" or "normal", Value: JsonArray { Count: 2 } numbers } && numbers.All(n => n?.GetValueKind() == JsonValueKind.Number):
                _ranges.Add((path, only.First().Key, numbers, Numbers(numbers)));
                break;
            case JsonObject members:
                string name = members["name"]?.GetValueKind() == JsonValueKind.String ? members["name"]!.GetValue<string>() : "";
                foreach ((string key, JsonNode? value) in members)
                {
                    Collect(value, path.Length == 0 ? key : $"{(path.EndsWith(']') && name.Length > 0 ? path[..path.LastIndexOf('[')] + " " + name : path)}.{key}");
                }

                break;
            case JsonArray elements:
                for (int i = 0; i < elements.Count; i++)
                {
                    Collect(elements[i], $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]");
                }

                break;
        }
    }

    private static double[] Numbers(JsonArray numbers) => [.. numbers.Select(n => n!.GetValue<double>())];

    private static void Put(JsonArray numbers, double first, double second) => (numbers[0], numbers[1]) = (JsonValue.Create(Math.Round(first, 6)), JsonValue.Create(Math.Round(second, 6)));

    private static string Show(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
