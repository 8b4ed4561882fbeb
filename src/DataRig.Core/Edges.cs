namespace DataRig.Core;

/// <summary>How sharp a picture is at each pixel. Things have sharp edges; shadows and gradients of light are soft.</summary>
public static class Edges
{
    /// <summary>
    /// The size of the response of a Laplacian of Gaussian (Marr and Hildreth, 1980), of the strongest channel: a 3x3 binomial,
    /// then the sum of the eight neighbours less eight times the middle. Pixels at the picture's edge have none.
    /// </summary>
    /// <param name="values">[height, width, 3].</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <returns>[height, width], in the units of the values, at least 0.</returns>
    public static float[] Response(ReadOnlySpan<float> values, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, width * height * 3);
        float[] edges = new float[width * height], smooth = new float[width * height], across = new float[width * height];
        for (int channel = 0; channel < 3; channel++)
        {
            Smooth(values, channel, width, height, across, smooth);
            for (int y = 1; y < height - 1; y++)
            {
                for (int x = 1; x < width - 1; x++)
                {
                    int i = (y * width) + x;
                    float around = smooth[i - width - 1] + smooth[i - width] + smooth[i - width + 1] + smooth[i - 1] + smooth[i + 1]
                        + smooth[i + width - 1] + smooth[i + width] + smooth[i + width + 1];
                    edges[i] = Math.Max(edges[i], Math.Abs(around - (8 * smooth[i])));
                }
            }
        }

        return edges;
    }

    /// <summary>A 3x3 binomial of one channel; beyond the picture's edge its last pixels go on.</summary>
    private static void Smooth(ReadOnlySpan<float> values, int channel, int width, int height, float[] across, float[] smooth)
    {
        for (int y = 0; y < height; y++)
        {
            int row = y * width;
            for (int x = 0; x < width; x++)
            {
                int left = Math.Max(0, x - 1), right = Math.Min(width - 1, x + 1);
                across[row + x] = values[((row + left) * 3) + channel] + (2 * values[((row + x) * 3) + channel]) + values[((row + right) * 3) + channel];
            }
        }

        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> above = across.AsSpan(Math.Max(0, y - 1) * width, width), here = across.AsSpan(y * width, width), below = across.AsSpan(Math.Min(height - 1, y + 1) * width, width);
            Span<float> row = smooth.AsSpan(y * width, width);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = (above[x] + (2 * here[x]) + below[x]) / 16;
            }
        }
    }
}
