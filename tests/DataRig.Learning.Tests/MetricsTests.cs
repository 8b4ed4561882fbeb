using DataRig.Core;

namespace DataRig.Learning.Tests;

public sealed class MetricsTests
{
    private static readonly PartId[] Classes = [new("a"), new("b"), new("c")];

    /// <summary>Rows: 8 a (6 right, 1 b, 1 c), 4 b (3 right, 1 a), 2 c (1 right, 1 a).</summary>
    private static ConfusionMatrix Matrix()
    {
        ConfusionMatrix confusion = new(Classes);
        confusion.Add(0, 0, 6);
        confusion.Add(0, 1, 1);
        confusion.Add(0, 2, 1);
        confusion.Add(1, 1, 3);
        confusion.Add(1, 0, 1);
        confusion.Add(2, 2, 1);
        confusion.Add(2, 0, 1);
        return confusion;
    }

    [Fact]
    public void Figures_match_those_computed_by_hand()
    {
        Metrics metrics = Metrics.From(Matrix());

        Assert.Equal(10.0 / 14, metrics.Accuracy, 12);
        Assert.Equal([6.0 / 8, 3.0 / 4, 1.0 / 2], metrics.Parts.Select(p => p.Precision));
        Assert.Equal([6.0 / 8, 3.0 / 4, 1.0 / 2], metrics.Parts.Select(p => p.Recall));
        Assert.Equal([0.75, 0.75, 0.5], metrics.Parts.Select(p => p.F1));
        Assert.Equal([8, 4, 2], metrics.Parts.Select(p => p.Support));
        Assert.Equal(2.0 / 3, metrics.MacroF1, 12);
    }

    [Fact]
    public void F1_is_the_harmonic_mean_where_precision_and_recall_differ()
    {
        ConfusionMatrix confusion = new(Classes);
        confusion.Add(0, 0, 1);
        confusion.Add(0, 1, 3);
        confusion.Add(1, 1, 4);

        Metrics metrics = Metrics.From(confusion);

        Assert.Equal((1, 0.25), (metrics.Parts[0].Precision, metrics.Parts[0].Recall));
        Assert.Equal(2 * 1 * 0.25 / 1.25, metrics.Parts[0].F1, 12);
        Assert.Equal((4.0 / 7, 1), (metrics.Parts[1].Precision, metrics.Parts[1].Recall));
    }

    [Fact]
    public void A_part_without_frames_is_left_out_of_the_macro_figures_but_errors_into_it_count()
    {
        ConfusionMatrix confusion = new(Classes);
        confusion.Add(0, 0, 3);
        confusion.Add(0, 2, 1);
        confusion.Add(1, 1, 4);

        Metrics metrics = Metrics.From(confusion);

        Assert.Equal([Classes[2]], metrics.Unproved);
        Assert.Equal(7.0 / 8, metrics.Accuracy, 12);
        Assert.Equal((0.75 + 1) / 2, metrics.MacroRecall, 12);
        Assert.Equal(((2 * 3.0 / 7) + 1) / 2, metrics.MacroF1, 12);
    }

    [Fact]
    public void Nothing_shown_gives_zeros_rather_than_not_a_number()
    {
        Metrics metrics = Metrics.From(new ConfusionMatrix(Classes));

        Assert.Equal((0, 0, 0), (metrics.Accuracy, metrics.MacroF1, metrics.MacroPrecision));
        Assert.Equal(3, metrics.Unproved.Count());
    }

    [Fact]
    public void A_class_out_of_range_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(Classes).Add(0, 3));
}
