using System.Globalization;
using DataRig.Core;

namespace DataRig.Rig.Transports;

/// <summary>
/// A board out of a <see cref="WireLog"/>: says what the board said, once it has been told what it had been told before.
/// How the bytes were cut into pieces does not matter, and no time is waited.
/// </summary>
public sealed class ReplayTransport : ITransport
{
    private readonly IReadOnlyList<(bool FromBoard, byte[] Bytes, int Line)> _entries;
    private readonly Lock _lock = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _entry;
    private int _within;
    private bool _closed;

    private ReplayTransport(string name, IReadOnlyList<(bool FromBoard, byte[] Bytes, int Line)> entries)
    {
        Name = name;
        _entries = entries;
    }

    public string Name { get; }

    /// <summary>Whether everything in the log has come by.</summary>
    public bool IsAtEnd => _entry >= _entries.Count;

    /// <summary>Each opening of a port in a log, as a line that can be opened again.</summary>
    /// <exception cref="WorkFailedException">The file is not there, or is no wire log.</exception>
    public static IReadOnlyList<ReplayTransport> ReadFile(string path)
    {
        try
        {
            return Read(File.ReadAllLines(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The wire log {path} cannot be read: {e.Message}", e);
        }
    }

    /// <param name="lines">The log.</param>
    /// <param name="path">The name that messages give it.</param>
    internal static IReadOnlyList<ReplayTransport> Read(IReadOnlyList<string> lines, string path)
    {
        List<(bool FromBoard, byte[] Bytes, int Line)> entries = [];
        List<ReplayTransport> openings = [];
        string name = path;
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].StartsWith('#'))
            {
                if (lines[i].Contains(" opened ", StringComparison.Ordinal))
                {
                    entries = [];
                    name = lines[i][1..lines[i].LastIndexOf(" opened ", StringComparison.Ordinal)].Trim();
                    openings.Add(new ReplayTransport(name, entries));
                }

                continue;
            }

            string[] parts = lines[i].TrimStart().Split(' ', 3);
            byte[]? bytes = parts.Length == 3 ? Unescape(parts[2]) : null;
            if (openings.Count == 0 || bytes is null || parts[1] is not ("<" or ">") || !double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            {
                throw new WorkFailedException($"{path}:{i + 1}: this is no line of a wire log; expected seconds, > or <, and bytes.");
            }

            entries.Add((parts[1] == "<", bytes, i + 1));
        }

        return openings;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (_closed || IsAtEnd)
                {
                    throw new LinkLostException(_closed ? $"The line {Name} was closed." : $"The wire log of {Name} ends here.");
                }

                if (_entries[_entry].FromBoard)
                {
                    byte[] bytes = _entries[_entry].Bytes;
                    int count = Math.Min(buffer.Length, bytes.Length - _within);
                    bytes.AsSpan(_within, count).CopyTo(buffer.Span);
                    Advance(count);
                    return count;
                }

                moved = _moved.Task;
            }

            await moved.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        ReadOnlySpan<byte> left = bytes.Span;
        lock (_lock)
        {
            while (!left.IsEmpty)
            {
                // What the host sends before it has read everything, it sends all the same.
                (int entry, int within) = NextToBoard();
                if (_closed || entry < 0)
                {
                    throw new LinkLostException(_closed ? $"The line {Name} was closed." : $"The wire log of {Name} ends here.");
                }

                byte[] expected = _entries[entry].Bytes;
                int count = Math.Min(left.Length, expected.Length - within);
                if (!left[..count].SequenceEqual(expected.AsSpan(within, count)))
                {
                    throw new WorkFailedException($"The replay of {Name} differs from line {_entries[entry].Line} of its wire log: expected \"{WireLog.Escape(expected)}\", found \"{WireLog.Escape(bytes.Span)}\".");
                }

                _entry = entry;
                _within = within;
                Advance(count);
                left = left[count..];
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _closed = true;
            _moved.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }

    /// <returns>The bytes of a line of the log, or null where it is not one.</returns>
    internal static byte[]? Unescape(string text)
    {
        List<byte> bytes = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is < ' ' or > '~')
            {
                return null;
            }

            if (c != '\\')
            {
                bytes.Add((byte)c);
                continue;
            }

            switch (++i < text.Length ? text[i] : '\0')
            {
                case 'n': bytes.Add((byte)'\n'); break;
                case 'r': bytes.Add((byte)'\r'); break;
                case 't': bytes.Add((byte)'\t'); break;
                case '\\': bytes.Add((byte)'\\'); break;
                case 'x' when i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value):
                    bytes.Add(value);
                    i += 2;
                    break;
                default: return null;
            }
        }

        return [.. bytes];
    }

    private (int Entry, int Within) NextToBoard()
    {
        int at = _entry;
        while (at < _entries.Count && _entries[at].FromBoard)
        {
            at++;
        }

        return at < _entries.Count ? (at, at == _entry ? _within : 0) : (-1, 0);
    }

    private void Advance(int count)
    {
        _within += count;
        if (_within == _entries[_entry].Bytes.Length)
        {
            _entry++;
            _within = 0;
            TaskCompletionSource moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            moved.TrySetResult();
        }
    }
}
