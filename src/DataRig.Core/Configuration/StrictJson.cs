using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataRig.Core.Configuration;

/// <summary>
/// Reads an options record from JSON with comments, strictly: an unknown or repeated key, a missing
/// required one, a wrong type or a value out of range is a problem with line and column, and all of
/// them are reported at once. The record is the schema: its properties in camelCase are the keys, their
/// initial values the defaults, <c>required</c> means required, <c>[Range]</c> and <c>[AllowedValues]</c>
/// bound them (elements of lists too), and <c>[JsonPolymorphic]</c> with <c>[JsonDerivedType]</c> choose a
/// record by a key such as <c>"driver"</c>.
/// </summary>
public static class StrictJson
{
    private static readonly JsonSerializerOptions Writing = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes a record in the form that <see cref="Read{T}(string, string)"/> reads.</summary>
    public static string Write<T>(T record)
        where T : class => JsonSerializer.Serialize(record, Writing);

    /// <exception cref="ConfigurationException">The file is missing, unreadable or wrong.</exception>
    public static T ReadFile<T>(string file)
        where T : class
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string what = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : $"cannot be read ({e.Message})";
            throw new ConfigurationException(file, [new ConfigurationProblem(1, 1, "", what)]);
        }

        return Read<T>(text, file);
    }

    /// <param name="text">The JSON.</param>
    /// <param name="file">The name that messages give the text.</param>
    /// <exception cref="ConfigurationException">The text is wrong.</exception>
    public static T Read<T>(string text, string file)
        where T : class => Read<T>(Encoding.UTF8.GetBytes(text), file);

    private static T Read<T>(byte[] utf8, string file)
        where T : class
    {
        byte[] text = utf8.AsSpan().StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        ConfigurationNode root;
        try
        {
            root = ConfigurationNode.Parse(text);
        }
        catch (JsonException e)
        {
            // The reader's own " LineNumber:" tail would say the place a second time.
            string what = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
            (int line, int column) = ConfigurationNode.PlaceOf(text, e);
            throw new ConfigurationException(file, [new ConfigurationProblem(line, column, "", $"this is not JSON: {what}")]);
        }

        ConfigurationBinder binder = new(text);
        object? value = binder.Bind(typeof(T), root, "");
        return binder.Problems.Count == 0
            ? (T)value!
            : throw new ConfigurationException(file, [.. binder.Problems.OrderBy(p => p.Line).ThenBy(p => p.Column)]);
    }
}

/// <summary>Options that check more than one key at a time, after each key alone has passed.</summary>
public interface IValidatedOptions
{
    /// <summary>The problems, each with the key it is reported at (camelCase; empty for the record itself).</summary>
    IEnumerable<(string Key, string Problem)> Validate();
}

/// <summary>A value with a form of its own in JSON, such as a distribution: <c>0.5</c> or <c>{"uniform": [0, 1]}</c>.</summary>
public interface IConfigurationValue<TSelf>
    where TSelf : IConfigurationValue<TSelf>
{
    /// <summary>Reads the value, or says in words what was expected.</summary>
    static abstract bool TryRead(ConfigurationNode node, out TSelf? value, out string expected);
}

/// <summary>A record that may also be written as one string, such as a part that is known by its name alone.</summary>
public interface IConfigurationShorthand<TSelf>
    where TSelf : class, IConfigurationShorthand<TSelf>
{
    /// <summary>Gives the record that the string stands for, or says in words what was expected.</summary>
    static abstract bool TryRead(string text, out TSelf? value, out string expected);
}

/// <summary>A configuration value that stands for a span of numbers; <c>[Range]</c> bounds both its ends.</summary>
public interface IConfigurationSpan
{
    double Low { get; }

    double High { get; }
}
