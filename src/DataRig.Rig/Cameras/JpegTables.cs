using System.Buffers.Binary;

namespace DataRig.Rig.Cameras;

/// <summary>The Huffman tables and the restart interval as the file last defined them (ITU T.81, B.2.4.2 and B.2.4.4).</summary>
internal sealed class JpegTables
{
    private readonly HuffmanTable?[] _dc = new HuffmanTable?[4];
    private readonly HuffmanTable?[] _ac = new HuffmanTable?[4];

    /// <summary>Units between two restart markers; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    public HuffmanTable? Dc(int number) => number < 4 ? _dc[number] : null;

    public HuffmanTable? Ac(int number) => number < 4 ? _ac[number] : null;

    public bool SetRestartInterval(ReadOnlySpan<byte> segment)
    {
        RestartInterval = segment.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(segment) : 0;
        return segment.Length >= 2;
    }

    /// <summary>Takes the tables of one DHT segment.</summary>
    /// <returns>False where the segment is wrong.</returns>
    public bool Define(ReadOnlySpan<byte> segment)
    {
        while (segment.Length >= 17)
        {
            int kind = segment[0] >> 4, number = segment[0] & 15;
            int symbols = HuffmanTable.SymbolCount(segment.Slice(1, 16));
            if (kind > 1 || number > 3 || symbols > 256 || segment.Length < 17 + symbols)
            {
                return false;
            }

            HuffmanTable? table = HuffmanTable.Make(segment.Slice(1, 16), segment.Slice(17, symbols));
            if (table is null)
            {
                return false;
            }

            (kind == 0 ? _dc : _ac)[number] = table;
            segment = segment[(17 + symbols)..];
        }

        return segment.IsEmpty;
    }
}
