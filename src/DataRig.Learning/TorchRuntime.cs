using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using DataRig.Core;
using DataRig.Learning.Native;
using TorchSharp;

namespace DataRig.Learning;

/// <summary>Which libtorch is active, for <c>datarig doctor</c>.</summary>
/// <param name="Device"><c>CPU</c> or <c>CUDA</c>.</param>
/// <param name="LibtorchVersion">Of the native library.</param>
/// <param name="Threads">That one operation runs on.</param>
/// <param name="PatchedCopy">The patched copy of TorchSharp's native half that was loaded, or null where the original loads (see <see cref="StandardLibraryPatch"/>).</param>
/// <param name="KeepsFreedMemory">Whether the C library took the allocator's settings.</param>
public sealed record TorchDescription(string Device, string LibtorchVersion, int Threads, string? PatchedCopy, bool KeepsFreedMemory);

/// <summary>
/// Starts libtorch. Call <see cref="Initialize"/> once before anything that touches a tensor; the types of
/// this library do it themselves.
/// </summary>
public static class TorchRuntime
{
    private const string LibraryName = "LibTorchSharp";
    private const string LibraryFile = "libLibTorchSharp.so";

#if TORCH_CUDA
    private const bool CudaFlavour = true;
#else
    private const bool CudaFlavour = false;
#endif

    private static readonly Lazy<TorchDescription> Started = new(Start);

    /// <summary>Loads libtorch, once; later calls cost nothing. Safe from any thread.</summary>
    /// <exception cref="WorkFailedException">It does not load on this system; the message says why.</exception>
    public static void Initialize() => _ = Started.Value;

    /// <inheritdoc cref="Initialize"/>
    public static TorchDescription Describe() => Started.Value;

    /// <summary>The device that models live on: CUDA where the CUDA flavour finds one, else the CPU.</summary>
    internal static torch.Device Device => Describe().Device == "CUDA" ? torch.CUDA : torch.CPU;

    private static TorchDescription Start()
    {
        bool keepsFreedMemory = false;
        string? patched = null;
        if (OperatingSystem.IsLinux())
        {
            keepsFreedMemory = Allocator.KeepFreedMemory();
            NativeSettings.Apply();
            patched = LoadNativeHalf();
        }

        try
        {
            // Asking the CPU flavour about CUDA would send TorchSharp looking for a library that is not there.
            bool cuda = CudaFlavour && torch.cuda.is_available();
            torch.set_num_threads(Environment.ProcessorCount);
            if (OperatingSystem.IsLinux() && Find(NativeFolders(), "libc10.so") is { } c10)
            {
                NativeSettings.PrintErrorsAlone(c10);
            }

            return new TorchDescription(cuda ? "CUDA" : "CPU", torch.__version__, torch.get_num_threads(), patched, keepsFreedMemory);
        }
        catch (Exception e) when (e is TypeInitializationException or NotSupportedException or DllNotFoundException)
        {
            throw new WorkFailedException($"libtorch does not load: {FirstLine((e.InnerException ?? e).Message)} Build again with ./datarig, which restores it.", e);
        }
    }

    /// <summary>Loads TorchSharp's native half, from a patched copy where the original asks too much of libstdc++.</summary>
    /// <returns>The copy's path, or null where the original was loaded.</returns>
    private static string? LoadNativeHalf()
    {
        string[] folders = NativeFolders();
        if (Find(folders, LibraryFile) is not { } original || Find(folders, "libtorch.so") is not { } libtorch || NativeLibrary.TryLoad(original, out _))
        {
            return null;
        }

        string copy = PatchedCopy(original);
        try
        {
            // The copy stands elsewhere, so that what it needs must be in the process already, found beside the original.
            NativeLibrary.Load(libtorch);
            Resolve(NativeLibrary.Load(copy));
            return copy;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new WorkFailedException($"{copy}, a copy of {original} patched for this system's libstdc++, does not load: {LoaderReason(e)}. DataRig needs libstdc++ of GCC 12 or later (Debian 12, Ubuntu 22.04).", e);
        }
    }

    /// <summary>Where the host looks for native libraries: beside the program, or in runtimes/ below it.</summary>
    private static string[] NativeFolders() =>
        [.. ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), AppContext.BaseDirectory];

    private static string? Find(string[] folders, string file) => folders.Select(f => Path.Combine(f, file)).FirstOrDefault(File.Exists);

    /// <summary>The patched copy, written on the first start; its name says what it was made from.</summary>
    private static string PatchedCopy(string original)
    {
        try
        {
            byte[] library = File.ReadAllBytes(original);
            if (!StandardLibraryPatch.IsNeeded(library))
            {
                throw new WorkFailedException($"{original} does not load: {LoaderReasonOf(original)}.");
            }

            string name = $"libLibTorchSharp-{Convert.ToHexStringLower(SHA256.HashData(library))[..16]}.so";
            string[] copies = [.. CacheFolders().Select(folder => Path.Combine(folder, name))];
            return Array.Find(copies, copy => File.Exists(copy) && new FileInfo(copy).Length == library.Length)
                ?? WriteFirst(copies, StandardLibraryPatch.Apply(library));
        }
        catch (InvalidDataException e)
        {
            throw new WorkFailedException($"this system's libstdc++ lacks {StandardLibraryPatch.MissingVersion} (GCC 13), and {original} cannot be patched to do without: {e.Message}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"a copy of {original} patched for this system's libstdc++ cannot be made: {e.Message} Set XDG_CACHE_HOME to a folder that can be written.", e);
        }
    }

    /// <summary>The user's cache, or where that cannot be written the program's own folder.</summary>
    private static IEnumerable<string> CacheFolders()
    {
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (string.IsNullOrEmpty(cache) && home.Length > 0)
        {
            cache = Path.Combine(home, ".cache");
        }

        return string.IsNullOrEmpty(cache) ? [AppContext.BaseDirectory] : [Path.Combine(cache, "datarig"), AppContext.BaseDirectory];
    }

    private static string WriteFirst(string[] files, byte[] bytes)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(files[i])!);
                AtomicFile.Write(files[i], bytes);
                return files[i];
            }
            catch (Exception e) when ((e is IOException or UnauthorizedAccessException) && i + 1 < files.Length)
            {
                // The next folder may do; the last one's failure is told.
            }
        }
    }

    /// <summary>TorchSharp loads its native half by name at its first use, and each entry point by name again: answer both with the handle.</summary>
    private static void Resolve(nint handle)
    {
        Assembly torchSharp = typeof(torch).Assembly;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == LibraryName ? handle : 0;
        NativeLibrary.SetDllImportResolver(torchSharp, (name, _, _) => name == LibraryName ? handle : 0);
    }

    private static string LoaderReasonOf(string file)
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(file));
            return "unknown reason";
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return LoaderReason(e);
        }
    }

    /// <summary>.NET wraps the loader's own line in advice; the line is what helps.</summary>
    private static string LoaderReason(Exception e) =>
        e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Last().TrimEnd('.');

    private static string FirstLine(string message) => message.Split('\n')[0].TrimEnd();
}
