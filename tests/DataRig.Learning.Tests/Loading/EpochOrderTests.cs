using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Loading;

namespace DataRig.Learning.Tests.Loading;

public sealed class EpochOrderTests
{
    /// <summary>30 samples of label 0, 10 of 1, 2 of 2.</summary>
    private static readonly Sample[] Samples =
        [.. Enumerable.Range(0, 42).Select(i => new Sample(Frame(i), i < 30 ? 0 : i < 40 ? 1 : 2))];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_order_differs_by_epoch_and_repeats_with_the_seed(bool balance)
    {
        int[] first = EpochOrder.Of(Samples, Samples.Length, balance, new Seed(5), 0);

        Assert.Equal(first, EpochOrder.Of(Samples, Samples.Length, balance, new Seed(5), 0));
        Assert.NotEqual(first, EpochOrder.Of(Samples, Samples.Length, balance, new Seed(5), 1));
        Assert.NotEqual(first, EpochOrder.Of(Samples, Samples.Length, balance, new Seed(6), 0));
    }

    [Fact]
    public void Without_balance_every_sample_comes_once() =>
        Assert.Equal(Enumerable.Range(0, 42), EpochOrder.Of(Samples, Samples.Length, balance: false, new Seed(1), 3).Order());

    [Fact]
    public void With_balance_every_part_comes_as_often()
    {
        int[] order = EpochOrder.Of(Samples, Samples.Length, balance: true, new Seed(1), 3);

        Assert.Equal(42, order.Length);
        Assert.Equal([14, 14, 14], order.GroupBy(i => Samples[i].Label).OrderBy(g => g.Key).Select(g => g.Count()));
        // Of many each comes at most once, of few each comes equally often.
        Assert.All(order.Where(i => i < 30).GroupBy(i => i), g => Assert.Single(g));
        Assert.All(order.Where(i => i >= 40).GroupBy(i => i), g => Assert.Equal(7, g.Count()));
    }

    private static FrameRecord Frame(int id) => new()
    {
        Id = new FrameId(id), ImagePath = $"{id}.jpg", ImageHash = $"{id}", Width = 1, Height = 1, Source = FrameSource.Captured, Part = new PartId("p"), Item = new ItemId("i"),
    };
}
