using System.ComponentModel.DataAnnotations;
using DataRig.Core.Configuration;
using DataRig.Rig.Grbl;
using DataRig.Rig.Marlin;
using DataRig.Rig.RigLink;

namespace DataRig.Rig.Transports;

/// <summary>Which way bytes take to a port.</summary>
public enum TransportChoice
{
    /// <summary>termios on Linux, portable elsewhere.</summary>
    Auto,

    /// <summary>Linux' own interface: any baud rate, no reset on close, a pulled cable seen at once.</summary>
    Termios,

    /// <summary>.NET's serial ports.</summary>
    Portable,
}

/// <summary>What a board speaks.</summary>
public enum Dialect
{
    /// <summary>Whichever of the others it answers to.</summary>
    Auto,

    /// <summary>Our own firmware's framed protocol.</summary>
    Riglink,

    /// <summary>A 3D printer's firmware.</summary>
    Marlin,

    /// <summary>A CNC shield's firmware.</summary>
    Grbl,
}

/// <summary>Where a motor board is and how to speak to it.</summary>
public sealed record SerialOptions : IValidatedOptions
{
    /// <summary>The port, such as <c>/dev/serial/by-id/usb-...</c>, <c>/dev/ttyACM0</c> or <c>COM3</c>; <c>auto</c> finds the board by its answer.</summary>
    public string Port { get; init; } = "auto";

    /// <summary>Bits a second; 0 tries 115200, 250000 and 57600.</summary>
    [Range(0, 4_000_000)]
    public int Baud { get; init; }

    public TransportChoice Transport { get; init; }

    public Dialect Dialect { get; init; }

    /// <summary>How the board is wired if it is a Marlin.</summary>
    public MarlinOptions Marlin { get; init; } = new();

    /// <summary>How the board is wired if it is a grbl.</summary>
    public GrblOptions Grbl { get; init; } = new();

    /// <summary>How the board is wired if it has our own firmware.</summary>
    public RigLinkOptions RigLink { get; init; } = new();

    /// <summary>The baud rates to try, the likeliest first.</summary>
    internal IReadOnlyList<int> Bauds => Baud > 0 ? [Baud] : [115_200, 250_000, 57_600];

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (string.IsNullOrWhiteSpace(Port))
        {
            yield return ("port", "expected a port's name, or \"auto\"");
        }

        if (Transport == TransportChoice.Termios && !OperatingSystem.IsLinux())
        {
            yield return ("transport", "termios is Linux' own; expected \"auto\" or \"portable\" on this system");
        }

        if (Baud is > 0 and < 300)
        {
            yield return ("baud", "expected 0, or at least 300");
        }
    }
}
