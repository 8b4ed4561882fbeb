using System.Buffers.Text;

namespace DataRig.Engine.Assets;

/// <summary>Goes through a text file line by line and word by word, without making strings.</summary>
/// <param name="text">ASCII or UTF-8. A line that ends in a backslash goes on in the next.</param>
internal ref struct TextLines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _left = text;
    private ReadOnlySpan<byte> _line;
    private int _taken;

    /// <summary>The current line's number, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Goes on to the next line.</summary>
    public bool Next()
    {
        if (_left.IsEmpty)
        {
            return false;
        }

        Number += Math.Max(1, _taken);
        _taken = 0;
        int end = -1;
        do
        {
            int next = _left[(end + 1)..].IndexOf((byte)'\n');
            end = next < 0 ? _left.Length : end + 1 + next;
            _taken++;
        }
        while (end < _left.Length && _left[..end].TrimEnd((byte)'\r').EndsWith("\\"u8));

        _line = _left[..end];
        _left = end < _left.Length ? _left[(end + 1)..] : [];
        return true;
    }

    /// <summary>The next word of the line; empty at its end.</summary>
    public ReadOnlySpan<byte> Word()
    {
        int start = _line.IndexOfAnyExcept(" \t\r\n\\"u8);
        if (start < 0)
        {
            _line = [];
            return [];
        }

        int length = _line[start..].IndexOfAny(" \t\r\n"u8);
        ReadOnlySpan<byte> word = length < 0 ? _line[start..] : _line.Slice(start, length);
        _line = length < 0 ? [] : _line[(start + length)..];
        return word;
    }

    /// <summary>The line's rest, without spaces around it.</summary>
    public readonly ReadOnlySpan<byte> Rest() => _line.Trim(" \t\r\n"u8);

    /// <summary>The next word as a number.</summary>
    public bool TryNumber(out float number)
    {
        ReadOnlySpan<byte> word = Word();
        return Utf8Parser.TryParse(word, out number, out int used) && used == word.Length && used > 0;
    }

    /// <summary>The next three words as a point.</summary>
    public bool TryPoint(out System.Numerics.Vector3 point)
    {
        bool good = TryNumber(out float x) & TryNumber(out float y) & TryNumber(out float z);
        point = new(x, y, z);
        return good;
    }
}
