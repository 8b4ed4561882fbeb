using System.Runtime.CompilerServices;
using System.Text.Json;
using DataRig.Rig.RigLink;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>The machine-readable half of the specification, <c>firmware-protocol/vectors</c>.</summary>
internal static class Vectors
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static CobsFile Cobs { get; } = Load<CobsFile>("cobs.json");

    public static CrcFile Crc { get; } = Load<CrcFile>("crc.json");

    public static RequestsFile Requests { get; } = Load<RequestsFile>("requests.json");

    public static MalformedFile Malformed { get; } = Load<MalformedFile>("malformed.json");

    public static SessionFile Session { get; } = Load<SessionFile>("session.json");

    /// <summary>The folder <c>firmware-protocol</c>.</summary>
    public static string Home([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "firmware-protocol"));

    private static T Load<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Home(), "vectors", name)), Options)!;

    internal sealed record CobsFile(CobsFile.Pair[] Good, CobsFile.Broken[] Bad)
    {
        internal sealed record Pair(string Plain, string Encoded);

        internal sealed record Broken(string Encoded, string Why);
    }

    internal sealed record CrcFile(CrcFile.Sum[] Vectors)
    {
        internal sealed record Sum(string Bytes, string Crc);
    }

    internal sealed record RequestsFile(RequestsFile.Request[] Vectors)
    {
        internal sealed record Request(string Name, Dictionary<string, JsonElement> Arguments, string Frame, Fields Message);
    }

    internal sealed record MalformedFile(MalformedFile.Line[] Vectors)
    {
        internal sealed record Line(string Name, string Bytes, int Messages, int Unreadable);
    }

    internal sealed record SessionFile(SessionFile.Step[] Steps)
    {
        internal sealed record Step(string Name, Sent? Send, Received[] Receive);

        internal sealed record Sent(string Frame, Fields? Message);

        internal sealed record Received(string Frame, Fields Message, BoardStatus? Status, Refused? Refusal, GreetingFields? Greeting);

        internal sealed record GreetingFields(
            uint Nonce, int ProtocolMinimum, int ProtocolMaximum, int Major, int Minor, int Patch, int Board, ResetCause ResetCause,
            Capabilities Capabilities, int Lights, int MaximumMessage, uint MaximumSpeed);
    }

    internal sealed record Fields(int Version, JsonElement Kind, byte Sequence, ushort Epoch, Opcode Opcode, string Body)
    {
        public Message ToMessage() => new(
            Version, Kind.ValueKind == JsonValueKind.Number ? (MessageKind)Kind.GetByte() : Enum.Parse<MessageKind>(Kind.GetString()!, ignoreCase: true),
            Sequence, Epoch, Opcode, Convert.FromHexString(Body));
    }
}
