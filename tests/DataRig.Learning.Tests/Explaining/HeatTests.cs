using DataRig.Core;
using DataRig.Learning.Explaining;

namespace DataRig.Learning.Tests.Explaining;

public sealed class HeatTests
{
    private static readonly HeatMap Left = new(2, 2, [1, 0, 1, 0]);

    [Fact]
    public void Between_two_places_the_heat_falls_by_a_straight_line()
    {
        Assert.Equal(1, Left.At(0.1, 0.5), 12);
        Assert.Equal(0.5, Left.At(0.5, 0.9), 12);
        Assert.Equal(0, Left.At(1, 0), 12);
    }

    [Fact]
    public void Heat_covers_what_counts_and_leaves_the_rest_as_it_is()
    {
        Picture grey = new(8, 8);
        grey.Rgb.AsSpan().Fill(100);

        Picture shown = Left.Over(grey);

        Assert.Equal((100, 100, 100), shown[7, 3]);
        Assert.True(shown[0, 3].R > 180 && shown[0, 3].G < 60, $"{shown[0, 3]}");
    }

    [Theory]
    [InlineData(0, 4, false)]
    [InlineData(8, 4, true)]
    public void Heat_where_the_part_is_not_is_elsewhere(double x, double width, bool elsewhere)
    {
        HeatMap heat = new(4, 4, [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);

        HeatShare share = HeatShare.Of(heat, new Box(0, 0, 16, 16), (px, _) => px >= x && px < x + width)!;

        Assert.Equal(elsewhere, share.IsElsewhere);
        Assert.Equal(width / 16, share.PartArea, 2);
        Assert.True(elsewhere ? share.OnPart < 0.1 : share.OnPart > 0.6, $"{share}");
    }

    [Fact]
    public void Without_heat_or_without_the_part_nothing_is_said()
    {
        Assert.Null(HeatShare.Of(new HeatMap(1, 1, [0]), new Box(0, 0, 4, 4), (_, _) => true));
        Assert.Null(HeatShare.Of(Left, new Box(0, 0, 4, 4), (_, _) => false));
    }

    [Fact]
    public void A_picture_says_whether_it_is_dark_soft_and_cut()
    {
        Picture sharp = Edge(1), soft = Edge(12);
        Box inside = new(4, 4, 24, 24), beyond = new(20, 4, 12, 24);

        FrameMeasures clear = FrameMeasures.Of(sharp, inside, new Box(0, 0, 32, 32)), blurred = FrameMeasures.Of(soft, inside, new Box(0, 0, 32, 32));

        Assert.True(clear.Sharpness > 3 * blurred.Sharpness, $"{clear} {blurred}");
        Assert.False(clear.IsCut);
        Assert.True(FrameMeasures.Of(sharp, beyond, new Box(0, 0, 32, 32)).IsCut);
        Assert.All(new Box[] { new(8, 0, 32, 32), new(0, 8, 32, 32), new(0, 0, 20, 32), new(0, 0, 32, 20) }, window => Assert.True(FrameMeasures.Of(sharp, inside, window).IsCut, $"{window}"));
        Assert.True(FrameMeasures.Of(sharp, new Box(4, 4, 10, 24), new Box(0, 0, 32, 32)).Brightness < 60);
    }

    /// <summary>Dark on the left, light on the right, with a ramp of so many pixels between.</summary>
    private static Picture Edge(int ramp)
    {
        Picture picture = new(32, 32);
        for (int i = 0; i < 32 * 32; i++)
        {
            byte level = (byte)(40 + (160 * Math.Clamp(((i % 32) - 16 + (ramp / 2.0)) / ramp, 0, 1)));
            picture[i % 32, i / 32] = (level, level, level);
        }

        return picture;
    }
}
