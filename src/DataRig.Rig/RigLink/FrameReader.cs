namespace DataRig.Rig.RigLink;

/// <summary>
/// Finds messages in a stream of bytes. Whatever is no frame - noise, a boot loader's text, another program's port - is
/// counted and dropped; nothing that comes over the line makes it throw.
/// </summary>
internal sealed class FrameReader
{
    private readonly byte[] _encoded = new byte[Protocol.LongestEncoded];
    private int _length;

    /// <summary>Messages found so far.</summary>
    public long Messages { get; private set; }

    /// <summary>Pieces between two zeros that were no message.</summary>
    public long Unreadable { get; private set; }

    /// <returns>The message that this byte completes, if any.</returns>
    public Message? Push(byte value)
    {
        if (value != 0)
        {
            if (_length < _encoded.Length)
            {
                _encoded[_length] = value;
            }

            // One more than the longest frame says that the piece is too long; counting on could overflow.
            _length = Math.Min(_length + 1, _encoded.Length + 1);
            return null;
        }

        if (_length == 0)
        {
            return null;
        }

        Message? message = _length <= _encoded.Length ? Message.FromEncoded(_encoded.AsSpan(0, _length)) : null;
        _length = 0;
        Messages += message is null ? 0 : 1;
        Unreadable += message is null ? 1 : 0;
        return message;
    }
}
