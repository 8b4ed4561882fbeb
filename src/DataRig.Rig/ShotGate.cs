namespace DataRig.Rig;

/// <summary>What a picture must be before it may become a frame.</summary>
internal static class ShotGate
{
    /// <returns>What is wrong in a few words, or null when the shot is good.</returns>
    public static string? Problem(Shot shot, TablePosition position)
    {
        ReadOnlySpan<byte> bytes = shot.Image.Bytes;
        if (shot.TakenAt < position.SettledAt)
        {
            return $"it was exposed {(position.SettledAt - shot.TakenAt).TotalMilliseconds:F0} ms before the table was still";
        }

        // A JPEG begins with SOI and ends with EOI (ITU T.81, B.1.1.3); a cut transfer lacks the second.
        if (bytes.Length < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8)
        {
            return "it is not a JPEG";
        }

        return bytes[^2] != 0xFF || bytes[^1] != 0xD9 ? "the JPEG is cut short" : null;
    }
}
