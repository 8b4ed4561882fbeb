using System.Text;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// A mask's run lengths as COCO writes them in one string: from the third run on the difference to the run before the last, in
/// groups of five bits, low ones first, each plus 48 as a character, 32 added where more follow (cocoapi, maskApi.c).
/// </summary>
internal static class MaskRle
{
    public static string Encode(Mask mask)
    {
        StringBuilder text = new(mask.Counts.Count * 2);
        for (int i = 0; i < mask.Counts.Count; i++)
        {
            long value = mask.Counts[i] - (i > 2 ? mask.Counts[i - 2] : 0);
            bool more = true;
            while (more)
            {
                int group = (int)(value & 0x1F);
                value >>= 5;
                more = (group & 0x10) != 0 ? value != -1 : value != 0;
                text.Append((char)(group + (more ? 0x20 : 0) + 48));
            }
        }

        return text.ToString();
    }

    /// <exception cref="FormatException">The string does not describe a mask of this size.</exception>
    public static Mask Decode(int width, int height, string text)
    {
        List<int> counts = [];
        long value = 0;
        int shift = 0;
        foreach (char c in text)
        {
            int group = c - 48;
            if (group is < 0 or > 63 || shift > 30)
            {
                throw new FormatException("its run lengths cannot be read");
            }

            value |= (long)(group & 0x1F) << shift;
            shift += 5;
            if ((group & 0x20) == 0)
            {
                value |= (group & 0x10) != 0 ? -1L << shift : 0;
                value += counts.Count > 2 ? counts[^2] : 0;
                counts.Add(value is >= 0 and <= int.MaxValue ? (int)value : throw new FormatException("a run length is negative or too long"));
                (value, shift) = (0, 0);
            }
        }

        return shift == 0 ? Of(width, height, [.. counts]) : throw new FormatException("its last run length is cut short");
    }

    /// <exception cref="FormatException">The runs do not describe a mask of this size.</exception>
    public static Mask Of(int width, int height, int[] counts)
    {
        try
        {
            return new Mask(width, height, counts);
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message.Split(" (Parameter")[0], e);
        }
    }
}
