using DataRig.Core;
using DataRig.Learning.Loading;

namespace DataRig.Learning.Tests.Loading;

public sealed class NoiseTests
{
    [Fact]
    public void It_has_the_mean_and_the_spread_that_it_promises_and_almost_none_lies_far_off()
    {
        float[] noise = Make(300_000, 5, 0x1234_5678_9ABC_DEF0);

        double mean = noise.Average(), deviation = Math.Sqrt(noise.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(0, mean, 0.05);
        Assert.Equal(5, deviation, 0.05);
        // 68% and 95% of a normal distribution lie within one and two deviations; of the sum of four, a little less and as much.
        Assert.Equal(0.67, noise.Count(v => Math.Abs(v) < 5) / 300_000.0, 0.02);
        Assert.Equal(0.955, noise.Count(v => Math.Abs(v) < 10) / 300_000.0, 0.01);
    }

    [Fact]
    public void Neighbours_and_pictures_know_nothing_of_each_other()
    {
        const int side = 200;
        float[] noise = Make(side * side, 1, 77), next = Make(side * side, 1, 78), far = Make(side * side, 1, 77UL << 32);
        foreach (int step in (int[])[1, 2, 4, 8, 16, side])
        {
            Assert.Equal(0, Correlation(noise.AsSpan(step), noise.AsSpan(..^step)), 0.025);
        }

        Assert.Equal(0, Correlation(noise, next), 0.025);
        Assert.Equal(0, Correlation(noise, far), 0.025);
        Assert.Equal(0, Correlation(noise, Make(side * side, 1, new Seed(1).At(5).Bits("noise values"))), 0.025);
    }

    /// <summary>However many are made at once: those that fill no whole vector are the same as in a longer picture.</summary>
    [Fact]
    public void A_value_follows_from_the_key_and_its_place_alone()
    {
        float[] whole = Make(100, 3, 42);
        for (int count = 0; count < 100; count++)
        {
            Assert.Equal(whole[..count], Make(count, 3, 42));
        }
    }

    /// <summary>One value after the other with plain numbers, as a machine without vectors would.</summary>
    [Fact]
    public void It_is_the_same_on_every_machine()
    {
        Assert.Equal(Expected(19, 42), Make(19, 1, 42).Select(v => Math.Round(v * Math.Sqrt(4 * 65535 / 12.0))));
    }

    private static IEnumerable<double> Expected(int count, ulong key)
    {
        for (uint place = 0; place < count; place++)
        {
            uint bits = place + (uint)key;
            bits = (bits ^ (bits >> 16)) * 0x7FEB352D;
            bits = (bits ^ (bits >> 15) ^ (uint)(key >> 32)) * 0x846CA68B;
            bits ^= bits >> 16;
            yield return BitConverter.GetBytes(bits).Sum(b => b) - 510;
        }
    }

    private static float[] Make(int count, double deviation, ulong key)
    {
        float[] noise = new float[count];
        Noise.Add(noise, deviation, key);
        return noise;
    }

    private static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0, ofA = 0, ofB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            (sum, ofA, ofB) = (sum + (a[i] * b[i]), ofA + (a[i] * a[i]), ofB + (b[i] * b[i]));
        }

        return sum / Math.Sqrt(ofA * ofB);
    }
}
