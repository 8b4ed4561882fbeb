using DataRig.Core;

namespace DataRig.Learning.Tests;

public sealed class SizeAnalysisTests
{
    private static readonly PreprocessingOptions Options = new() { InputPixels = 64, CropFraction = 0.5 };

    private static readonly PartId Bar = new("bar");

    /// <summary>In a picture of 96 pixels the window has 48, and the input 64: a box of 6 pixels across has 8.</summary>
    [Fact]
    public void Boxes_are_measured_in_the_network_s_input()
    {
        Picture picture = ShapeFrames.Draw("bar", 48, 48, 0, (180, 40, 50));

        SizeAnalysis sizes = SizeAnalysis.Of([(Bar, picture, new Box(30, 40, 40, 6)), (Bar, picture, new Box(30, 40, 12, 30))], Options);

        Assert.Equal([8.0, 16], sizes.Sizes.Select(s => Math.Round(s.InputPixels, 6)));
        Assert.Equal([6.0, 12], sizes.Sizes.Select(s => s.PicturePixels));
        Assert.True(sizes.Suffices);
        Assert.Null(sizes.Warning);
        Assert.Equal([(4.0, 0), (8, 0), (12, 1), (16, 1)], sizes.Histogram(4).Select(b => (b.UpTo, b.Count)));
    }

    [Fact]
    public void A_part_that_is_too_small_asks_for_a_larger_input()
    {
        Picture picture = ShapeFrames.Draw("bar", 48, 48, 0, (180, 40, 50));

        SizeAnalysis sizes = SizeAnalysis.Of([(Bar, picture, new Box(30, 40, 3, 3))], Options);

        Assert.False(sizes.Suffices);
        Assert.Equal(80, sizes.SuggestedInputPixels);
        Assert.Contains("bar, is 4.0 pixels across", sizes.Warning);
    }

    [Fact]
    public void Without_a_label_the_part_is_found_and_an_empty_table_has_none()
    {
        SizeAnalysis sizes = SizeAnalysis.Of([(Bar, ShapeFrames.Draw("square", 48, 48, 0, (180, 40, 50)), null), (Bar, ShapeFrames.Draw("none", 48, 48, 0, (0, 0, 0)), null)], Options);

        Assert.Equal(2, sizes.Looked);
        Assert.InRange(Assert.Single(sizes.Sizes).PicturePixels, 20, 30);
    }
}
