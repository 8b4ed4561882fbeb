using System.Buffers.Binary;

namespace DataRig.Rig.RigLink;

/// <summary>How the board stands, as it says in every answer and event.</summary>
/// <param name="Work">The sequence of the request that began the last work.</param>
/// <param name="Table">Microsteps, the lower 32 bits.</param>
/// <param name="Elevation">Microsteps, the lower 32 bits.</param>
/// <param name="Unreadable">Frames that failed the board's checks since it started; wraps.</param>
internal sealed record BoardStatus(
    BoardState State, BoardFlags Flags, BoardFault Fault, byte Work, WorkResult Result, int Table, int Elevation, ushort Unreadable)
{
    public const int Bytes = 15;

    public int Position(Axis axis) => axis == Axis.Table ? Table : Elevation;

    /// <returns>The status, or null where the body has another length.</returns>
    public static BoardStatus? From(ReadOnlySpan<byte> body) => body.Length != Bytes
        ? null
        : new BoardStatus(
            (BoardState)body[0],
            (BoardFlags)body[1],
            (BoardFault)body[2],
            body[3],
            (WorkResult)body[4],
            BinaryPrimitives.ReadInt32LittleEndian(body[5..]),
            BinaryPrimitives.ReadInt32LittleEndian(body[9..]),
            BinaryPrimitives.ReadUInt16LittleEndian(body[13..]));
}
