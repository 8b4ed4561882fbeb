using DataRig.Core;

namespace DataRig.Benchmarks;

/// <summary>
/// Inputs for parsers: noise, real inputs cut short, and real inputs with bytes flipped, lost, doubled, or taken from another.
/// The same seed and number give the same input.
/// </summary>
internal sealed class Mutations(Seed seed, IReadOnlyList<byte[]> samples, int longestNoise)
{
    private const int MostChanges = 8;

    public byte[] Make(long number)
    {
        ulong state = seed.At(number).Bits("input");
        byte[] sample = samples[Below(ref state, samples.Count)];
        switch (Below(ref state, 8))
        {
            case 0:
                return Noise(ref state, Below(ref state, longestNoise + 1));
            case 1:
                return sample[..Below(ref state, sample.Length + 1)];
            case 2:
                byte[] other = samples[Below(ref state, samples.Count)];
                return [.. sample[..Below(ref state, sample.Length + 1)], .. other[Below(ref state, other.Length + 1)..]];
            default:
                List<byte> changed = [.. sample];
                for (int left = 1 + Below(ref state, MostChanges); left > 0; left--)
                {
                    Change(changed, ref state);
                }

                return [.. changed];
        }
    }

    private static void Change(List<byte> bytes, ref ulong state)
    {
        int at = Below(ref state, bytes.Count + 1), length = Math.Min(bytes.Count - at, 1 + Below(ref state, 16));
        switch (Below(ref state, 6))
        {
            case 0 when length > 0:
                bytes.RemoveRange(at, length);
                break;
            case 1 when length > 0:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 2:
                bytes.InsertRange(at, Noise(ref state, Below(ref state, 16)));
                break;
            case 3 when length > 0:
                bytes[at] ^= (byte)(1 << Below(ref state, 8));
                break;
            case 4 when length > 0:
                bytes[at] = (byte)(Below(ref state, 2) == 0 ? 0xFF : 0x00); // where lengths and markers turn over
                break;
            default:
                if (length > 0)
                {
                    bytes[at] = (byte)Below(ref state, 256);
                }

                break;
        }
    }

    private static byte[] Noise(ref ulong state, int length)
    {
        byte[] noise = new byte[length];
        for (int i = 0; i < length; i++)
        {
            noise[i] = (byte)Below(ref state, 256);
        }

        return noise;
    }

    private static int Below(ref ulong state, int count) => (int)Math.BigMul(Draws.SplitMix(ref state), (ulong)count, out _);
}
