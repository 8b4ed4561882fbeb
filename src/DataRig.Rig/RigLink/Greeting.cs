using System.Buffers.Binary;

namespace DataRig.Rig.RigLink;

/// <summary>How the board introduces itself.</summary>
/// <param name="Nonce">The greeting's it answers.</param>
/// <param name="MaximumSpeed">Microsteps per second.</param>
internal sealed record Greeting(
    uint Nonce, int ProtocolMinimum, int ProtocolMaximum, Version Firmware, int Board, ResetCause ResetCause,
    Capabilities Capabilities, int Lights, int MaximumMessage, uint MaximumSpeed)
{
    public const int Bytes = 23;

    public string BoardName => Board switch
    {
        1 => "Arduino Uno with CNC shield",
        2 => "Arduino Mega with RAMPS 1.4",
        _ => "board of another kind",
    };

    /// <returns>The greeting, or null where the magic or the length is another.</returns>
    public static Greeting? From(ReadOnlySpan<byte> body) => body.Length != Bytes || !body.StartsWith("RLNK"u8)
        ? null
        : new Greeting(
            BinaryPrimitives.ReadUInt32LittleEndian(body[4..]),
            body[8],
            body[9],
            new Version(body[10], body[11], body[12]),
            body[13],
            (ResetCause)body[14],
            (Capabilities)BinaryPrimitives.ReadUInt16LittleEndian(body[15..]),
            body[17],
            body[18],
            BinaryPrimitives.ReadUInt32LittleEndian(body[19..]));
}
