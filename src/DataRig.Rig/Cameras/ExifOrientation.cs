using System.Buffers.Binary;

namespace DataRig.Rig.Cameras;

/// <summary>Whether a camera that was held upright says so: orientations 5 to 8 swap width and height (EXIF 2.3, 4.6.4 A).</summary>
internal static class ExifOrientation
{
    private const int OrientationTag = 0x0112;

    /// <returns>True: broken EXIF data does not break a picture.</returns>
    public static bool Read(ReadOnlySpan<byte> segment, ref bool swapped)
    {
        if (segment.Length >= 14 && segment.StartsWith("Exif\0\0"u8))
        {
            ReadOnlySpan<byte> tiff = segment[6..];
            bool little = tiff[0] == (byte)'I';
            uint directory = UInt32(tiff[4..], little);
            if (directory <= tiff.Length - 2)
            {
                ReadOnlySpan<byte> entries = tiff[((int)directory + 2)..];
                int count = UInt16(tiff[(int)directory..], little);
                for (; count > 0 && entries.Length >= 12; count--, entries = entries[12..])
                {
                    if (UInt16(entries, little) == OrientationTag)
                    {
                        swapped = UInt16(entries[8..], little) is >= 5 and <= 8;
                    }
                }
            }
        }

        return true;
    }

    private static ushort UInt16(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint UInt32(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
