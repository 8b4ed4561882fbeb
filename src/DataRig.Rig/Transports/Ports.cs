using System.IO.Ports;

namespace DataRig.Rig.Transports;

/// <summary>A serial port of this machine.</summary>
/// <param name="Name">What to open: the name that stays with the device, where there is one.</param>
/// <param name="Device">The name that it has now, such as <c>/dev/ttyACM0</c>; another one after each replug, perhaps.</param>
public sealed record Port(string Name, string Device);

/// <summary>The serial ports of this machine, and how they are opened.</summary>
/// <param name="devices">Where the device files are; a test has a folder of its own.</param>
public sealed class Ports(TimeProvider time, string devices = "/dev")
{
    /// <summary>Lasting names first, then those of the moment; each device once.</summary>
    public IReadOnlyList<Port> List()
    {
        if (OperatingSystem.IsWindows())
        {
            return [.. SerialPort.GetPortNames().Distinct().Order(StringComparer.Ordinal).Select(p => new Port(p, p))];
        }

        IEnumerable<string> lasting = Names(Path.Combine(devices, "serial", "by-id"), "*");
        IEnumerable<string> momentary = Names(devices, "ttyUSB*").Concat(Names(devices, "ttyACM*")).Concat(Names(devices, "cu.usb*"));
        return [.. lasting.Concat(momentary).Select(n => new Port(n, PortHolder.Resolve(n))).Where(p => File.Exists(p.Device)).DistinctBy(p => p.Device)];
    }

    /// <exception cref="PortException">The port is not there, not permitted, held by another program, no serial port, or cannot do the baud rate.</exception>
    public ITransport Open(string port, int baud, TransportChoice transport) =>
        transport == TransportChoice.Termios || (transport == TransportChoice.Auto && OperatingSystem.IsLinux())
            ? TermiosTransport.Open(port, baud, time)
            : SerialPortTransport.Open(port, baud, time);

    private static string[] Names(string folder, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder, pattern).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // no such folder: no such ports
        }
    }
}
