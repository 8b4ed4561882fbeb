using System.Buffers.Binary;

namespace DataRig.Rig.RigLink;

/// <summary>Why the board did not do what it was asked.</summary>
/// <param name="Detail">What the specification says for the code.</param>
internal sealed record Refused(RefusalCode Code, ushort Detail)
{
    public const int Bytes = 3;

    /// <returns>The refusal, or null where the body has another length.</returns>
    public static Refused? From(ReadOnlySpan<byte> body) =>
        body.Length != Bytes ? null : new Refused((RefusalCode)body[0], BinaryPrimitives.ReadUInt16LittleEndian(body[1..]));
}
