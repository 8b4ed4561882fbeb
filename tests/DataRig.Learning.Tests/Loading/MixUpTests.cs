using DataRig.Core;
using DataRig.Learning.Loading;

namespace DataRig.Learning.Tests.Loading;

public sealed class MixUpTests
{
    /// <summary>Three pictures, each of one value: what comes out is the stated share of each.</summary>
    [Fact]
    public void Pictures_and_labels_are_mixed_in_the_same_share()
    {
        const int side = 30, size = 3 * side * side;
        float[] values = [1, 10, 100];
        Batch batch = new([.. values.SelectMany(v => Enumerable.Repeat(v, size))], [0, 1, 2], side);

        Batch mixed = MixUp.Apply(batch, 0.4, new Seed(5).At(0));

        Assert.Equal(batch.Labels, mixed.Labels);
        Assert.Equal([0L, 1, 2], mixed.Mixed!.Labels.Order());
        for (int i = 0; i < 3; i++)
        {
            float expected = (float)((mixed.Mixed.Share * values[i]) + ((1 - mixed.Mixed.Share) * values[mixed.Mixed.Labels[i]]));
            Assert.All(mixed.Pixels[(size * i)..(size * (i + 1))], v => Assert.Equal(expected, v, 1e-3f));
        }
    }

    /// <summary>The variance of a symmetric beta distribution is 1 / (4 (2a + 1)).</summary>
    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(4)]
    public void The_share_has_a_beta_distribution(double strength)
    {
        Batch batch = new(new float[6], [0, 1], 1);
        double[] shares = [.. Enumerable.Range(0, 4000).Select(i => MixUp.Apply(batch, strength, new Seed(9).At(i)).Mixed!.Share)];
        double mean = shares.Average(), variance = shares.Average(s => (s - mean) * (s - mean));

        Assert.Equal(0.5, mean, 0.02);
        Assert.Equal(1 / (4 * ((2 * strength) + 1)), variance, 0.01);
    }
}
