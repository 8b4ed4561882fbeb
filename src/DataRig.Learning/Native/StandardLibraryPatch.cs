using System.Buffers.Binary;
using System.Text;

namespace DataRig.Learning.Native;

/// <summary>
/// Lets TorchSharp 0.107's native half load on systems whose libstdc++ is older than GCC 13's (Debian 12,
/// Ubuntu 22.04, Raspberry Pi OS 12). It was built with GCC 13, whose &lt;iostream&gt; leaves a reference to
/// <c>_ZSt21ios_base_library_initv</c> in version GLIBCXX_3.4.32: the only symbol in the file that an older
/// libstdc++ lacks, and nothing ever calls it. In a copy of the file that reference is given the name and
/// the version of its predecessor, <c>std::ios_base::Init::Init()</c> in GLIBCXX_3.4, which every libstdc++ has.
/// This can go when TorchSharp is built against an older libstdc++, or when no supported system is older than GCC 13.
/// </summary>
internal static class StandardLibraryPatch
{
    public const string MissingVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";

    /// <summary>Whether the library asks for the version that older systems lack.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a 64-bit ELF library.</exception>
    public static bool IsNeeded(byte[] library) => new ElfVersionNeeds(library).Needs.Any(n => n.Name == MissingVersion);

    /// <summary>A copy of the library that no longer asks for <see cref="MissingVersion"/>.</summary>
    /// <exception cref="InvalidDataException">The file is not the one this was made for; the message says in what.</exception>
    public static byte[] Apply(byte[] library)
    {
        ElfVersionNeeds elf = new(library);
        ElfVersionNeed missing = elf.Needs.SingleOrDefault(n => n.Name == MissingVersion)
            ?? throw new InvalidDataException($"it does not ask for {MissingVersion}");
        if (!elf.Needs.Any(n => n.Name == OldVersion && n.Library == missing.Library))
        {
            throw new InvalidDataException($"it does not ask for {OldVersion} of {missing.Library}, whose name the patch borrows");
        }

        string[] users = [.. elf.Undefined.Where(s => s.VersionIndex == missing.Index).Select(s => s.Name)];
        if (users is not [NewSymbol])
        {
            throw new InvalidDataException($"{MissingVersion} is expected for {NewSymbol} alone, found it for {(users.Length == 0 ? "nothing" : string.Join(", ", users))}");
        }

        byte[] patched = (byte[])library.Clone();
        ElfUndefinedSymbol symbol = elf.Undefined.Single(s => s.Name == NewSymbol);
        RefuseSharedName(elf, symbol);
        int name = elf.StringsOffset + symbol.NameOffset;
        patched.AsSpan(name, NewSymbol.Length).Clear();
        Encoding.ASCII.GetBytes(OldSymbol, patched.AsSpan(name));

        int oldName = StringOffset(library, elf, OldVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(patched.AsSpan(missing.Offset), ElfVersionNeeds.Hash(OldVersion));
        BinaryPrimitives.WriteInt32LittleEndian(patched.AsSpan(missing.Offset + 8), oldName);
        return patched;
    }

    /// <summary>Linkers let names share their tails; such a name must not be overwritten.</summary>
    private static void RefuseSharedName(ElfVersionNeeds elf, ElfUndefinedSymbol symbol)
    {
        int end = symbol.NameOffset + NewSymbol.Length;
        ElfUndefinedSymbol? other = elf.Undefined.FirstOrDefault(s => s != symbol && s.NameOffset <= end && s.NameOffset + s.Name.Length >= symbol.NameOffset);
        if (other is not null)
        {
            throw new InvalidDataException($"the name {NewSymbol} shares its letters with {other.Name}");
        }
    }

    private static int StringOffset(byte[] library, ElfVersionNeeds elf, string text)
    {
        byte[] terminated = [0, .. Encoding.ASCII.GetBytes(text), 0];
        int at = library.AsSpan(elf.StringsOffset, elf.StringsLength).IndexOf(terminated);
        return at >= 0 ? at + 1 : throw new InvalidDataException($"its string table has no name {text}");
    }
}
