using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DataRig.Core.Configuration;

namespace DataRig.Rig;

/// <summary>Turns of the motor over turns of the table, kept as a fraction so that nothing drifts.</summary>
/// <param name="Motor">Turns of the motor, at least 1.</param>
/// <param name="Table">in which the table turns this often, at least 1.</param>
[JsonConverter(typeof(AsPair))]
public sealed record GearRatio(int Motor, int Table) : IConfigurationValue<GearRatio>
{
    public static bool TryRead(ConfigurationNode node, out GearRatio? value, out string expected)
    {
        expected = "two whole numbers of at least 1, [motor turns, table turns]";
        int[] turns = [.. node.Elements.Select(e => int.TryParse(e.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0)];
        value = turns.Length == 2 && turns.All(t => t is >= 1 and <= 100_000) ? new GearRatio(turns[0], turns[1]) : null;
        return value is not null;
    }

    /// <summary>Written as it is read: [motor, table].</summary>
    private sealed class AsPair : JsonConverter<GearRatio>
    {
        public override GearRatio Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<int[]>(ref reader, options) is [int motor, int table]
                ? new GearRatio(motor, table)
                : throw new JsonException("a gear ratio is [motor turns, table turns]");

        public override void Write(Utf8JsonWriter writer, GearRatio value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new[] { value.Motor, value.Table }, options);
    }
}
