using DataRig.Core;
using DataRig.Learning.Finding;

namespace DataRig.Learning.Tests.Finding;

public sealed class RankedTests
{
    /// <summary>Of every rank, among values of which few and of which all are equal, in any order.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 9)]
    [InlineData(31, 4)]
    [InlineData(200, 1000)]
    [InlineData(200, 1)]
    public void It_is_the_value_that_sorting_would_put_there(int count, int different)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(i => (double)new Seed(4).At(i).Below("value", different))];
        foreach (double[] order in (double[][])[values, [.. values.Order()], [.. values.OrderDescending()]])
        {
            Assert.Equal(values.Order(), Enumerable.Range(0, count).Select(rank => Ranked.Of<double>([.. order], rank)));
        }
    }

    [Fact]
    public void A_rank_that_is_not_there_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Ranked.Of<float>([1, 2], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ranked.Of<float>([1, 2], -1));
    }
}
