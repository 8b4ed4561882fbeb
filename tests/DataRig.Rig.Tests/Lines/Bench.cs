using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.Lines;

/// <summary>
/// A folder that looks like <c>/dev</c>: ptys plugged in under names of the moment, and a lasting name each, as udev
/// makes them.
/// </summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-dev-").FullName;
    private readonly Dictionary<string, Pty> _plugged = [];

    public Bench()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "serial", "by-id"));
        Ports = new Ports(TimeProvider.System, _folder);
    }

    public Ports Ports { get; }

    public string At(string name) => Path.Combine(_folder, name);

    public string ById(string id) => Path.Combine(_folder, "serial", "by-id", id);

    /// <returns>The device's end.</returns>
    public ITransport PlugIn(string name, string? id = null)
    {
        Pty pty = Pty.Open();
        _plugged.Add(name, pty);
        File.CreateSymbolicLink(At(name), pty.Port);
        if (id is not null)
        {
            File.CreateSymbolicLink(ById(id), At(name));
        }

        return pty.Device;
    }

    public async Task UnplugAsync(string name)
    {
        File.Delete(At(name));
        foreach (string link in Directory.GetFileSystemEntries(Path.Combine(_folder, "serial", "by-id")).Where(l => new FileInfo(l).LinkTarget == At(name)))
        {
            File.Delete(link);
        }

        await _plugged[name].DisposeAsync();
        _plugged.Remove(name);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string name in _plugged.Keys.ToArray())
        {
            await UnplugAsync(name);
        }

        Directory.Delete(_folder, recursive: true);
    }
}
