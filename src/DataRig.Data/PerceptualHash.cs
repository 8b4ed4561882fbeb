using System.Numerics;
using System.Runtime.InteropServices;
using DataRig.Core;

namespace DataRig.Data;

/// <summary>
/// 256 bits that are alike where pictures look alike, whatever their size, compression and small changes of light: the lowest
/// 16x16 frequencies of the 32x32 picture's brightness (DCT-II), each above or below their median (the method of Zauner,
/// "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010, with 16x16 frequencies instead of 8x8).
/// </summary>
public readonly record struct PerceptualHash(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>How many bits there are.</summary>
    public const int Bits = 256;

    /// <summary>
    /// At most this many bits apart, two pictures are taken for the same one, encoded anew, made smaller or lit a little
    /// differently. Half of the bits differ between pictures that have nothing in common.
    /// </summary>
    public const int Near = 16;

    private const int Side = 32, Kept = 16;

    private static readonly float[] Cosines = [.. from frequency in Enumerable.Range(0, Kept) from at in Enumerable.Range(0, Side) select (float)Math.Cos(Math.PI * frequency * (at + 0.5) / Side)];

    /// <summary>A picture's hash.</summary>
    public static PerceptualHash Of(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        Picture small = ImageCodec.Resize(picture, Side, Side);
        Span<float> light = stackalloc float[Side * Side], rows = stackalloc float[Kept * Side], both = stackalloc float[Kept * Kept], order = stackalloc float[Kept * Kept];
        for (int i = 0; i < light.Length; i++)
        {
            // Rec. 601 luma, as JPEG has it.
            light[i] = (0.299f * small.Rgb[3 * i]) + (0.587f * small.Rgb[(3 * i) + 1]) + (0.114f * small.Rgb[(3 * i) + 2]);
        }

        for (int y = 0; y < Side; y++)
        {
            for (int u = 0; u < Kept; u++)
            {
                rows[(u * Side) + y] = Sum(light.Slice(y * Side, Side), u);
            }
        }

        for (int u = 0; u < Kept; u++)
        {
            for (int v = 0; v < Kept; v++)
            {
                both[(v * Kept) + u] = Sum(rows.Slice(u * Side, Side), v);
            }
        }

        both.CopyTo(order);
        order.Sort();
        float median = (order[(order.Length / 2) - 1] + order[order.Length / 2]) / 2;
        Span<ulong> words = stackalloc ulong[4];
        for (int i = 1; i < both.Length; i++) // the first is the mean brightness
        {
            words[i / 64] |= both[i] > median ? 1UL << (i % 64) : 0;
        }

        return new PerceptualHash(words[0], words[1], words[2], words[3]);
    }

    /// <summary>How many bits differ, from 0 to 255.</summary>
    public int Distance(PerceptualHash other) =>
        BitOperations.PopCount(A ^ other.A) + BitOperations.PopCount(B ^ other.B) + BitOperations.PopCount(C ^ other.C) + BitOperations.PopCount(D ^ other.D);

    /// <summary>Every pair of hashes that are near each other. All are compared, on all cores: 100,000 of them take seconds.</summary>
    /// <param name="hashes">The hashes, whose places in the list name them.</param>
    /// <param name="within">The greatest distance, from 0 to 255.</param>
    /// <param name="wanted">Asked of a near pair whether it counts, such as only across the sides of a split; all count if null. Called from several threads.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>In the order of the first, then of the second.</returns>
    public static IReadOnlyList<NearPair> Pairs(IReadOnlyList<PerceptualHash> hashes, int within = Near, Func<int, int, bool>? wanted = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        PerceptualHash[] all = [.. hashes];
        List<NearPair>[] found = new List<NearPair>[all.Length];
        Parallel.For(0, all.Length, new ParallelOptions { CancellationToken = cancellation }, first =>
        {
            List<NearPair> pairs = [];
            PerceptualHash hash = all[first];
            ReadOnlySpan<PerceptualHash> others = all.AsSpan(first + 1);
            for (int i = 0; i < others.Length; i++)
            {
                // The lowest frequencies tell most pictures apart, so the rest is looked at only where they do not.
                ref readonly PerceptualHash other = ref others[i];
                int distance = BitOperations.PopCount(hash.A ^ other.A);
                if (distance <= within && (distance = hash.Distance(other)) <= within && wanted?.Invoke(first, first + 1 + i) != false)
                {
                    pairs.Add(new NearPair(first, first + 1 + i, distance));
                }
            }

            found[first] = pairs;
        });
        return [.. found.SelectMany(p => p)];
    }

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => $"{A:x16}{B:x16}{C:x16}{D:x16}";

    private static float Sum(ReadOnlySpan<float> values, int frequency)
    {
        ReadOnlySpan<Vector<float>> v = MemoryMarshal.Cast<float, Vector<float>>(values), c = MemoryMarshal.Cast<float, Vector<float>>(Cosines.AsSpan(frequency * Side, Side));
        Vector<float> sum = Vector<float>.Zero;
        for (int i = 0; i < v.Length; i++)
        {
            sum += v[i] * c[i];
        }

        return Vector.Sum(sum);
    }
}

/// <summary>Two pictures that look alike.</summary>
/// <param name="First">The place of the one in the list.</param>
/// <param name="Second">The place of the other, greater than the first.</param>
/// <param name="Distance">How many bits differ.</param>
public readonly record struct NearPair(int First, int Second, int Distance);
