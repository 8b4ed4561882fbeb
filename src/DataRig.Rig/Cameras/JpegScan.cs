namespace DataRig.Rig.Cameras;

/// <summary>The entropy-coded data of one scan, read code by code without making pixels (ITU T.81, F.2.2 and E.2.4).</summary>
internal ref struct JpegScan
{
    /// <summary>What can be wrong with a scan.</summary>
    public enum Ended
    {
        /// <summary>A marker or the file's end came before all blocks did.</summary>
        TooEarly,

        /// <summary>A code that is none, a block that overflows, a restart marker out of turn.</summary>
        Wrong,
    }

    private readonly ReadOnlySpan<byte> _file;
    private int _at;
    private uint _bits;
    private int _count;
    private int _missing;

    private JpegScan(ReadOnlySpan<byte> file, int at)
    {
        _file = file;
        _at = at;
    }

    /// <summary>Goes past the data of a scan to the marker that follows it.</summary>
    /// <param name="at">Where the data begins; afterwards where the next marker, or the trouble, is.</param>
    /// <param name="header">The scan's header.</param>
    /// <param name="seen">The components that scans have brought so far, one bit each.</param>
    public static Ended? Skip(ReadOnlySpan<byte> file, ref int at, JpegFrame frame, JpegTables tables, ReadOnlySpan<byte> header, ref int seen)
    {
        int count = header.Length > 0 ? header[0] : 0;
        if (count is 0 or > 4 || header.Length < 1 + (2 * count))
        {
            return Ended.Wrong;
        }

        Span<int> components = stackalloc int[count];
        Span<HuffmanTable?> codes = new HuffmanTable?[2 * count];
        bool known = true;
        for (int i = 0; i < count; i++)
        {
            components[i] = IndexOf(frame, header[1 + (2 * i)]);
            if (components[i] < 0)
            {
                return Ended.Wrong;
            }

            byte numbers = header[2 + (2 * i)];
            codes[2 * i] = tables.Dc(numbers >> 4);
            codes[(2 * i) + 1] = tables.Ac(numbers & 15);
            known &= codes[2 * i] is not null && codes[(2 * i) + 1] is not null;
            seen |= 1 << components[i];
        }

        // Some webcams leave the tables out, which means those of annex K; the decoder knows them.
        if (frame.Sequential && known)
        {
            JpegScan scan = new(file, at);
            Ended? wrong = scan.Walk(frame, components, codes!, tables.RestartInterval);
            at = scan._at;
            if (wrong is not null)
            {
                return wrong;
            }
        }

        at = NextMarker(file, at);
        return at >= file.Length ? Ended.TooEarly : null;
    }

    private static int IndexOf(JpegFrame frame, byte id)
    {
        for (int i = 0; i < frame.Components.Count; i++)
        {
            if (frame.Components[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Where the next marker begins that is neither a stuffed FF nor a restart.</summary>
    private static int NextMarker(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length)
        {
            int found = file[at..].IndexOf((byte)0xFF);
            if (found < 0 || at + found + 1 >= file.Length)
            {
                return file.Length;
            }

            at += found;
            if (file[at + 1] is not (0x00 or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }

            at += 2;
        }

        return file.Length;
    }

    private Ended? Walk(JpegFrame frame, scoped ReadOnlySpan<int> components, scoped ReadOnlySpan<HuffmanTable> codes, int restartInterval)
    {
        long units = frame.Units(components);
        for (long unit = 0; unit < units; unit++)
        {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0 && !Restart((unit / restartInterval) - 1))
            {
                return _at >= _file.Length ? Ended.TooEarly : Ended.Wrong;
            }

            for (int i = 0; i < components.Length; i++)
            {
                (byte _, int across, int down) = frame.Components[components[i]];
                int blocks = components.Length > 1 ? across * down : 1;
                for (; blocks > 0; blocks--)
                {
                    bool good = Block(codes[2 * i], codes[(2 * i) + 1]);
                    if (_missing > _count)
                    {
                        return Ended.TooEarly; // zeros that were never there have been read
                    }

                    if (!good)
                    {
                        return Ended.Wrong;
                    }
                }
            }
        }

        return IsPadding() ? null : Ended.Wrong;
    }

    /// <summary>Whether what is left before the next marker is one byte repeated, or nothing: some encoders fill up with it.</summary>
    private bool IsPadding()
    {
        Drop((_count - _missing) & 7);
        Fill();
        for (uint first = _bits >> 24; _count - _missing >= 8; Fill())
        {
            if (_bits >> 24 != first)
            {
                return false;
            }

            Drop(8);
        }

        return true;
    }

    /// <summary>Reads the codes of one block.</summary>
    private bool Block(HuffmanTable dc, HuffmanTable ac)
    {
        if (!Code(dc, out int size) || size > 15)
        {
            return false;
        }

        Drop(size);
        for (int k = 1; k < 64; k++)
        {
            if (!Code(ac, out int symbol))
            {
                return false;
            }

            int run = symbol >> 4, bits = symbol & 15;
            if (bits == 0 && run != 15)
            {
                return true; // end of block
            }

            k += run;
            if (k > 63)
            {
                return false;
            }

            Drop(bits);
        }

        return true;
    }

    private bool Code(HuffmanTable table, out int symbol)
    {
        Fill();
        int length = table.Read((int)(_bits >> 16), out symbol);
        Drop(length);
        return length > 0;
    }

    private void Drop(int bits)
    {
        if (bits > _count)
        {
            Fill();
        }

        _bits <<= bits;
        _count -= bits;
    }

    /// <summary>Tops the bits up to at least 17; past the end of the data with zeros, which are counted.</summary>
    private void Fill()
    {
        while (_count <= 24)
        {
            uint next = 0;
            if (_missing == 0 && _at < _file.Length && (_file[_at] != 0xFF || (_at + 1 < _file.Length && _file[_at + 1] == 0x00)))
            {
                next = _file[_at];
                _at += next == 0xFF ? 2 : 1;
            }
            else
            {
                _missing += 8;
            }

            _bits |= next << (24 - _count);
            _count += 8;
        }
    }

    /// <summary>Expects a restart marker here, and begins anew behind it.</summary>
    private bool Restart(long number)
    {
        // What is left in the bits is padding: the marker stops them from running past it.
        while (_at < _file.Length && _file[_at] == 0xFF && _at + 1 < _file.Length && _file[_at + 1] == 0xFF)
        {
            _at++;
        }

        bool there = _count - _missing < 8 && _at + 1 < _file.Length && _file[_at] == 0xFF && _file[_at + 1] == 0xD0 + (number % 8);
        _at += there ? 2 : 0;
        (_bits, _count, _missing) = (0, 0, 0);
        return there;
    }
}
