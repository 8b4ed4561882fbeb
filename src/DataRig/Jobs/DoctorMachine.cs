using System.Globalization;
using System.Runtime.InteropServices;
using DataRig.Engine;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>What DataRig needs of the machine, whatever rig stands at it.</summary>
internal static class DoctorMachine
{
    private const long NeededBytes = 1L << 30;

    /// <param name="folder">Where datasets and runs would be written.</param>
    public static IReadOnlyList<Check> Checks(string folder) =>
    [
        new("system", System),
        new("clock", () => Clock(TimeProvider.System.GetUtcNow(), File.GetLastWriteTimeUtc(typeof(DoctorMachine).Assembly.Location))),
        new("renderer", Renderer, "the simulated camera and synthesis need it"),
        new("libtorch", Torch, "training needs it"),
        new("disk", () => Disk(folder)),
    ];

    /// <summary>Files and sessions are dated by the clock; a Raspberry Pi has none that runs on without power.</summary>
    /// <param name="now">What the clock says.</param>
    /// <param name="built">When this program was made: surely in the past.</param>
    public static Finding Clock(DateTimeOffset now, DateTimeOffset built)
    {
        string says = string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm} UTC");
        return now >= built.AddDays(-1)
            ? new Finding("clock", true, says)
            : new Finding("clock", false, $"it says {says}, and this program was made later than that", "connect to a network and wait a minute, or set it: sudo date -s '2026-01-31 12:00' with the right time");
    }

    private static Finding System() => new(
        "system",
        true,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 20)} MiB, {RuntimeInformation.FrameworkDescription}");

    private static Finding Renderer()
    {
        using GlDevice device = GlDevice.Open();
        return new Finding("renderer", true, device.Describe());
    }

    private static Finding Torch()
    {
        TorchDescription torch = TorchRuntime.Describe();
        string patched = torch.PatchedCopy is null ? "" : $", adapted to this system's libstdc++ in {torch.PatchedCopy}";
        string memory = torch.KeepsFreedMemory ? ", keeps freed memory" : "";
        return new Finding("libtorch", true, $"{torch.LibtorchVersion} on {torch.Device}, {torch.Threads} threads{memory}{patched}");
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
}
