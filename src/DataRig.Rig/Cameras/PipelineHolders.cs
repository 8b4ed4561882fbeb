namespace DataRig.Rig.Cameras;

/// <summary>
/// Who holds the camera: libcamera locks its media device, and says only "Pipeline handler in use by another process".
/// Linux shows which processes have the device open.
/// </summary>
/// <param name="devices">How the devices' paths begin, such as <c>/dev/media</c>.</param>
internal sealed class PipelineHolders(params string[] devices)
{
    /// <returns>A sentence naming the holders and how to end them, or null where nobody is seen.</returns>
    public string? Describe()
    {
        int[] holders = [.. Processes.Running().Where(id => id != Environment.ProcessId && Processes.OpenFiles(id).Any(IsCamera))];
        return holders.Length == 0
            ? null
            : $"The camera is held by {string.Join(" and ", holders.Select(Name))}; end it with: kill {string.Join(' ', holders)}";
    }

    private bool IsCamera(string file) => Array.Exists(devices, d => file.StartsWith(d, StringComparison.Ordinal));

    private static string Name(int id) => $"\"{Path.GetFileName(Processes.Arguments(id).FirstOrDefault() ?? "?")}\" (process {id})";
}
