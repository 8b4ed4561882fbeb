using System.Text.Json;
using DataRig.Core.Configuration;

namespace DataRig.Data.Formats;

/// <summary>
/// A JSON label file gone through row by row: what is parsed at a time is one element, so that a file of millions of them takes
/// little more memory than its bytes.
/// </summary>
internal static class JsonRows
{
    /// <summary>A row.</summary>
    /// <param name="Key">The array's key in the object that the file is; empty where the file is the array.</param>
    /// <param name="IsElement">Whether it is an element of an array; else it is a member by itself, or the whole file.</param>
    /// <param name="Value">What it is.</param>
    public readonly record struct Row(string Key, bool IsElement, JsonValue Value);

    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>
    /// The elements of the array that the file is, under an empty key; or the members of the object that it is: the elements of each
    /// array under its key, and what is no array as it is. Where the file is no JSON that is noted, and the rows end.
    /// </summary>
    /// <param name="keys">Only rows under these; all if there are none.</param>
    public static IEnumerable<Row> Read(byte[] utf8, string file, FormatReader reader, params string[] keys)
    {
        Cursor cursor = new(utf8, file, reader, keys);
        while (cursor.Next() is { } row)
        {
            yield return row;
        }
    }

    /// <summary>Whether a file is JSON from beginning to end; where it is not that is noted.</summary>
    public static bool IsWhole(byte[] utf8, string file, FormatReader reader)
    {
        Utf8JsonReader tokens = new(utf8, Options);
        char[] text = [];
        try
        {
            while (tokens.Read())
            {
                if (tokens.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    text = text.Length < tokens.ValueSpan.Length ? new char[2 * tokens.ValueSpan.Length] : text;
                    tokens.CopyString(text);
                }
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Only copying a string finds that it holds half a character, or bytes that are none.
            (int line, int column) = e is JsonException json ? ConfigurationNode.PlaceOf(utf8, json) : ConfigurationNode.Place(utf8, (int)tokens.TokenStartIndex);
            reader.Problems.Add($"{file}:{line}:{column}", e is JsonException failure ? JsonValue.Problem(failure) : "this is not JSON: the string holds what is not valid Unicode");
            return false;
        }
    }

    /// <summary>Where in the file it is; a reader of tokens cannot live across rows.</summary>
    private sealed class Cursor(byte[] utf8, string file, FormatReader reader, string[] keys)
    {
        private JsonReaderState _state = new(Options);
        private int _at;
        private string? _key; // of the array that it is in
        private bool _isObject, _begun;

        public Row? Next()
        {
            int start = _at;
            try
            {
                Utf8JsonReader tokens = new(utf8.AsSpan(_at), isFinalBlock: true, _state);
                string key;
                do
                {
                    if (!Find(ref tokens, out key))
                    {
                        return null;
                    }

                    start = _at + (int)tokens.TokenStartIndex;
                    tokens.Skip();
                }
                while (keys.Length > 0 && !keys.Contains(key));
                _at += (int)tokens.BytesConsumed;
                _state = tokens.CurrentState;
                return new Row(key, _key is not null, new JsonValue(ConfigurationNode.Parse(utf8.AsSpan(start, _at - start)), utf8, file, start, reader));
            }
            catch (JsonException e)
            {
                // A string that cannot be read is found when its row is parsed, everything else on the way there.
                (int line, int column) = e.LineNumber is null ? Within(start, ConfigurationNode.PlaceOf(utf8.AsSpan(start), e)) : ConfigurationNode.PlaceOf(utf8, e);
                reader.Problems.Add($"{file}:{line}:{column}", JsonValue.Problem(e));
                return null;
            }
            catch (InvalidOperationException)
            {
                reader.Problems.Add(file, "this is not JSON: a key holds what is not valid Unicode");
                return null;
            }
        }

        /// <summary>Goes to the next row; none after the last.</summary>
        private bool Find(ref Utf8JsonReader tokens, out string key)
        {
            key = _key ?? "";
            if (!_begun)
            {
                _begun = true;
                tokens.Read();
                _isObject = tokens.TokenType == JsonTokenType.StartObject;
                _key = tokens.TokenType == JsonTokenType.StartArray ? "" : null;
                if (!_isObject && _key is null)
                {
                    return true; // a single value
                }
            }

            while (tokens.Read())
            {
                if (_key is not null && tokens.TokenType != JsonTokenType.EndArray)
                {
                    key = _key;
                    return true;
                }

                if (tokens.TokenType == JsonTokenType.PropertyName)
                {
                    key = tokens.GetString()!;
                    tokens.Read();
                    if (tokens.TokenType != JsonTokenType.StartArray)
                    {
                        return true;
                    }

                    _key = key;
                }
                else
                {
                    _key = null; // the end of an array, or of all
                }
            }

            return false;
        }

        private (int Line, int Column) Within(int start, (int Line, int Column) place)
        {
            (int line, int column) = ConfigurationNode.Place(utf8, start);
            return place.Line == 1 ? (line, column + place.Column - 1) : (line + place.Line - 1, place.Column);
        }
    }
}
