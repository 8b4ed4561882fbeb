using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataRig.Core.Configuration;

/// <summary>Maps a tree of positioned JSON values to an options record, gathering every problem.</summary>
internal sealed class ConfigurationBinder(byte[] utf8)
{
    /// <summary>What a failed value binds to; its problem is already noted.</summary>
    private static readonly object Failed = new();

    public List<ConfigurationProblem> Problems { get; } = [];

    /// <returns>The bound value, or a placeholder where a problem was noted.</returns>
    public object? Bind(Type type, ConfigurationNode node, string path)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return node.Type == JsonTokenType.Null ? null : Bind(inner, node, path);
        }

        if (Implements(type, typeof(IConfigurationValue<>)))
        {
            return BindOwnForm(nameof(ReadOwnForm), type, node, path);
        }

        if (node.Type == JsonTokenType.String && Implements(type, typeof(IConfigurationShorthand<>)))
        {
            return BindOwnForm(nameof(ReadShorthand), type, node, path);
        }

        return node.Type switch
        {
            _ when type == typeof(bool) => node.Type is JsonTokenType.True or JsonTokenType.False
                ? node.Type == JsonTokenType.True
                : Wrong(node, path, "true or false"),
            _ when type == typeof(string) => node.Type == JsonTokenType.String ? node.Text : Wrong(node, path, "a string"),
            _ when type == typeof(Vector3) => BindVector(node, path),
            _ when type.IsEnum => BindEnum(type, node, path),
            _ when type.IsPrimitive => BindNumber(type, node, path),
            _ when ElementType(type) is { } element => BindList(element, node, path),
            _ when DictionaryValueType(type) is { } value => BindDictionary(value, node, path),
            _ => BindRecord(type, node, path),
        };
    }

    private object? BindRecord(Type type, ConfigurationNode node, string path)
    {
        if (node.Type != JsonTokenType.StartObject)
        {
            return Wrong(node, path, "an object");
        }

        string? discriminator = null;
        if (type.GetCustomAttribute<JsonPolymorphicAttribute>() is { } polymorphic)
        {
            discriminator = polymorphic.TypeDiscriminatorPropertyName ?? "kind";
            if (ChooseType(type, discriminator, node, path) is not { } chosen)
            {
                return Failed;
            }

            type = chosen;
        }

        object record = Activator.CreateInstance(type, nonPublic: true)!;
        Dictionary<string, PropertyInfo> properties = type.GetProperties()
            .Where(p => p.SetMethod is not null && p.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            .ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
        HashSet<string> seen = [];
        int before = Problems.Count;
        foreach ((string key, int offset, ConfigurationNode value) in node.Members)
        {
            string keyPath = path.Length == 0 ? key : $"{path}.{key}";
            if (!seen.Add(key))
            {
                Add(offset, keyPath, "this key stands here a second time; keep one of them");
            }
            else if (key == discriminator)
            {
                continue;
            }
            else if (!properties.TryGetValue(key, out PropertyInfo? property))
            {
                Add(offset, keyPath, UnknownKey(key, properties.Keys));
            }
            else
            {
                BindProperty(record, property, value, keyPath);
            }
        }

        foreach ((string key, PropertyInfo property) in properties)
        {
            if (!seen.Contains(key) && property.GetCustomAttribute<RequiredMemberAttribute>() is not null)
            {
                Add(node.Offset, path, $"the key \"{key}\" is missing");
            }
        }

        if (Problems.Count == before && record is IValidatedOptions validated)
        {
            foreach ((string key, string problem) in validated.Validate())
            {
                (string _, int _, ConfigurationNode? at) = node.Members.Find(m => m.Key == key);
                Add(at?.Offset ?? node.Offset, string.Join('.', new[] { path, key }.Where(s => s.Length > 0)), problem);
            }
        }

        return record;
    }

    private void BindProperty(object record, PropertyInfo property, ConfigurationNode value, string path)
    {
        if (value.Type == JsonTokenType.Null)
        {
            if (new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable)
            {
                property.SetValue(record, null);
            }
            else
            {
                Wrong(value, path, "a value");
            }

            return;
        }

        object? bound = Bind(property.PropertyType, value, path);
        if (ReferenceEquals(bound, Failed))
        {
            return;
        }

        if (bound is IEnumerable and not string)
        {
            int index = 0;
            foreach (object? element in (IEnumerable)bound)
            {
                if (index < value.Elements.Count)
                {
                    CheckBounds(property, element, value.Elements[index], $"{path}[{index}]");
                }

                index++;
            }
        }
        else
        {
            CheckBounds(property, bound, value, path);
        }

        property.SetValue(record, bound);
    }

    private void CheckBounds(PropertyInfo property, object? value, ConfigurationNode node, string path)
    {
        if (property.GetCustomAttribute<RangeAttribute>() is { } range && value is IConvertible or IConfigurationSpan)
        {
            IConfigurationSpan? span = value as IConfigurationSpan;
            double lowest = span?.Low ?? Convert.ToDouble(value, CultureInfo.InvariantCulture), highest = span?.High ?? lowest;
            double low = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), high = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
            if (!(lowest >= low && highest <= high))
            {
                string found = span is null ? node.Describe() : string.Create(CultureInfo.InvariantCulture, $"draws from {lowest} to {highest}");
                Add(node.Offset, path, string.Create(CultureInfo.InvariantCulture, $"expected a number from {low} to {high}, found {found}"));
            }
        }

        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed && !allowed.Values.Contains(value))
        {
            Wrong(node, path, "one of " + string.Join(", ", allowed.Values.Select(v => v is string s ? $"\"{s}\"" : v?.ToString())));
        }
    }

    private Type? ChooseType(Type type, string discriminator, ConfigurationNode node, string path)
    {
        List<JsonDerivedTypeAttribute> choices = [.. type.GetCustomAttributes<JsonDerivedTypeAttribute>()];
        string names = string.Join(", ", choices.Select(c => $"\"{c.TypeDiscriminator}\""));
        ConfigurationNode? named = node.Members.Find(m => m.Key == discriminator).Value;
        if (named is null)
        {
            Add(node.Offset, path, $"the key \"{discriminator}\" is missing; it is one of {names}");
            return null;
        }

        JsonDerivedTypeAttribute? chosen = named.Type == JsonTokenType.String ? choices.Find(c => (string?)c.TypeDiscriminator == named.Text) : null;
        if (chosen is null)
        {
            Wrong(named, path.Length == 0 ? discriminator : $"{path}.{discriminator}", $"one of {names}");
        }

        return chosen?.DerivedType;
    }

    private object BindNumber(Type type, ConfigurationNode node, string path)
    {
        bool whole = type != typeof(double) && type != typeof(float);
        string expected = whole ? (type == typeof(ulong) || type == typeof(uint) ? "a whole number of at least 0" : "a whole number") : "a number";
        if (node.Type != JsonTokenType.Number)
        {
            return Wrong(node, path, expected);
        }

        try
        {
            object number = whole
                ? Convert.ChangeType(decimal.Parse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture), type, CultureInfo.InvariantCulture)
                : Convert.ChangeType(double.Parse(node.Text, CultureInfo.InvariantCulture), type, CultureInfo.InvariantCulture);
            // A decimal sees the fraction of a large number, a double that of a tiny one.
            bool exact = !whole || (decimal.Parse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture) % 1 == 0 && double.Parse(node.Text, CultureInfo.InvariantCulture) % 1 == 0);
            return exact && double.IsFinite(Convert.ToDouble(number, CultureInfo.InvariantCulture)) ? number : Wrong(node, path, expected);
        }
        catch (OverflowException)
        {
            return Wrong(node, path, expected + " that fits");
        }
    }

    private object BindEnum(Type type, ConfigurationNode node, string path)
    {
        string[] names = [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];
        int at = node.Type == JsonTokenType.String ? Array.IndexOf(names, node.Text) : -1;
        return at >= 0 ? Enum.GetValues(type).GetValue(at)! : Wrong(node, path, "one of " + string.Join(", ", names.Select(n => $"\"{n}\"")));
    }

    private object BindVector(ConfigurationNode node, string path)
    {
        float[] parts = [.. node.Elements.Where(e => e.Type == JsonTokenType.Number).Select(e => float.Parse(e.Text, CultureInfo.InvariantCulture)).Where(float.IsFinite)];
        return node.Elements.Count == 3 && parts.Length == 3 ? new Vector3(parts) : Wrong(node, path, "three numbers [x, y, z]");
    }

    private object BindList(Type element, ConfigurationNode node, string path)
    {
        if (node.Type != JsonTokenType.StartArray)
        {
            return Wrong(node, path, "an array [...]");
        }

        int before = Problems.Count;
        object?[] values = [.. node.Elements.Select((e, i) => Bind(element, e, $"{path}[{i}]"))];
        if (Problems.Count > before)
        {
            return Failed;
        }

        Array array = Array.CreateInstance(element, values.Length);
        values.CopyTo(array, 0);
        return array;
    }

    private object BindDictionary(Type valueType, ConfigurationNode node, string path)
    {
        if (node.Type != JsonTokenType.StartObject)
        {
            return Wrong(node, path, "an object");
        }

        IDictionary dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), valueType))!;
        foreach ((string key, int offset, ConfigurationNode value) in node.Members)
        {
            if (dictionary.Contains(key))
            {
                Add(offset, $"{path}.{key}", "this key stands here a second time; keep one of them");
                continue;
            }

            object? bound = Bind(valueType, value, $"{path}.{key}");
            if (!ReferenceEquals(bound, Failed))
            {
                dictionary.Add(key, bound);
            }
        }

        return dictionary;
    }

    /// <param name="reader">Which of the two methods below.</param>
    private object? BindOwnForm(string reader, Type type, ConfigurationNode node, string path)
    {
        MethodInfo read = typeof(ConfigurationBinder).GetMethod(reader, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);
        object?[] arguments = [node, null];
        object? value = read.Invoke(null, arguments);
        return arguments[1] is string expected ? Wrong(node, path, expected) : value;
    }

    private static T? ReadOwnForm<T>(ConfigurationNode node, out string? expected)
        where T : IConfigurationValue<T>
    {
        expected = T.TryRead(node, out T? value, out string form) ? null : form;
        return value;
    }

    private static T? ReadShorthand<T>(ConfigurationNode node, out string? expected)
        where T : class, IConfigurationShorthand<T>
    {
        expected = T.TryRead(node.Text, out T? value, out string form) ? null : form;
        return value;
    }

    private static bool Implements(Type type, Type form) =>
        Array.Exists(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == form);

    private static Type? ElementType(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0]
        : null;

    private static Type? DictionaryValueType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GetGenericArguments()[1] : null;

    private static string UnknownKey(string key, IEnumerable<string> known)
    {
        string? nearest = known.MinBy(k => Distance(key, k));
        return nearest is not null && Distance(key, nearest) <= Math.Max(2, key.Length / 2)
            ? $"unknown key; did you mean \"{nearest}\"?"
            : "unknown key; the keys here are " + string.Join(", ", known.Order(StringComparer.Ordinal));
    }

    /// <summary>The Levenshtein distance without regard to case.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }

        return row[b.Length];
    }

    private object Wrong(ConfigurationNode node, string path, string expected)
    {
        Add(node.Offset, path, $"expected {expected}, found {node.Describe()}");
        return Failed;
    }

    private void Add(int offset, string path, string message)
    {
        (int line, int column) = ConfigurationNode.Place(utf8, offset);
        Problems.Add(new ConfigurationProblem(line, column, path, message));
    }
}
