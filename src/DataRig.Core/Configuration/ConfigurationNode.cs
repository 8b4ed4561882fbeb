using System.Text;
using System.Text.Json;

namespace DataRig.Core.Configuration;

/// <summary>A JSON value that knows where it stands in its file.</summary>
public sealed class ConfigurationNode
{
    // Most values are neither: large label files have millions.
    private List<(string, int, ConfigurationNode)>? _members;
    private List<ConfigurationNode>? _elements;

    private ConfigurationNode(JsonTokenType type, string text, int offset)
    {
        Type = type;
        Text = text;
        Offset = offset;
    }

    /// <summary>StartObject, StartArray, String, Number, True, False or Null.</summary>
    public JsonTokenType Type { get; }

    /// <summary>A string's characters or a number's digits; empty for the others.</summary>
    public string Text { get; }

    /// <summary>Where the value begins, in bytes.</summary>
    public int Offset { get; }

    /// <summary>An object's members in their order; keys may repeat.</summary>
    public List<(string Key, int KeyOffset, ConfigurationNode Value)> Members => _members ??= [];

    /// <summary>An array's elements.</summary>
    public List<ConfigurationNode> Elements => _elements ??= [];

    /// <summary>The value in words, for messages.</summary>
    public string Describe() => Type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => $"an array of {Elements.Count}",
        JsonTokenType.String => $"\"{Text}\"",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        _ => Text,
    };

    /// <summary>Parses UTF-8 JSON; comments and trailing commas are allowed.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static ConfigurationNode Parse(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader reader = new(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        reader.Read();
        ConfigurationNode root = ReadValue(ref reader);
        reader.Read(); // anything after the value is an error of the reader's
        return root;
    }

    /// <summary>Where a byte of the text stands: the line, and the column in characters, both from 1.</summary>
    public static (int Line, int Column) Place(ReadOnlySpan<byte> utf8, int offset)
    {
        ReadOnlySpan<byte> before = utf8[..offset];
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }

    /// <summary>Where the reader stopped: it counts lines, and bytes within the line, from 0.</summary>
    public static (int Line, int Column) PlaceOf(ReadOnlySpan<byte> utf8, JsonException failure)
    {
        if (failure is UnreadableStringException unreadable)
        {
            return Place(utf8, unreadable.Offset);
        }

        int start = 0;
        for (long line = failure.LineNumber ?? 0; line > 0; line--)
        {
            start += utf8[start..].IndexOf((byte)'\n') + 1;
        }

        return Place(utf8, Math.Min(utf8.Length, start + (int)(failure.BytePositionInLine ?? 0)));
    }

    private static ConfigurationNode ReadValue(ref Utf8JsonReader reader)
    {
        string text = reader.TokenType switch
        {
            JsonTokenType.String => ReadString(ref reader),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => "",
        };
        ConfigurationNode node = new(reader.TokenType, text, (int)reader.TokenStartIndex);
        if (node.Type == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string key = ReadString(ref reader);
                int offset = (int)reader.TokenStartIndex;
                reader.Read();
                node.Members.Add((key, offset, ReadValue(ref reader)));
            }
        }
        else if (node.Type == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                node.Elements.Add(ReadValue(ref reader));
            }
        }

        return node;
    }

    private static string ReadString(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // The reader finds bytes that are not UTF-8, and halves of surrogate pairs, only here.
            throw new UnreadableStringException((int)reader.TokenStartIndex, e);
        }
    }
}

/// <summary>A string holds bytes that are not UTF-8, or half a character.</summary>
internal sealed class UnreadableStringException(int offset, Exception cause) : JsonException("the string holds what is not valid Unicode", cause)
{
    public int Offset { get; } = offset;
}
