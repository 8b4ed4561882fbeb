using System.Runtime.InteropServices;
using System.Text;
using DataRig.Learning.Native;

namespace DataRig.Learning.Tests.Native;

public sealed class StandardLibraryPatchTests
{
    private static readonly string OriginalFile = Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First();
    private static readonly byte[] Original = File.ReadAllBytes(OriginalFile);

    [Fact]
    public void The_file_as_published_asks_for_the_version_that_older_systems_lack() =>
        Assert.True(StandardLibraryPatch.IsNeeded(Original));

    [Fact]
    public void A_patched_copy_asks_for_it_no_longer_and_for_nothing_else_new()
    {
        byte[] patched = StandardLibraryPatch.Apply(Original);

        Assert.False(StandardLibraryPatch.IsNeeded(patched));
        ElfVersionNeeds before = new(Original), after = new(patched);
        Assert.Equal(before.Needs.Select(n => n.Name == StandardLibraryPatch.MissingVersion ? "GLIBCXX_3.4" : n.Name), after.Needs.Select(n => n.Name));
        Assert.Contains(after.Undefined, s => s.Name == "_ZNSt8ios_base4InitC1Ev");
        Assert.DoesNotContain(after.Undefined, s => s.Name.Contains("ios_base_library_init"));
        Assert.Equal(before.Undefined.Count, after.Undefined.Count);
    }

    [Fact]
    public void Only_the_name_and_the_version_record_change()
    {
        byte[] patched = StandardLibraryPatch.Apply(Original);

        Assert.Equal(Original.Length, patched.Length);
        int changed = Original.Zip(patched).Count(pair => pair.First != pair.Second);
        Assert.InRange(changed, 1, "_ZSt21ios_base_library_initv".Length + 8);
    }

    [Fact]
    public void A_patched_file_is_not_patched_again()
    {
        byte[] patched = StandardLibraryPatch.Apply(Original);

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => StandardLibraryPatch.Apply(patched));
        Assert.Contains("does not ask for GLIBCXX_3.4.32", refusal.Message);
    }

    [Fact]
    public void A_file_where_another_symbol_needs_the_version_is_refused()
    {
        ElfVersionNeeds elf = new(Original);
        ElfUndefinedSymbol symbol = elf.Undefined.Single(s => s.Name == "_ZSt21ios_base_library_initv");
        byte[] other = (byte[])Original.Clone();
        other[elf.StringsOffset + symbol.NameOffset] = (byte)'x';

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => StandardLibraryPatch.Apply(other));
        Assert.Contains("found it for xZSt21ios_base_library_initv", refusal.Message);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(5_000)]
    [InlineData(200_000)]
    public void A_file_cut_short_is_refused(int length) =>
        Assert.Throws<InvalidDataException>(() => StandardLibraryPatch.IsNeeded(Original[..length]));

    [Fact]
    public void Something_that_is_no_library_is_refused() =>
        Assert.Throws<InvalidDataException>(() => StandardLibraryPatch.IsNeeded(Encoding.ASCII.GetBytes(new string('#', 4096))));

    [Theory]
    [InlineData("GLIBCXX_3.4", 0x08922974u)]
    [InlineData("GLIBC_2.2.5", 0x09691a75u)]
    public void Names_are_hashed_as_the_loader_does(string name, uint hash) => Assert.Equal(hash, ElfVersionNeeds.Hash(name));

    [Fact]
    public void The_runtime_says_what_is_active()
    {
        TorchDescription description = TorchRuntime.Describe();

        Assert.StartsWith("2.", description.LibtorchVersion);
        Assert.Equal("CPU", description.Device);
        Assert.Equal(Environment.ProcessorCount, description.Threads);
        bool originalLoads = NativeLibrary.TryLoad(OriginalFile, out _);
        Assert.Equal(originalLoads, description.PatchedCopy is null);
    }
}
