namespace DataRig.Learning.Leaks;

/// <summary>
/// Which colours a picture has and how much of each, wherever they lie: the levels of its brightness and its tints at given
/// shares of the places. All are divided by the middle brightness, so that a change of exposure counts little.
/// </summary>
internal static class Palette
{
    /// <summary>The middle brightness that all are brought to.</summary>
    private const float Middle = 150;

    private static readonly double[] Shares = [0.003, 0.006, 0.012, 0.025, 0.05, 0.1, 0.5, 0.9, 0.95, 0.975, 0.988, 0.994, 0.997];

    public static float[] Of(Bands bands)
    {
        float[] light = Sorted(bands.Smooth);
        float gain = Middle / MathF.Max(20, light[light.Length / 2]);
        return [.. new[] { light, Sorted(bands.Tints[0]), Sorted(bands.Tints[1]) }.SelectMany(sorted => Shares.Select(s => gain * sorted[(int)(s * (sorted.Length - 1))]))];
    }

    /// <summary>The greatest difference of two palettes in brightness and in tint, in levels of 255.</summary>
    public static (float Light, float Tint) Difference(float[] a, float[] b)
    {
        float light = 0, tint = 0;
        for (int i = 0; i < a.Length; i++)
        {
            float difference = MathF.Abs(a[i] - b[i]);
            (light, tint) = i < Shares.Length ? (MathF.Max(light, difference), tint) : (light, MathF.Max(tint, difference));
        }

        return (light, tint);
    }

    private static float[] Sorted(float[] values)
    {
        float[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted;
    }
}
