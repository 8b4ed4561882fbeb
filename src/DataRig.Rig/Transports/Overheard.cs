namespace DataRig.Rig.Transports;

/// <summary>A line that remembers the first of what came from it, to say in a message what was heard.</summary>
internal sealed class Overheard(ITransport line) : ITransport
{
    private readonly List<byte> _first = [];

    public string Name => line.Name;

    /// <summary>The first bytes that were heard; empty after silence.</summary>
    public IReadOnlyList<byte> First => _first;

    /// <summary>Whether what was heard is text: most of it printable ASCII.</summary>
    public bool IsText => _first.Count(b => b is >= 0x20 and < 0x7F or (byte)'\n' or (byte)'\r' or (byte)'\t') * 10 >= _first.Count * 9;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        int count = await line.ReadAsync(buffer, cancel).ConfigureAwait(false);
        if (_first.Count < 256)
        {
            _first.AddRange(buffer.Span[..count]);
        }

        return count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => line.WriteAsync(bytes, cancel);

    public ValueTask DisposeAsync() => line.DisposeAsync();
}
