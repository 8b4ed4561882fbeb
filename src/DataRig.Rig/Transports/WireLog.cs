using System.Globalization;
using System.Text;
using DataRig.Core;

namespace DataRig.Rig.Transports;

/// <summary>
/// A record of every byte on the lines of a session, in a text file that a person can read and <see cref="ReplayTransport"/>
/// can play again. A line of it: seconds since the file began, <c>&gt;</c> to the board or <c>&lt;</c> from it, and the bytes,
/// those that are not printable ASCII as <c>\n</c>, <c>\r</c>, <c>\t</c>, <c>\\</c> or <c>\x1F</c>. A line that begins with
/// <c>#</c> says which port was opened.
/// </summary>
public sealed class WireLog : IAsyncDisposable
{
    private readonly StreamWriter _file;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly Lock _lock = new();

    /// <exception cref="WorkFailedException">The file cannot be written.</exception>
    public WireLog(string path, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            _file = new StreamWriter(path, append: false, new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The wire log {path} cannot be written: {e.Message}", e);
        }

        _time = time;
        _began = time.GetTimestamp();
    }

    /// <summary>The same line, recorded. Disposing it disposes the line, not the log.</summary>
    public ITransport Record(ITransport line)
    {
        ArgumentNullException.ThrowIfNull(line);
        Write($"# {line.Name} opened {_time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}");
        return new Recorded(line, this);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    /// <summary>Bytes as a line of the log shows them.</summary>
    internal static string Escape(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        foreach (byte b in bytes)
        {
            _ = b switch
            {
                (byte)'\n' => text.Append("\\n"),
                (byte)'\r' => text.Append("\\r"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'\\' => text.Append("\\\\"),
                >= 0x20 and < 0x7F => text.Append((char)b),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}"),
            };
        }

        return text.ToString();
    }

    private void Bytes(char direction, ReadOnlySpan<byte> bytes) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"{_time.GetElapsedTime(_began).TotalSeconds,12:F6} {direction} {Escape(bytes)}"));

    private void Write(string line)
    {
        lock (_lock)
        {
            try
            {
                _file.WriteLine(line);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // A full disk ends the record, not the session.
            }
        }
    }

    private sealed class Recorded(ITransport line, WireLog log) : ITransport
    {
        public string Name => line.Name;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
        {
            int count = await line.ReadAsync(buffer, cancel).ConfigureAwait(false);
            log.Bytes('<', buffer.Span[..count]);
            return count;
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
        {
            log.Bytes('>', bytes.Span);
            await line.WriteAsync(bytes, cancel).ConfigureAwait(false);
        }

        public async ValueTask DisposeAsync()
        {
            await line.DisposeAsync().ConfigureAwait(false);
            log.Write($"# {line.Name} closed");
        }
    }
}
