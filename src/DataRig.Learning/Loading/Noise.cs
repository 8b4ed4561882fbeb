using System.Numerics;
using System.Runtime.InteropServices;

namespace DataRig.Learning.Loading;

/// <summary>
/// Noise of a sensor, close to normal: the sum of four uniform bytes. Each value follows from the key and its place alone, so that it
/// is the same however many of them a processor makes at once.
/// </summary>
internal static class Noise
{
    private const int Bytes = 4;

    /// <summary>Of the sum.</summary>
    private const int Mean = Bytes * 255 / 2;

    /// <summary>Of the sum: a uniform byte's variance is (256 squared - 1) / 12.</summary>
    private static readonly double Deviation = Math.Sqrt(Bytes * 65535 / 12.0);

    /// <param name="target">What it is added to.</param>
    /// <param name="deviation">Its standard deviation.</param>
    /// <param name="key">Another key is other noise.</param>
    public static void Add(Span<float> target, double deviation, ulong key)
    {
        Vector<uint> first = new((uint)key), second = new((uint)(key >> 32)), places = Vector.CreateSequence(0u, 1u);
        float scale = (float)(deviation / Deviation);
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(target);
        foreach (ref Vector<float> values in vectors)
        {
            values += scale * Sums(places, first, second);
            places += new Vector<uint>((uint)Vector<float>.Count);
        }

        Span<float> rest = target[(vectors.Length * Vector<float>.Count)..];
        Vector<float> last = scale * Sums(places, first, second);
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] += last[i];
        }
    }

    /// <summary>Sums of four bytes each, less their mean.</summary>
    private static Vector<float> Sums(Vector<uint> places, Vector<uint> first, Vector<uint> second)
    {
        // Two rounds of multiply and shift with the constants of Wellons' lowbias32 (2018), the second half of the key between them.
        Vector<uint> bits = places + first;
        bits = (bits ^ (bits >> 16)) * new Vector<uint>(0x7FEB352D);
        bits = (bits ^ (bits >> 15) ^ second) * new Vector<uint>(0x846CA68B);
        bits ^= bits >> 16;

        Vector<uint> odd = new(0x00FF00FF), pairs = (bits & odd) + ((bits >> 8) & odd);
        Vector<uint> sum = (pairs & new Vector<uint>(0xFFFF)) + (pairs >> 16);
        return Vector.ConvertToSingle(Vector.AsVectorInt32(sum) - new Vector<int>(Mean));
    }
}
