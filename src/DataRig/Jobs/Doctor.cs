using System.Runtime.InteropServices;
using DataRig.Core;
using DataRig.Engine;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>One thing that was checked.</summary>
/// <param name="What">Its name.</param>
/// <param name="Good">Whether it works.</param>
/// <param name="Found">What was found.</param>
/// <param name="Remedy">What to do about it, where it does not work.</param>
internal sealed record Finding(string What, bool Good, string Found, string? Remedy = null);

/// <summary>Checks what DataRig needs of a machine, each by trying it.</summary>
internal static class Doctor
{
    private const long NeededBytes = 1L << 30;

    /// <param name="rigFile">The configuration to check.</param>
    /// <param name="folder">Where runs would be written.</param>
    public static IReadOnlyList<Finding> Examine(string rigFile, string folder) =>
    [
        new("system", true, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 20)} MiB, {RuntimeInformation.FrameworkDescription}"),
        Try("renderer", DescribeRenderer, "the simulated camera and synthesis need it"),
        Try("libtorch", DescribeTorch, "training needs it"),
        Disk(folder),
        Try("configuration", () => Describe(rigFile), "mend the file, or leave --rig out for the simulated rig"),
    ];

    private static string DescribeRenderer()
    {
        using GlDevice device = GlDevice.Open();
        return device.Describe();
    }

    private static string DescribeTorch()
    {
        TorchDescription torch = TorchRuntime.Describe();
        string patched = torch.PatchedCopy is null ? "" : $", adapted to this system's libstdc++ in {torch.PatchedCopy}";
        string memory = torch.KeepsFreedMemory ? ", keeps freed memory" : "";
        return $"{torch.LibtorchVersion} on {torch.Device}, {torch.Threads} threads{memory}{patched}";
    }

    private static string Describe(string rigFile)
    {
        RigFile file = RigFile.Read(rigFile);
        return $"{Path.GetFullPath(rigFile)}: {file.Plan.Items.Count} parts, {file.Plan.Items.Values.Sum(i => i.Count)} items, {file.Plan.FrameCount()} frames planned";
    }

    private static Finding Disk(string folder)
    {
        string probe = Path.Combine(folder, $".datarig-{Environment.ProcessId}.tmp");
        try
        {
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding("disk", false, e.Message, "change to a folder that you may write to, or use --out");
        }

        long free = new DriveInfo(folder).AvailableFreeSpace;
        return new Finding("disk", free >= NeededBytes, $"{folder} is writable, {free / (1 << 20)} MiB free", free >= NeededBytes ? null : "a run needs about 1 GiB; free some space");
    }

    private static Finding Try(string what, Func<string> probe, string remedy)
    {
        try
        {
            return new Finding(what, true, probe());
        }
        catch (DataRigException e)
        {
            return new Finding(what, false, e.Message, remedy);
        }
    }
}
