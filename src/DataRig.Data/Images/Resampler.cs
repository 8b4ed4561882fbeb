using System.Numerics;
using System.Runtime.Intrinsics;
using DataRig.Core;

namespace DataRig.Data.Images;

/// <summary>
/// Separable resampling with a triangle kernel whose support grows with the reduction, in single precision: for
/// each target row the source rows are blended first, then that row's pixels. Where it enlarges it is plain
/// bilinear interpolation.
/// </summary>
internal static class Resampler
{
    public static Picture Resize(Picture picture, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Kernel columns = new(picture.Width, width), rows = new(picture.Height, height);
        Picture result = new(width, height);
        int stride = picture.Width * 3;
        float[] blended = new float[stride + 1]; // pixels are read four floats at a time
        for (int y = 0; y < height; y++)
        {
            Array.Clear(blended);
            int source = rows.First[y];
            foreach (float weight in rows.Weights[y])
            {
                AddScaled(blended, picture.Rgb.AsSpan(source++ * stride, stride), weight);
            }

            BlendPixels(blended, columns, result.Rgb.AsSpan(y * width * 3, width * 3));
        }

        return result;
    }

    /// <summary>sum += weight * row, a vector of bytes at a time.</summary>
    private static void AddScaled(Span<float> sum, ReadOnlySpan<byte> row, float weight)
    {
        int i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
            Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
            Add(sum[i..], a, weight);
            Add(sum[(i + Vector<float>.Count)..], b, weight);
            Add(sum[(i + (2 * Vector<float>.Count))..], c, weight);
            Add(sum[(i + (3 * Vector<float>.Count))..], d, weight);
        }

        for (; i < row.Length; i++)
        {
            sum[i] += weight * row[i];
        }
    }

    private static void Add(Span<float> sum, Vector<uint> values, float weight) =>
        (new Vector<float>(sum) + (Vector.ConvertToSingle(Vector.AsVectorInt32(values)) * weight)).CopyTo(sum);

    private static void BlendPixels(ReadOnlySpan<float> row, Kernel columns, Span<byte> target)
    {
        for (int x = 0, to = 0; to < target.Length; x++, to += 3)
        {
            Vector128<float> pixel = Vector128.Create(0.5f); // rounds
            int from = columns.First[x] * 3;
            foreach (float weight in columns.Weights[x])
            {
                pixel += Vector128.Create(row[from..]) * weight;
                from += 3;
            }

            // A blend of bytes stays a byte but for the last bit of a float.
            Vector128<int> levels = Vector128.ConvertToInt32(Vector128.Min(pixel, Vector128.Create(255f)));
            target[to] = (byte)levels[0];
            target[to + 1] = (byte)levels[1];
            target[to + 2] = (byte)levels[2];
        }
    }

    /// <summary>For each target pixel the first source pixel that counts, and the weights from there on (they add up to 1).</summary>
    private readonly struct Kernel
    {
        public Kernel(int source, int target)
        {
            double scale = (double)source / target;
            double reach = Math.Max(1.0, scale);
            First = new int[target];
            Weights = new float[target][];
            for (int i = 0; i < target; i++)
            {
                double center = (i + 0.5) * scale;
                int first = Math.Max(0, (int)(center - reach + 0.5));
                int end = Math.Min(source, (int)(center + reach + 0.5));
                double total = 0;
                for (int s = first; s < end; s++)
                {
                    total += Weight(s, center, reach);
                }

                float[] weights = new float[end - first];
                for (int s = first; s < end; s++)
                {
                    weights[s - first] = (float)(Weight(s, center, reach) / total);
                }

                (First[i], Weights[i]) = (first, weights);
            }
        }

        public int[] First { get; }

        public float[][] Weights { get; }

        private static double Weight(int source, double center, double reach) => Math.Max(0.0, 1.0 - (Math.Abs(source + 0.5 - center) / reach));
    }
}
