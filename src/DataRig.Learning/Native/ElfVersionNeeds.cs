using System.Buffers.Binary;
using System.Text;

namespace DataRig.Learning.Native;

/// <summary>One symbol version that a shared library asks another one for.</summary>
/// <param name="Library">The library asked, such as <c>libstdc++.so.6</c>.</param>
/// <param name="Name">The version, such as <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Index">The number that symbols refer to it by (<c>vna_other</c>).</param>
/// <param name="Offset">Where its record (<c>Elf64_Vernaux</c>) stands in the file.</param>
internal sealed record ElfVersionNeed(string Library, string Name, ushort Index, int Offset);

/// <summary>A symbol of the dynamic symbol table that is defined elsewhere.</summary>
/// <param name="Name">As the string table has it.</param>
/// <param name="NameOffset">Of its name within the string table.</param>
/// <param name="VersionIndex">Of its entry in <c>.gnu.version</c>, without the hidden bit.</param>
internal sealed record ElfUndefinedSymbol(string Name, int NameOffset, ushort VersionIndex);

/// <summary>
/// As much of a 64-bit little-endian ELF shared library as tells which versions of which symbols it asks
/// of others: its dynamic segment, as the loader reads it (System V ABI, "Dynamic Linking"; Linux Standard
/// Base, "Symbol Versioning"). Every offset is checked against the file's length.
/// </summary>
internal sealed class ElfVersionNeeds
{
    private const int LoadSegment = 1, DynamicSegment = 2;
    private const long StringTable = 5, SymbolTable = 6, StringTableSize = 10, GnuHash = 0x6ffffef5, SymbolVersions = 0x6ffffff0, VersionNeeds = 0x6ffffffe, VersionNeedCount = 0x6fffffff;
    private const int SymbolBytes = 24;

    private readonly byte[] _file;
    private readonly List<(long Address, long Offset, long Size)> _segments = [];
    private readonly Dictionary<long, long> _dynamic = [];

    /// <exception cref="InvalidDataException">The bytes are not such a library.</exception>
    public ElfVersionNeeds(byte[] file)
    {
        _file = file;
        if (file.Length < 64 || !file.AsSpan().StartsWith("\u007fELF"u8) || file[4] != 2 || file[5] != 1)
        {
            throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
        }

        ReadSegments();
        StringsOffset = FileOffset(Entry(StringTable));
        StringsLength = (int)Entry(StringTableSize);
        Bytes(StringsOffset, StringsLength);
        Needs = ReadNeeds();
        Undefined = ReadUndefined();
    }

    public IReadOnlyList<ElfVersionNeed> Needs { get; }

    public IReadOnlyList<ElfUndefinedSymbol> Undefined { get; }

    /// <summary>Where the string table (<c>.dynstr</c>) starts in the file.</summary>
    public int StringsOffset { get; }

    public int StringsLength { get; }

    /// <summary>The System V hash of a name, as version records keep it.</summary>
    public static uint Hash(string name)
    {
        uint hash = 0;
        foreach (byte letter in Encoding.ASCII.GetBytes(name))
        {
            hash = (hash << 4) + letter;
            uint high = hash & 0xf0000000;
            hash ^= high >> 24;
            hash &= ~high;
        }

        return hash;
    }

    private void ReadSegments()
    {
        int table = Checked(BinaryPrimitives.ReadInt64LittleEndian(_file.AsSpan(32)));
        int entryBytes = BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(54)), count = BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(56));
        ReadOnlySpan<byte> dynamic = default;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = Bytes(table + (i * entryBytes), 56);
            int type = BinaryPrimitives.ReadInt32LittleEndian(header);
            long offset = BinaryPrimitives.ReadInt64LittleEndian(header[8..]), address = BinaryPrimitives.ReadInt64LittleEndian(header[16..]), size = BinaryPrimitives.ReadInt64LittleEndian(header[32..]);
            if (type == LoadSegment)
            {
                _segments.Add((address, offset, size));
            }
            else if (type == DynamicSegment)
            {
                dynamic = Bytes(Checked(offset), Checked(size));
            }
        }

        for (; dynamic.Length >= 16 && BinaryPrimitives.ReadInt64LittleEndian(dynamic) != 0; dynamic = dynamic[16..])
        {
            _dynamic.TryAdd(BinaryPrimitives.ReadInt64LittleEndian(dynamic), BinaryPrimitives.ReadInt64LittleEndian(dynamic[8..]));
        }
    }

    private List<ElfVersionNeed> ReadNeeds()
    {
        List<ElfVersionNeed> needs = [];
        if (!_dynamic.TryGetValue(VersionNeeds, out long address))
        {
            return needs;
        }

        int at = FileOffset(address);
        for (long i = Entry(VersionNeedCount); i > 0; i--)
        {
            ReadOnlySpan<byte> need = Bytes(at, 16);
            string library = Text((int)BinaryPrimitives.ReadUInt32LittleEndian(need[4..]));
            int record = at + (int)BinaryPrimitives.ReadUInt32LittleEndian(need[8..]);
            for (int left = BinaryPrimitives.ReadUInt16LittleEndian(need[2..]); left > 0; left--)
            {
                ReadOnlySpan<byte> version = Bytes(record, 16);
                needs.Add(new ElfVersionNeed(library, Text((int)BinaryPrimitives.ReadUInt32LittleEndian(version[8..])), BinaryPrimitives.ReadUInt16LittleEndian(version[6..]), record));
                record += (int)BinaryPrimitives.ReadUInt32LittleEndian(version[12..]);
            }

            at += (int)BinaryPrimitives.ReadUInt32LittleEndian(need[12..]);
        }

        return needs;
    }

    private List<ElfUndefinedSymbol> ReadUndefined()
    {
        List<ElfUndefinedSymbol> undefined = [];
        if (!_dynamic.TryGetValue(SymbolVersions, out long versionsAddress))
        {
            return undefined;
        }

        // The GNU hash table lists defined symbols only, and they follow the undefined ones: its third word says where they start.
        int symbols = FileOffset(Entry(SymbolTable)), versions = FileOffset(versionsAddress);
        int firstDefined = BinaryPrimitives.ReadInt32LittleEndian(Bytes(FileOffset(Entry(GnuHash)) + 4, 4));
        for (int i = 1; i < firstDefined; i++)
        {
            int name = BinaryPrimitives.ReadInt32LittleEndian(Bytes(symbols + (i * SymbolBytes), SymbolBytes));
            ushort version = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(Bytes(versions + (i * 2), 2)) & 0x7fff);
            undefined.Add(new ElfUndefinedSymbol(Text(name), name, version));
        }

        return undefined;
    }

    private string Text(int offset)
    {
        if ((uint)offset >= (uint)StringsLength)
        {
            throw new InvalidDataException($"a name lies outside the string table (offset {offset} of {StringsLength})");
        }

        ReadOnlySpan<byte> rest = Bytes(StringsOffset, StringsLength)[offset..];
        int end = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
    }

    private long Entry(long tag) =>
        _dynamic.TryGetValue(tag, out long value) ? value : throw new InvalidDataException($"its dynamic segment has no entry 0x{tag:x}");

    private int FileOffset(long address)
    {
        foreach ((long start, long offset, long size) in _segments)
        {
            if (address >= start && address < start + size)
            {
                return Checked(address - start + offset);
            }
        }

        throw new InvalidDataException($"address 0x{address:x} lies in none of its segments");
    }

    private ReadOnlySpan<byte> Bytes(int offset, int length) =>
        offset >= 0 && length >= 0 && offset <= _file.Length - length
            ? _file.AsSpan(offset, length)
            : throw new InvalidDataException($"it is cut short: {length} bytes are expected at {offset}, the file has {_file.Length}");

    private static int Checked(long offset) =>
        offset is >= 0 and <= int.MaxValue ? (int)offset : throw new InvalidDataException($"offset 0x{offset:x} lies outside the file");
}
