namespace DataRig.Rig.RigLink;

/// <summary>
/// Consistent Overhead Byte Stuffing (Cheshire and Baker, IEEE/ACM Transactions on Networking 7(2), 1999): removes every
/// zero byte, so that a zero can end a frame. For up to 253 bytes, where one byte is the whole overhead.
/// </summary>
internal static class Cobs
{
    public const int Longest = 253;

    /// <param name="encoded">At least one byte longer than the data.</param>
    /// <returns>How many bytes were written: one more than the data has.</returns>
    public static int Encode(ReadOnlySpan<byte> data, Span<byte> encoded)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, Longest);
        int code = 0;
        for (int i = 0; i < data.Length; i++)
        {
            if (data[i] == 0)
            {
                encoded[code] = (byte)(i + 1 - code);
                code = i + 1;
            }
            else
            {
                encoded[i + 1] = data[i];
            }
        }

        encoded[code] = (byte)(data.Length + 1 - code);
        return data.Length + 1;
    }

    /// <param name="data">At least as long as the encoded bytes less one.</param>
    /// <returns>How many bytes were written, or null where the bytes are not COBS.</returns>
    public static int? Decode(ReadOnlySpan<byte> encoded, Span<byte> data)
    {
        if (encoded.Length is 0 or > Longest + 1)
        {
            return null;
        }

        int code = encoded[0];
        for (int i = 1; i < encoded.Length; i++)
        {
            bool atCode = --code == 0;
            if (encoded[i] == 0 || (!atCode && code < 0))
            {
                return null;
            }

            data[i - 1] = atCode ? (byte)0 : encoded[i];
            code = atCode ? encoded[i] : code;
        }

        return code == 1 ? encoded.Length - 1 : null;
    }
}
