using System.Text.Json;

namespace DataRig.Data.Formats;

/// <summary>Our fields as members of a JSON object.</summary>
internal static class JsonFields
{
    /// <summary>Writes the fields that have something to say, numbers as numbers.</summary>
    public static void Write<T>(Utf8JsonWriter json, Field<T>[] fields, T value, params ReadOnlySpan<string> except)
    {
        foreach (Field<T> field in fields)
        {
            if (!except.Contains(field.Key) && field.Get(value) is { } text)
            {
                json.WritePropertyName(field.Key);
                if (field.Numeric)
                {
                    json.WriteRawValue(text);
                }
                else
                {
                    json.WriteStringValue(text);
                }
            }
        }
    }

    /// <summary>The same as an object under our own key, for formats with keys of their own.</summary>
    public static void WriteGroup<T>(Utf8JsonWriter json, Field<T>[] fields, T value, params ReadOnlySpan<string> except)
    {
        json.WriteStartObject(Fields.Group);
        Write(json, fields, value, except);
        json.WriteEndObject();
    }

    /// <summary>Fills in what the object says.</summary>
    public static T Fill<T>(JsonValue? json, Field<T>[] fields, T value) => json is null ? value : Fields.Fill(fields, value, json.Texts, what => json.Problem(what));
}
