namespace DataRig.Rig.Cameras;

/// <summary>
/// A socket's bytes with the moment before which they cannot have arrived: when the system's buffer was last seen empty, which
/// a read that has to wait finds it to be. So pictures that queued up while this machine was busy, or that a busy thread
/// hears of late, are not taken for new ones.
/// </summary>
internal sealed class ArrivalStream(Stream socket, TimeProvider time) : Stream
{
    private DateTimeOffset _emptyAt = time.GetUtcNow();

    /// <summary>The bytes of the latest read arrived at this moment or after it.</summary>
    public DateTimeOffset ArrivedAt { get; private set; } = time.GetUtcNow();

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
    {
        DateTimeOffset asked = time.GetUtcNow();
        ValueTask<int> read = socket.ReadAsync(buffer, cancel);
        bool lay = read.IsCompleted;
        _emptyAt = lay ? _emptyAt : asked;
        int count = await read.ConfigureAwait(false);
        ArrivedAt = buffer.Length > 0 ? _emptyAt : ArrivedAt; // TLS asks with an empty buffer whether there is anything
        _emptyAt = lay && count < buffer.Length ? asked : _emptyAt;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancel) => ReadAsync(buffer.AsMemory(offset, count), cancel).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancel = default) => socket.WriteAsync(buffer, cancel);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancel) => socket.WriteAsync(buffer, offset, count, cancel);

    public override Task FlushAsync(CancellationToken cancel) => socket.FlushAsync(cancel);

    public override void Flush() => socket.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => socket.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
        }

        base.Dispose(disposing);
    }
}
