using System.IO.Ports;

namespace DataRig.Rig.Transports;

/// <summary>
/// A serial port through .NET's own library, for systems other than Linux. It knows only the usual baud rates, and an
/// Arduino may reset when it opens or closes.
/// </summary>
public sealed class SerialPortTransport : ITransport
{
    /// <summary>Outside Windows the library does not notice a pulled cable; it is looked for this often.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly SerialPort _port;
    private readonly Stream _stream;
    private readonly ITimer? _look;
    private readonly CancellationTokenSource _over = new();
    private readonly TimeProvider _time;
    private volatile bool _closed;

    private SerialPortTransport(SerialPort port, TimeProvider time)
    {
        _port = port;
        _stream = port.BaseStream;
        _time = time;
        _look = OperatingSystem.IsWindows() ? null : time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    public string Name => _port.PortName;

    /// <param name="port">Its name, such as <c>COM3</c> or <c>/dev/ttyACM0</c>.</param>
    /// <param name="baud">One of the usual bits a second; 8 data bits, no parity, 1 stop bit.</param>
    /// <exception cref="PortException">The port is not there, not permitted, held by another program, no serial port, or cannot do the baud rate.</exception>
    public static ITransport Open(string port, int baud, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(port);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baud);
        SerialPort serial = new(port, baud, Parity.None, 8, StopBits.One) { Handshake = Handshake.None };
        try
        {
            serial.Open();
            Raise(serial);
            serial.DiscardInBuffer();
            return new SerialPortTransport(serial, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or PlatformNotSupportedException)
        {
            serial.Dispose();
            throw PortException.For(port, Problem(port, e), e is ArgumentOutOfRangeException ? $"{baud} baud" : e.Message, e);
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _over.Token);
        try
        {
            int count = await _stream.ReadAsync(buffer, either.Token).ConfigureAwait(false);
            return count > 0 ? count : throw Gone(null);
        }
        catch (Exception e) when (IsGone(e, cancel))
        {
            throw Gone(e);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _over.Token);
        try
        {
            await _stream.WriteAsync(bytes, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsGone(e, cancel))
        {
            throw Gone(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        await _over.CancelAsync().ConfigureAwait(false);
        if (_look is not null)
        {
            await _look.DisposeAsync().ConfigureAwait(false);
        }

        try
        {
            // The library's close waits for its own thread, and has been seen to wait for ever: the session need not.
            await Task.Run(_port.Dispose).WaitAsync(CloseLimit, _time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // The port went before it was closed.
        }
    }

    private void Look()
    {
        try
        {
            if (File.Exists(Name) && _port.BytesToRead >= 0)
            {
                return;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The system does not even count what has arrived: the line is gone.
        }

        _over.Cancel();
    }

    /// <summary>Many USB boards stay silent until the host is ready; a pty has no such lines.</summary>
    private static void Raise(SerialPort serial)
    {
        try
        {
            serial.DtrEnable = true;
            serial.RtsEnable = true;
        }
        catch (IOException)
        {
        }
    }

    private static PortProblem Problem(string port, Exception failure) => failure switch
    {
        _ when !OperatingSystem.IsWindows() && !File.Exists(port) => PortProblem.Missing,
        FileNotFoundException => PortProblem.Missing,
        ArgumentOutOfRangeException => PortProblem.Baud,
        UnauthorizedAccessException when OperatingSystem.IsWindows() || PortHolder.Find(port) is not null => PortProblem.Held,
        UnauthorizedAccessException when !MayOpen(port) => PortProblem.NotPermitted,
        UnauthorizedAccessException or ArgumentException => PortProblem.NoSerialPort,
        _ => PortProblem.Broken,
    };

    /// <summary>The library says "denied" of a file that is no port, too.</summary>
    private static bool MayOpen(string port)
    {
        try
        {
            File.OpenHandle(port, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool IsGone(Exception failure, CancellationToken cancel) =>
        failure is IOException or UnauthorizedAccessException or InvalidOperationException || (failure is OperationCanceledException && !cancel.IsCancellationRequested);

    private LinkLostException Gone(Exception? cause) => _closed
        ? new LinkLostException($"The line {Name} was closed.", cause)
        : new LinkLostException($"{Name} is no longer there; check the cable and the board's power.", cause);
}
