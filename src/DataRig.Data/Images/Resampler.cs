using DataRig.Core;

namespace DataRig.Data.Images;

/// <summary>
/// Separable resampling with a triangle kernel whose support grows with the reduction: first along the rows,
/// then down the columns, in single precision. Where it enlarges it is plain bilinear interpolation.
/// </summary>
internal static class Resampler
{
    public static Picture Resize(Picture picture, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (width == picture.Width && height == picture.Height)
        {
            return new Picture(width, height, (byte[])picture.Rgb.Clone());
        }

        float[] rows = AlongRows(picture, new Kernel(picture.Width, width));
        return DownColumns(rows, new Kernel(picture.Height, height), width);
    }

    private static float[] AlongRows(Picture picture, Kernel kernel)
    {
        int width = kernel.First.Length;
        float[] result = new float[picture.Height * width * 3];
        for (int y = 0, to = 0; y < picture.Height; y++)
        {
            ReadOnlySpan<byte> row = picture.Rgb.AsSpan(y * picture.Width * 3, picture.Width * 3);
            for (int x = 0; x < width; x++, to += 3)
            {
                float red = 0, green = 0, blue = 0;
                int from = kernel.First[x] * 3;
                foreach (float weight in kernel.Weights[x])
                {
                    red += weight * row[from];
                    green += weight * row[from + 1];
                    blue += weight * row[from + 2];
                    from += 3;
                }

                (result[to], result[to + 1], result[to + 2]) = (red, green, blue);
            }
        }

        return result;
    }

    private static Picture DownColumns(float[] rows, Kernel kernel, int width)
    {
        int stride = width * 3, height = kernel.First.Length;
        Picture result = new(width, height);
        float[] sum = new float[stride];
        for (int y = 0; y < height; y++)
        {
            Array.Clear(sum);
            int source = kernel.First[y];
            foreach (float weight in kernel.Weights[y])
            {
                ReadOnlySpan<float> row = rows.AsSpan(source++ * stride, stride);
                for (int i = 0; i < row.Length; i++)
                {
                    sum[i] += weight * row[i];
                }
            }

            Span<byte> to = result.Rgb.AsSpan(y * stride, stride);
            for (int i = 0; i < stride; i++)
            {
                to[i] = (byte)Math.Clamp(sum[i] + 0.5f, 0f, 255f);
            }
        }

        return result;
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
                double[] weights = [.. Enumerable.Range(first, end - first).Select(s => Math.Max(0.0, 1.0 - (Math.Abs(s + 0.5 - center) / reach)))];
                double total = weights.Sum();
                First[i] = first;
                Weights[i] = [.. weights.Select(w => (float)(w / total))];
            }
        }

        public int[] First { get; }

        public float[][] Weights { get; }
    }
}
