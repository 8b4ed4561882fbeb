using System.Globalization;
using System.Text.Json;
using DataRig.Core.Configuration;

namespace DataRig.Data.Formats;

/// <summary>A value of a JSON label file that can say where it stands. What it does not hold is noted as a problem.</summary>
internal sealed class JsonValue
{
    private readonly ConfigurationNode _node;
    private readonly Origin _origin;

    /// <param name="Text">The text that lines are counted in.</param>
    /// <param name="File">Its file.</param>
    /// <param name="FirstLine">Lines of the file before the text.</param>
    /// <param name="Offset">Where in the text the nodes' offsets begin.</param>
    /// <param name="Reader">Told of problems.</param>
    private sealed record Origin(byte[] Text, string File, int FirstLine, int Offset, FormatReader Reader);

    private JsonValue(ConfigurationNode node, Origin origin)
    {
        _node = node;
        _origin = origin;
    }

    /// <summary>A row of a file.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="start">Where the row begins in it.</param>
    public JsonValue(ConfigurationNode row, byte[] text, string file, int start, FormatReader reader)
        : this(row, new Origin(text, file, 0, start, reader))
    {
    }

    public bool IsObject => _node.Type == JsonTokenType.StartObject;

    public bool IsArray => _node.Type == JsonTokenType.StartArray;

    public bool IsNull => _node.Type == JsonTokenType.Null;

    public bool IsText => _node.Type == JsonTokenType.String;

    public bool IsNumber => _node.Type == JsonTokenType.Number;

    /// <summary>File, line and column.</summary>
    public string Where
    {
        get
        {
            if (!_origin.Reader.Problems.Wanted)
            {
                return _origin.File;
            }

            (int line, int column) = ConfigurationNode.Place(_origin.Text, _origin.Offset + _node.Offset);
            return $"{_origin.File}:{line + _origin.FirstLine}:{column}";
        }
    }

    /// <summary>An array's elements; none of anything else.</summary>
    public IEnumerable<JsonValue> Elements => _node.Elements.Select(e => new JsonValue(e, _origin));

    public int Length => _node.Elements.Count;

    /// <summary>An object's members; none of anything else.</summary>
    public IEnumerable<KeyValuePair<string, JsonValue>> Members => _node.Members.Select(m => KeyValuePair.Create(m.Key, new JsonValue(m.Value, _origin)));

    /// <summary>An object's member; null where it has none.</summary>
    public JsonValue? this[string key]
    {
        get
        {
            ConfigurationNode? found = _node.Members.LastOrDefault(m => m.Key == key).Value;
            return found is null || found.Type == JsonTokenType.Null ? null : new JsonValue(found, _origin);
        }
    }

    /// <summary>A string's characters, a number's digits, true or false as 1 or 0; null of anything else.</summary>
    public string? Text => _node.Type switch
    {
        JsonTokenType.String or JsonTokenType.Number => _node.Text,
        JsonTokenType.True => "1",
        JsonTokenType.False => "0",
        _ => null,
    };

    public double? Number => IsNumber && double.TryParse(_node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    public long? Whole => Number is { } number && number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (long)number : null;

    public void Problem(string what) => _origin.Reader.Problems.Add(Where, what);

    /// <summary>A member that must be an array; none, and a problem noted, where it is not.</summary>
    public IEnumerable<JsonValue> Array(string key)
    {
        JsonValue? member = this[key];
        if (member?.IsArray != true)
        {
            (member ?? this).Problem($"\"{key}\" must be an array{Found(member)}");
            return [];
        }

        return member.Elements;
    }

    /// <summary>A member that must be text and not empty.</summary>
    public string? Required(string key)
    {
        JsonValue? member = this[key];
        if (member?.IsText == true && member.Text!.Length > 0)
        {
            return member.Text;
        }

        (member ?? this).Problem($"\"{key}\" must be text{Found(member)}");
        return null;
    }

    /// <summary>A member that must be a number.</summary>
    public double? RequiredNumber(string key)
    {
        JsonValue? member = this[key];
        if (member?.Number is { } number)
        {
            return number;
        }

        (member ?? this).Problem($"\"{key}\" must be a number{Found(member)}");
        return null;
    }

    /// <summary>Four numbers.</summary>
    public double[]? Numbers(int count)
    {
        double?[] numbers = [.. Elements.Select(e => e.Number)];
        if (IsArray && numbers.Length == count && numbers.All(n => n is not null))
        {
            return [.. numbers.Select(n => n!.Value)];
        }

        Problem($"expected {count} numbers, found {_node.Describe()}");
        return null;
    }

    /// <summary>The members as texts, for <see cref="Fields.Fill"/>.</summary>
    public IEnumerable<KeyValuePair<string, string>> Texts => from member in Members let text = member.Value.Text where text is not null select KeyValuePair.Create(member.Key, text);

    /// <param name="utf8">The text.</param>
    /// <param name="file">Its file below the reader's folder.</param>
    /// <param name="firstLine">Lines of the file before the text.</param>
    /// <param name="reader">Told where it is no JSON.</param>
    public static JsonValue? Parse(byte[] utf8, string file, int firstLine, FormatReader reader)
    {
        try
        {
            return new JsonValue(ConfigurationNode.Parse(utf8), new Origin(utf8, file, firstLine, 0, reader));
        }
        catch (JsonException e)
        {
            (int line, int column) = ConfigurationNode.PlaceOf(utf8, e);
            reader.Problems.Add($"{file}:{line + firstLine}:{column}", Problem(e));
            return null;
        }
    }

    public static string Problem(JsonException failure) => $"this is not JSON: {failure.Message.Split(" LineNumber:")[0].TrimEnd('.')}";

    private static string Found(JsonValue? member) => member is null ? "; it is missing" : $", found {member._node.Describe()}";
}
