using DataRig.Rig.Cameras;
using DataRig.Rig.Transports;

namespace DataRig.Rig;

/// <summary>What the system tells of this machine's devices without opening one: for a diagnosis before anything is touched.</summary>
public static class Devices
{
    /// <summary>To read and to write, in the words of access(2).</summary>
    private const int ReadAndWrite = 4 | 2;

    /// <summary>The device files whose paths begin so, such as <c>/dev/video</c>; in the order of their names.</summary>
    public static IReadOnlyList<string> Beginning(string start)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(start)!, Path.GetFileName(start) + "*").Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // no such folder: no such devices
        }
    }

    /// <summary>Whether the system would let this user read and write the device, by whatever right: owner, group, access list or root.</summary>
    public static bool MayUse(string device) => !OperatingSystem.IsLinux() || Native.Access(device, ReadAndWrite) == 0;

    /// <summary>Another program that has the port open, such as <c>picocom (process 4711)</c>; null where none is seen. Without root only the user's own are seen.</summary>
    public static string? HolderOf(Port port)
    {
        ArgumentNullException.ThrowIfNull(port);
        return PortHolder.Find(port.Device);
    }

    /// <summary>The group whose members may open serial ports on this system.</summary>
    public static string SerialGroup(string port) => PortHolder.Group(port);

    /// <summary>The device behind a lasting name, or the name itself.</summary>
    public static string Behind(string name) => PortHolder.Resolve(name);

    /// <summary>A sentence that names the programs that have a camera open and how to end them; null where none is seen.</summary>
    /// <param name="starts">How the camera's device files begin, such as <c>/dev/media</c>.</param>
    public static string? CameraHolders(params string[] starts) => new PipelineHolders(starts).Describe();
}
