using System.Globalization;
using System.Text;

namespace DataRig.Rig.Cameras;

/// <summary>
/// Takes a <c>multipart/x-mixed-replace</c> stream apart as it arrives (RFC 2046, 5.1), and as cameras really send it:
/// boundaries quoted, with their dashes declared or not declared at all; parts without a length, or with a wrong one;
/// pieces missing. Any bytes will do: nothing is thrown, memory is bounded, and it finds its way back at the next boundary.
/// </summary>
public sealed class MultipartParser
{
    private const int MostHeaderBytes = 8 * 1024;
    private const int LongestBoundary = 100;

    /// <summary>After so many bytes without the declared boundary the stream's own is looked for.</summary>
    private const int MostPreambleBytes = 64 * 1024;

    private readonly int _mostPartBytes;
    private readonly List<(int End, DateTimeOffset At)> _arrivals = [];
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;
    private byte[]? _delimiter;
    private Dictionary<string, string>? _headers;
    private int _bodyAt;
    private int _searched;
    private long _preamble;

    /// <param name="boundary">As the stream's content type declares it; null where it does not.</param>
    /// <param name="mostPartBytes">A part beyond this is thrown away.</param>
    public MultipartParser(string? boundary, int mostPartBytes)
    {
        _delimiter = Delimiter(boundary);
        _mostPartBytes = mostPartBytes;
    }

    /// <summary>Takes the next bytes.</summary>
    /// <param name="arrivedAt">When they arrived.</param>
    /// <returns>The parts that are whole now, in order.</returns>
    public IReadOnlyList<MultipartPart> Feed(ReadOnlySpan<byte> bytes, DateTimeOffset arrivedAt)
    {
        List<MultipartPart> parts = [];
        while (!bytes.IsEmpty)
        {
            int taken = Math.Min(bytes.Length, _buffer.Length);
            Append(bytes[..taken], arrivedAt);
            bytes = bytes[taken..];
            while (Step(parts))
            {
            }
        }

        return parts;
    }

    private static byte[]? Delimiter(string? boundary)
    {
        string token = (boundary ?? "").Trim().Trim('"', '\'').TrimStart('-').Trim();
        return token.Length is 0 or > LongestBoundary ? null : Encoding.UTF8.GetBytes("--" + token);
    }

    private void Append(ReadOnlySpan<byte> bytes, DateTimeOffset arrivedAt)
    {
        if (_length + bytes.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _length + bytes.Length));
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
        _arrivals.Add((_length, arrivedAt));
    }

    /// <returns>Whether something was done that may allow for more.</returns>
    private bool Step(List<MultipartPart> parts) =>
        _headers is not null ? FinishBody(parts)
        : _delimiter is null ? LearnDelimiter()
        : ReadHeaders();

    /// <summary>Without a declared boundary: a line that begins with dashes and is followed by a header is one.</summary>
    private bool LearnDelimiter()
    {
        ReadOnlySpan<byte> text = _buffer.AsSpan(0, _length);
        int at = 0;
        while (text[at..].IndexOf("--"u8) is >= 0 and int found)
        {
            at += found;
            ReadOnlySpan<byte> line = text[at..];
            int end = line.IndexOf((byte)'\n');
            if (end < 0 || end + 8 >= line.Length)
            {
                break; // it may become one
            }

            if (end <= LongestBoundary && (at == 0 || text[at - 1] == (byte)'\n') && Encoding.ASCII.GetString(line.Slice(end + 1, 8)).Equals("content-", StringComparison.OrdinalIgnoreCase))
            {
                _delimiter = Delimiter(Encoding.UTF8.GetString(line[..end]));
                if (_delimiter is not null)
                {
                    _searched = 0;
                    _preamble = 0;
                    return true;
                }
            }

            at++;
        }

        Forget(Math.Max(0, _length - LongestBoundary - 16));
        return false;
    }

    /// <summary>Goes to the next boundary and reads the header lines behind it.</summary>
    private bool ReadHeaders()
    {
        int at = FindDelimiter(0);
        if (at < 0)
        {
            int gone = Math.Max(0, _length - _delimiter!.Length - 2);
            _preamble += gone;
            if (_preamble > MostPreambleBytes)
            {
                (_delimiter, _preamble) = (null, 0);
                return true;
            }

            Forget(gone);
            return false;
        }

        ReadOnlySpan<byte> text = _buffer.AsSpan(at + _delimiter!.Length, _length - at - _delimiter.Length);
        int line = text.IndexOf((byte)'\n');
        int end = line < 0 ? -1 : EndOfHeaders(text[line..]);
        if (end < 0)
        {
            if (text.Length > MostHeaderBytes)
            {
                Forget(at + _delimiter.Length); // a boundary's name in something else
                return true;
            }

            Forget(at);
            return false;
        }

        _headers = Headers(text.Slice(line, end));
        _preamble = 0;
        _bodyAt = at + _delimiter.Length + line + end;
        _searched = 0;
        return true;
    }

    /// <summary>Waits for the body: as long as its header says where that turns out to be true, else up to the next boundary.</summary>
    private bool FinishBody(List<MultipartPart> parts)
    {
        ReadOnlySpan<byte> body = _buffer.AsSpan(_bodyAt, _length - _bodyAt);
        int next = FindDelimiter(_bodyAt + _searched) is >= 0 and int at ? at - _bodyAt : -1;
        int declared = DeclaredLength();
        if (declared >= 0 && declared <= body.Length && (next < 0 || next >= declared) && IsPlausible(body[..declared]))
        {
            Deliver(parts, declared);
            return true;
        }

        if (next >= 0)
        {
            int end = next;
            while (end > 0 && body[end - 1] == (byte)'-')
            {
                end--; // a boundary that was declared without some of its dashes
            }

            end -= end > 0 && body[end - 1] == (byte)'\n' ? 1 : 0;
            end -= end > 0 && body[end - 1] == (byte)'\r' ? 1 : 0;
            Deliver(parts, end);
            return true;
        }

        if (body.Length > _mostPartBytes)
        {
            _headers = null;
            Forget(_length);
            return false;
        }

        _searched = Math.Max(0, body.Length - _delimiter!.Length - 2);
        return false;
    }

    private void Deliver(List<MultipartPart> parts, int length)
    {
        parts.Add(new MultipartPart(_buffer.AsSpan(_bodyAt, length).ToArray(), _headers!, ArrivalOf(_bodyAt)));
        _headers = null;
        Forget(_bodyAt + length);
    }

    private int DeclaredLength() =>
        _headers!.TryGetValue("Content-Length", out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length > 0 && length <= _mostPartBytes
            ? length
            : -1;

    /// <summary>Whether these may be the bytes of a JPEG to its end; cameras pad what follows it.</summary>
    internal static bool HasEnd(ReadOnlySpan<byte> body) =>
        body.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) && body[Math.Max(0, body.Length - 4096)..].LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) >= 0;

    /// <summary>A length that cuts a JPEG is not believed; some servers count wrong.</summary>
    private static bool IsPlausible(ReadOnlySpan<byte> body) => !body.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) || HasEnd(body);

    /// <summary>Where the next boundary begins: at the start of a line, or right behind a JPEG's end, and followed by a line's end or dashes.</summary>
    private int FindDelimiter(int from)
    {
        ReadOnlySpan<byte> text = _buffer.AsSpan(0, _length);
        for (int at = from; at < text.Length && text[at..].IndexOf(_delimiter) is >= 0 and int found; at++)
        {
            at += found;
            int first = at;
            while (first > 0 && text[first - 1] == (byte)'-')
            {
                first--;
            }

            int behind = at + _delimiter!.Length;
            bool begins = first == 0 || text[first - 1] == (byte)'\n' || (first > 1 && text[first - 2] == 0xFF && text[first - 1] == 0xD9) || first == _bodyAt;
            if (begins && (behind >= text.Length || text[behind] is (byte)'\r' or (byte)'\n' or (byte)'-' or (byte)' ' or (byte)'"'))
            {
                return at;
            }
        }

        return -1;
    }

    /// <returns>How far the empty line reaches, counted from the line end before the headers; -1 where it is not there yet.</returns>
    private static int EndOfHeaders(ReadOnlySpan<byte> text)
    {
        int lines = text.IndexOf("\n\n"u8), crLines = text.IndexOf("\n\r\n"u8);
        return lines >= 0 && (crLines < 0 || lines < crLines) ? lines + 2 : crLines >= 0 ? crLines + 3 : -1;
    }

    private static Dictionary<string, string> Headers(ReadOnlySpan<byte> text)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in Encoding.UTF8.GetString(text[..Math.Min(text.Length, MostHeaderBytes)]).Split('\n'))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon)
            {
                headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }
        }

        return headers;
    }

    private DateTimeOffset ArrivalOf(int offset) => _arrivals.Find(a => a.End > offset) is { End: > 0 } found ? found.At : _arrivals.Count > 0 ? _arrivals[^1].At : default;

    /// <summary>Drops the buffer's first bytes.</summary>
    private void Forget(int count)
    {
        if (count == 0)
        {
            return;
        }

        _buffer.AsSpan(count, _length - count).CopyTo(_buffer);
        _length -= count;
        _bodyAt = Math.Max(0, _bodyAt - count);
        _arrivals.RemoveAll(a => a.End <= count);
        for (int i = 0; i < _arrivals.Count; i++)
        {
            _arrivals[i] = (_arrivals[i].End - count, _arrivals[i].At);
        }
    }
}
