using System.Buffers.Binary;

namespace DataRig.Rig.RigLink;

/// <summary>What a frame carries: five bytes of header and a body.</summary>
/// <param name="Version">The protocol's version, 0 to 15.</param>
/// <param name="Epoch">The board's count of its own starts.</param>
internal sealed record Message(int Version, MessageKind Kind, byte Sequence, ushort Epoch, Opcode Opcode, ReadOnlyMemory<byte> Body)
{
    /// <summary>The message as it goes over the line: 00 COBS(message, crc) 00.</summary>
    public byte[] ToFrame()
    {
        int length = Protocol.HeaderBytes + Body.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Protocol.LongestMessage);
        Span<byte> plain = stackalloc byte[length + Protocol.CrcBytes];
        plain[0] = (byte)((Version << 4) | (int)Kind);
        plain[1] = Sequence;
        BinaryPrimitives.WriteUInt16LittleEndian(plain[2..], Epoch);
        plain[4] = (byte)Opcode;
        Body.Span.CopyTo(plain[Protocol.HeaderBytes..]);
        BinaryPrimitives.WriteUInt16LittleEndian(plain[length..], Crc16.Of(plain[..length]));

        byte[] frame = new byte[plain.Length + 3];
        Cobs.Encode(plain, frame.AsSpan(1));
        return frame;
    }

    /// <returns>The message between two zeros, or null where it fails COBS, length or CRC.</returns>
    public static Message? FromEncoded(ReadOnlySpan<byte> encoded)
    {
        Span<byte> plain = stackalloc byte[Protocol.LongestEncoded];
        if (encoded.Length > Protocol.LongestEncoded || Cobs.Decode(encoded, plain) is not { } decoded || decoded < Protocol.HeaderBytes + Protocol.CrcBytes)
        {
            return null;
        }

        int length = decoded - Protocol.CrcBytes;
        if (Crc16.Of(plain[..length]) != BinaryPrimitives.ReadUInt16LittleEndian(plain[length..]))
        {
            return null;
        }

        return new Message(
            plain[0] >> 4,
            (MessageKind)(plain[0] & 0x0F),
            plain[1],
            BinaryPrimitives.ReadUInt16LittleEndian(plain[2..]),
            (Opcode)plain[4],
            plain[Protocol.HeaderBytes..length].ToArray());
    }
}
