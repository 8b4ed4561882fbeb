using System.Text;

namespace DataRig.Rig.Transports;

/// <summary>Cuts what arrives into lines of text; CR and LF each end one, empty ones are left out, any byte is a character.</summary>
internal sealed class LineReader(ITransport transport, TimeProvider time)
{
    /// <summary>Longer than any line of Marlin's or grbl's; what goes beyond is noise and is cut off.</summary>
    public const int MaximumLength = 512;

    private readonly byte[] _buffer = new byte[1024];
    private readonly StringBuilder _line = new();
    private readonly Queue<string> _lines = [];

    /// <returns>The next line, or null where none was complete in time; what came of it is kept for the next call.</returns>
    /// <exception cref="LinkLostException">The port was unplugged or closed.</exception>
    public async ValueTask<string?> ReadAsync(TimeSpan patience, CancellationToken cancel)
    {
        if (_lines.TryDequeue(out string? ready) || patience <= TimeSpan.Zero)
        {
            return ready;
        }

        using CancellationTokenSource late = new(patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            while (_lines.Count == 0)
            {
                int count = await transport.ReadAsync(_buffer, either.Token).ConfigureAwait(false);
                Feed(_buffer.AsSpan(0, count));
            }

            return _lines.Dequeue();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The next line before an instant of the clock's time stamps; so that endless chatter is no patience without end.</summary>
    public ValueTask<string?> ReadUntilAsync(long deadline, CancellationToken cancel)
    {
        TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), deadline);
        return ReadAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancel);
    }

    /// <summary>The time stamp at the end of a span that begins now.</summary>
    public long After(TimeSpan span) => time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>Gives a line back; the next read returns it first.</summary>
    public void PutBack(string line)
    {
        string[] later = [.. _lines];
        _lines.Clear();
        _lines.Enqueue(line);
        Array.ForEach(later, _lines.Enqueue);
    }

    private void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (b is not ((byte)'\n' or (byte)'\r'))
            {
                if (_line.Length < MaximumLength)
                {
                    _line.Append((char)b);
                }
            }
            else if (_line.Length > 0)
            {
                _lines.Enqueue(_line.ToString());
                _line.Clear();
            }
        }
    }
}
