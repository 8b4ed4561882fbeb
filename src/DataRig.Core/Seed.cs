using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace DataRig.Core;

/// <summary>
/// Counter-based randomness: every draw is a pure function of (seed, index, parameter name), so image
/// 17 of a synthesis can be made alone, in any order, on any machine, and is the same each time.
/// Zero is a seed like any other.
/// </summary>
public readonly record struct Seed(ulong Value)
{
    /// <summary>The draws that belong to one index: a frame, an epoch, an item.</summary>
    public Draws At(long index) => new(this, index);

    /// <summary>An independent seed for a named purpose, so that two users of one seed never share draws.</summary>
    public Seed For(string purpose) => new(At(0).Bits(purpose));

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Named draws at one index of a <see cref="Seed"/>. The same name gives the same value.</summary>
public readonly record struct Draws(Seed Seed, long Index)
{
    /// <summary>64 uniform bits: XXH64 over the parameter name and index, keyed by the seed.</summary>
    public ulong Bits(string parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        int length = Encoding.UTF8.GetByteCount(parameter);
        Span<byte> key = length <= 240 ? stackalloc byte[length + 8] : new byte[length + 8];
        BinaryPrimitives.WriteInt64LittleEndian(key, Index);
        Encoding.UTF8.GetBytes(parameter, key[8..]);
        return XxHash64.HashToUInt64(key, unchecked((long)Seed.Value));
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Uniform(string parameter) => (Bits(parameter) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(string parameter, double low, double high) => low + ((high - low) * Uniform(parameter));

    /// <summary>Normal with the given mean and standard deviation (Box-Muller).</summary>
    public double Normal(string parameter, double mean = 0, double deviation = 1)
    {
        double radius = Math.Sqrt(-2.0 * Math.Log(1.0 - Uniform(parameter)));
        return mean + (deviation * radius * Math.Cos(2.0 * Math.PI * Uniform(parameter + "#angle")));
    }

    /// <summary>A whole number in [0, count). The bias of the multiply-shift method is below 2^-32.</summary>
    public int Below(string parameter, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (int)Math.BigMul(Bits(parameter), (ulong)count, out _);
    }

    /// <summary>True with the given probability.</summary>
    public bool Chance(string parameter, double probability) => Uniform(parameter) < probability;

    /// <summary>One of the choices, each as likely as the next.</summary>
    public T Choose<T>(string parameter, IReadOnlyList<T> choices) => choices[Below(parameter, choices.Count)];

    /// <summary>The numbers 0 to count-1 in a random order (Fisher-Yates).</summary>
    public int[] Permutation(string parameter, int count)
    {
        int[] order = new int[count];
        ulong state = Bits(parameter);
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        for (int i = count - 1; i > 0; i--)
        {
            int other = (int)Math.BigMul(SplitMix(ref state), (ulong)(i + 1), out _);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, 2014): a fast stream where one name gives many numbers.</summary>
    public static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
