using System.Buffers.Binary;
using System.Globalization;

namespace DataRig.Rig.Cameras;

/// <summary>
/// A JPEG walked from its first marker to its last, pixels included but not made (ITU T.81). For baseline and extended
/// Huffman pictures, which is what cameras write, every code of every block is read, so that a file that lost its middle
/// has too few blocks and is found out; the scans of progressive and arithmetic pictures are only searched for their end.
/// </summary>
/// <param name="Width">Pixels across, as it is looked at (after the EXIF orientation).</param>
/// <param name="Height">Pixels down, as it is looked at.</param>
/// <param name="Length">Bytes from the first marker to the end of the last; cameras may pad what follows.</param>
public readonly record struct JpegFile(int Width, int Height, int Length)
{
    private const byte Soi = 0xD8, Eoi = 0xD9, Sos = 0xDA, Dht = 0xC4, Dri = 0xDD, App1 = 0xE1;

    /// <summary>Walks a file. Any bytes will do: nothing is thrown, and the time is linear in their number.</summary>
    /// <returns>What is wrong with the file in a few words, or null when it is whole.</returns>
    public static string? Problem(ReadOnlySpan<byte> file, out JpegFile jpeg)
    {
        jpeg = default;
        if (file.Length < 2 || file[0] != 0xFF || file[1] != Soi)
        {
            return file.IsEmpty ? "it is empty" : $"it is not a JPEG (it begins {Convert.ToHexString(file[..Math.Min(4, file.Length)])})";
        }

        JpegFrame? frame = null;
        JpegTables tables = new();
        bool swapped = false;
        int at = 2, seen = 0;
        while (true)
        {
            if (at >= file.Length)
            {
                return CutShort(file.Length);
            }

            if (file[at] != 0xFF)
            {
                return Damaged(at);
            }

            while (at < file.Length && file[at] == 0xFF)
            {
                at++; // a marker may be filled up by any number of FF (B.1.1.2)
            }

            if (at >= file.Length)
            {
                return CutShort(file.Length);
            }

            byte marker = file[at++];
            if (marker == Eoi)
            {
                if (frame is null || seen != (1 << frame.Components.Count) - 1)
                {
                    return seen == 0 ? "it is a JPEG without a picture in it" : Damaged(at - 2);
                }

                jpeg = swapped ? new JpegFile(frame.Height, frame.Width, at) : new JpegFile(frame.Width, frame.Height, at);
                return null;
            }

            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= Soi))
            {
                return Damaged(at - 2);
            }

            if (file.Length - at < 2 || BinaryPrimitives.ReadUInt16BigEndian(file[at..]) is var length && length > file.Length - at)
            {
                return CutShort(file.Length);
            }

            if (length < 2)
            {
                return Damaged(at);
            }

            ReadOnlySpan<byte> segment = file[(at + 2)..(at + length)];
            bool good = marker switch
            {
                Dht => tables.Define(segment),
                Dri => tables.SetRestartInterval(segment),
                App1 => ExifOrientation.Read(segment, ref swapped),
                Sos => frame is not null,
                _ when JpegFrame.IsStart(marker) => frame is null && (frame = JpegFrame.Read(marker, segment)) is not null,
                _ => true,
            };
            if (!good)
            {
                return Damaged(at - 2);
            }

            at += length;
            if (marker == Sos)
            {
                int start = at;
                if (JpegScan.Skip(file, ref at, frame!, tables, segment, ref seen) is { } wrong)
                {
                    return wrong == JpegScan.Ended.TooEarly && at >= file.Length ? CutShort(file.Length) : Damaged(Math.Max(start, at));
                }
            }
        }
    }

    private static string CutShort(int length) => string.Create(CultureInfo.InvariantCulture, $"the JPEG is cut short after {length:N0} bytes");

    private static string Damaged(int at) => string.Create(CultureInfo.InvariantCulture, $"the JPEG is damaged near byte {at:N0}: some of its middle is missing or wrong");
}
