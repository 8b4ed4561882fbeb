using System.Runtime.InteropServices;

namespace DataRig.Learning.Native;

/// <summary>What libtorch's own libraries are told through the environment, which they read once; a setting of the user's stays.</summary>
internal static partial class NativeSettings
{
    /// <summary>Must come before libtorch is loaded.</summary>
    public static void Apply()
    {
        // libtorch's threads wait for each other at the end of every operation, and by default they wait by spinning. Where
        // anything else wants a core (the loader's own threads do), the one that is waited for cannot run because the others
        // spin: measured on two heavily shared cores, 120 to 140 training images a second with sleeping threads were 11 to 17
        // with spinning ones.
        Set("OMP_WAIT_POLICY", "passive");

        // oneDNN 3.7.1 with AVX-512: a 3x3 convolution of 24 or 40 channels (a half block of 16) takes what happens to lie in
        // memory behind the last channel times zero, which is not a number where that is none. With AVX2 it does not.
        Set("ONEDNN_MAX_CPU_ISA", "AVX2");
    }

    /// <summary>
    /// On a CPU that NNPACK does not know, libtorch warns at every grouped convolution that it goes without; nothing is wrong. Its
    /// errors come as exceptions, so that nothing is lost when it prints errors alone.
    /// </summary>
    /// <param name="c10">The library of libtorch that logs, loaded already.</param>
    public static void PrintErrorsAlone(string c10)
    {
        const int error = 2;
        if (NativeLibrary.TryLoad(c10, out nint library) && NativeLibrary.TryGetExport(library, "FLAGS_caffe2_log_level", out nint level))
        {
            Marshal.WriteInt32(level, error);
        }
    }

    // .NET's own SetEnvironmentVariable does not reach native code.
    private static void Set(string name, string value) => _ = SetVariable(name, value, overwrite: 0);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
