namespace DataRig.Rig.Cameras;

/// <summary>A table of Huffman codes of up to 16 bits (ITU T.81, annex C), short ones looked up at once.</summary>
internal sealed class HuffmanTable
{
    private const int QuickBits = 9;

    /// <summary>For each beginning of <see cref="QuickBits"/> bits: the code's length times 256 plus its symbol; 0 where the code is longer.</summary>
    private readonly ushort[] _quick = new ushort[1 << QuickBits];

    /// <summary>The codes of each length: those below the limit, whose symbols begin where the offset says.</summary>
    private readonly int[] _limit = new int[17];
    private readonly int[] _offset = new int[17];
    private readonly byte[] _symbols;

    private HuffmanTable(byte[] symbols) => _symbols = symbols;

    public static int SymbolCount(ReadOnlySpan<byte> counts)
    {
        int sum = 0;
        foreach (byte count in counts)
        {
            sum += count;
        }

        return sum;
    }

    /// <param name="counts">How many codes there are of 1 to 16 bits.</param>
    /// <param name="symbols">What they stand for, in order.</param>
    /// <returns>Null where there are more codes of a length than fit.</returns>
    public static HuffmanTable? Make(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        HuffmanTable table = new(symbols.ToArray());
        int code = 0, symbol = 0;
        for (int length = 1; length <= 16; length++)
        {
            table._offset[length] = symbol - code;
            for (int i = counts[length - 1]; i > 0; i--, code++, symbol++)
            {
                if (code >= 1 << length)
                {
                    return null;
                }

                if (length <= QuickBits)
                {
                    int shift = QuickBits - length;
                    table._quick.AsSpan(code << shift, 1 << shift).Fill((ushort)((length << 8) | symbols[symbol]));
                }
            }

            table._limit[length] = code;
            code <<= 1;
        }

        return table;
    }

    /// <param name="bits">The next 16 bits.</param>
    /// <param name="symbol">What they begin with.</param>
    /// <returns>The code's length, or 0 where it is none of the table's.</returns>
    public int Read(int bits, out int symbol)
    {
        int quick = _quick[bits >> (16 - QuickBits)];
        if (quick != 0)
        {
            symbol = quick & 0xFF;
            return quick >> 8;
        }

        for (int length = QuickBits + 1; length <= 16; length++)
        {
            int code = bits >> (16 - length);
            if (code < _limit[length])
            {
                int at = code + _offset[length];
                if (at < 0 || at >= _symbols.Length)
                {
                    break;
                }

                symbol = _symbols[at];
                return length;
            }
        }

        symbol = 0;
        return 0;
    }
}
