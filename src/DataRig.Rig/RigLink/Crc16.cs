namespace DataRig.Rig.RigLink;

/// <summary>
/// CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, nothing reflected. The check value of "123456789" is 0x29B1.
/// </summary>
internal static class Crc16
{
    private static readonly ushort[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xFFFF;
        foreach (byte value in bytes)
        {
            crc = (ushort)((crc << 8) ^ Table[(crc >> 8) ^ value]);
        }

        return crc;
    }

    private static ushort Entry(int high)
    {
        int crc = high << 8;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        }

        return (ushort)crc;
    }
}
