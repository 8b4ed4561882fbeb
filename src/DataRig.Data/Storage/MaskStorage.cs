using DataRig.Core;

namespace DataRig.Data.Storage;

/// <summary>A mask's run lengths as LEB128 numbers (seven bits a byte, low ones first): two bytes a run where an array of ints takes four.</summary>
internal static class MaskStorage
{
    public static byte[] Encode(Mask mask)
    {
        List<byte> bytes = new(mask.Counts.Count * 2);
        foreach (int count in mask.Counts)
        {
            uint rest = (uint)count;
            while (rest >= 0x80)
            {
                bytes.Add((byte)(rest | 0x80));
                rest >>= 7;
            }

            bytes.Add((byte)rest);
        }

        return [.. bytes];
    }

    /// <exception cref="ArgumentException">The bytes do not describe a mask of this size.</exception>
    public static Mask Decode(int width, int height, ReadOnlySpan<byte> bytes)
    {
        List<int> counts = [];
        long value = 0;
        int shift = 0;
        foreach (byte b in bytes)
        {
            value |= (long)(b & 0x7F) << shift;
            if (value > int.MaxValue || shift > 28)
            {
                throw new ArgumentException("a run length does not fit", nameof(bytes));
            }

            if (b < 0x80)
            {
                counts.Add((int)value);
                (value, shift) = (0, 0);
            }
            else
            {
                shift += 7;
            }
        }

        return shift == 0 ? new Mask(width, height, [.. counts]) : throw new ArgumentException("the last run length is cut short", nameof(bytes));
    }
}
