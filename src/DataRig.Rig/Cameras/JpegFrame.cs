using System.Buffers.Binary;

namespace DataRig.Rig.Cameras;

/// <summary>A frame header (ITU T.81, B.2.2): how large the picture is and how its components are sampled.</summary>
/// <param name="Sequential">Whether its scans are Huffman codes of whole blocks (SOF0 and SOF1).</param>
/// <param name="Components">Each component's id and its blocks across and down in one unit of an interleaved scan.</param>
internal sealed record JpegFrame(bool Sequential, int Width, int Height, IReadOnlyList<(byte Id, int Across, int Down)> Components)
{
    private int MaxAcross { get; } = Components.Max(c => c.Across);

    private int MaxDown { get; } = Components.Max(c => c.Down);

    /// <summary>SOF0 to SOF15, without DHT, JPG and DAC, which lie between them.</summary>
    public static bool IsStart(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <returns>The header, or null where it is wrong.</returns>
    public static JpegFrame? Read(byte marker, ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 6 || segment[5] is 0 or > 4 || segment.Length < 6 + (3 * segment[5]))
        {
            return null;
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        (byte, int, int)[] components = new (byte, int, int)[segment[5]];
        for (int i = 0; i < components.Length; i++)
        {
            byte sampling = segment[7 + (3 * i)];
            components[i] = (segment[6 + (3 * i)], sampling >> 4, sampling & 15);
        }

        bool sane = width > 0 && height > 0 && Array.TrueForAll(components, c => c.Item2 is >= 1 and <= 4 && c.Item3 is >= 1 and <= 4);
        return sane ? new JpegFrame(marker is 0xC0 or 0xC1, width, height, components) : null;
    }

    /// <summary>How many units a scan of these components has: interleaved ones cover the sampling grid, a lone one its own blocks (A.2).</summary>
    public long Units(ReadOnlySpan<int> components)
    {
        if (components.Length > 1)
        {
            return (long)Parts(Width, 8 * MaxAcross) * Parts(Height, 8 * MaxDown);
        }

        (byte _, int across, int down) = Components[components[0]];
        return (long)Parts(Parts(Width * across, MaxAcross), 8) * Parts(Parts(Height * down, MaxDown), 8);
    }

    private static int Parts(int whole, int part) => (whole + part - 1) / part;
}
