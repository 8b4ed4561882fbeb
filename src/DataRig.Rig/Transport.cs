namespace DataRig.Rig;

/// <summary>
/// A line of bytes to a board, open from its making until it is disposed. One reader and one writer at a time; a read
/// and a write may run together, and disposing ends both.
/// </summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>How a person finds the line: the port's lasting name, such as <c>/dev/serial/by-id/usb-...</c>, where it has one.</summary>
    string Name { get; }

    /// <summary>Waits for at least one byte.</summary>
    /// <returns>How many bytes came, 1 to the buffer's length.</returns>
    /// <exception cref="LinkLostException">The port was unplugged or closed.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel);

    /// <summary>Hands all bytes to the port, in order.</summary>
    /// <exception cref="LinkLostException">The port was unplugged or closed.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel);
}
