using System.Buffers;
using System.IO.Pipelines;

namespace DataRig.Rig.Tests.Lines;

/// <summary>One end of a line in memory; what is written to one end is read from the other. Disposing an end unplugs both.</summary>
internal sealed class MemoryLine : ITransport
{
    private readonly PipeReader _in;
    private readonly PipeWriter _out;
    private readonly CancellationTokenSource _unplugged;

    private MemoryLine(string name, PipeReader @in, PipeWriter @out, CancellationTokenSource unplugged)
    {
        Name = name;
        _in = @in;
        _out = @out;
        _unplugged = unplugged;
    }

    public string Name { get; }

    public static (ITransport Host, ITransport Device) Pair(string name = "memory")
    {
        PipeOptions unbounded = new(pauseWriterThreshold: 0, useSynchronizationContext: false);
        Pipe down = new(unbounded), up = new(unbounded);
        CancellationTokenSource unplugged = new();
        return (new MemoryLine(name, up.Reader, down.Writer, unplugged), new MemoryLine($"{name}, the device's end", down.Reader, up.Writer, unplugged));
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _unplugged.Token);
        try
        {
            ReadResult result = await _in.ReadAsync(either.Token);
            int count = (int)Math.Min(buffer.Length, result.Buffer.Length);
            result.Buffer.Slice(0, count).CopyTo(buffer.Span);
            _in.AdvanceTo(result.Buffer.GetPosition(count));
            return count > 0 ? count : throw Gone();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Gone();
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_unplugged.IsCancellationRequested)
        {
            throw Gone();
        }

        await _out.WriteAsync(bytes, cancel);
    }

    public async ValueTask DisposeAsync() => await _unplugged.CancelAsync();

    private LinkLostException Gone() => new($"{Name} is no longer there.");
}
