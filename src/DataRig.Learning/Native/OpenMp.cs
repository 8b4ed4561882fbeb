using System.Runtime.InteropServices;

namespace DataRig.Learning.Native;

/// <summary>
/// libtorch's threads wait for each other at the end of every operation, and by default they wait by spinning. Where
/// anything else wants a core (the loader's own threads do), the one that is waited for cannot run because the others
/// spin: measured on two heavily shared cores, 120 to 140 training images a second with sleeping threads were 11 to 17 with spinning ones.
/// </summary>
internal static partial class OpenMp
{
    /// <summary>Must come before libtorch is loaded, which reads the setting once; one that the user has set stays.</summary>
    public static void WaitAsleep()
    {
        // .NET's own SetEnvironmentVariable does not reach native code.
        _ = SetVariable("OMP_WAIT_POLICY", "passive", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
