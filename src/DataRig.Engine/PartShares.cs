using DataRig.Core;

namespace DataRig.Engine;

/// <summary>
/// Which frame is of which part: each block of frames shows every part as often as its weight asks, in an order of the block's own.
/// Where all weights are alike, a block is as long as there are parts and shows each once.
/// </summary>
internal static class PartShares
{
    /// <summary>Frames of a block for each part, where weights differ: shares come out to within one of so many.</summary>
    private const int Fineness = 10;

    /// <summary>The part of a frame, and how many frames of that part are accounted for by the blocks and places before it.</summary>
    public static (PartId Part, long Nth) At(IReadOnlyList<PartOptions> parts, Seed seed, long index)
    {
        int[] slots = Slots([.. parts.Select(p => p.Weight)]);
        long block = Math.DivRem(index, slots.Length, out long place);
        int slot = seed.At(block).Permutation("parts", slots.Length)[place], part = slots[slot];
        return (parts[part].Part, (block * slots.Count(s => s == part)) + slot - Array.IndexOf(slots, part));
    }

    /// <summary>Shares a block out by largest remainders, so that it is exactly full; the rarest part has one frame of it at least.</summary>
    /// <returns>For each frame of a block, the number of its part.</returns>
    internal static int[] Slots(double[] weights)
    {
        if (weights.All(w => w == weights[0]))
        {
            return [.. Enumerable.Range(0, weights.Length)];
        }

        int size = Fineness * weights.Length;
        double[] wanted = [.. weights.Select(w => 1 + ((size - weights.Length) * w / weights.Sum()))];
        int[] counts = [.. wanted.Select(w => (int)w)];
        foreach (int part in Enumerable.Range(0, weights.Length).OrderByDescending(i => wanted[i] - counts[i]).ThenBy(i => i).Take(size - counts.Sum()))
        {
            counts[part]++;
        }

        return [.. counts.SelectMany((count, part) => Enumerable.Repeat(part, count))];
    }
}
