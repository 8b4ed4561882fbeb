using System.Runtime.InteropServices;

namespace DataRig.Rig.Transports;

/// <summary>
/// A serial port of Linux through its own interface: any baud rate (the termios2 one, where a speed is a plain number),
/// nobody else on the port meanwhile, no reset of an Arduino when it closes, and a pulled cable seen at once.
/// </summary>
public static class TermiosTransport
{
    /// <param name="port">Its name, such as <c>/dev/ttyACM0</c>.</param>
    /// <param name="baud">Bits a second, above 0; 8 data bits, no parity, 1 stop bit.</param>
    /// <exception cref="PortException">The port is not there, not permitted, held by another program, or no serial port.</exception>
    public static ITransport Open(string port, int baud, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baud);
        DescriptorHandle line = Native.Open(port, Native.ReadWrite | Native.NoControllingTerminal | Native.NonBlocking | Native.CloseOnExec);
        try
        {
            if (line.IsInvalid)
            {
                throw PortException.For(port, Problem(Marshal.GetLastPInvokeError()));
            }

            Set(line, port, baud);
            // Refuses later opens, but not one that came before: whoever is in already is found by name.
            _ = Native.Control(line, Native.Exclusive, 0);
            if (PortHolder.Find(port) is not null)
            {
                throw PortException.For(port, PortProblem.Held);
            }

            return new DescriptorTransport(line, port, time);
        }
        catch (PortException)
        {
            line.Dispose();
            throw;
        }
    }

    /// <summary>Raw, 8N1, at a speed; the modem lines stay as they are when the port closes.</summary>
    private static unsafe void Set(DescriptorHandle line, string port, int baud)
    {
        Native.Termios2 settings = default;
        if (Native.Control(line, Native.GetTermios2, ref settings) < 0)
        {
            throw PortException.For(port, Problem(Marshal.GetLastPInvokeError()));
        }

        settings.InputFlags = 0;
        settings.OutputFlags = 0;
        settings.LocalFlags = 0;
        settings.ControlFlags = Native.Termios2.EightBits | Native.Termios2.CanRead | Native.Termios2.IgnoreModemLines | Native.Termios2.SpeedIsANumber;
        settings.InputSpeed = settings.OutputSpeed = (uint)baud;
        settings.Characters[Native.Termios2.MinimumBytes] = 1;
        settings.Characters[Native.Termios2.TimeTenths] = 0;
        if (Native.Control(line, Native.SetTermios2, ref settings) < 0)
        {
            throw PortException.For(port, PortProblem.Baud, $"{baud} baud");
        }

        // What was left over from before the speed was right is noise.
        _ = Native.Control(line, Native.FlushQueues, 2);
    }

    private static PortProblem Problem(int error) => error switch
    {
        Native.NoEntry or Native.NoDevice or Native.NoDeviceOrAddress => PortProblem.Missing,
        Native.NoAccess or Native.NotPermitted => PortProblem.NotPermitted,
        Native.Busy => PortProblem.Held,
        Native.NotATerminal => PortProblem.NoSerialPort,
        _ => PortProblem.Broken,
    };
}
