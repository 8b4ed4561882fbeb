using DataRig.Core;

namespace DataRig.Learning.Tests;

public sealed class PartFinderTests
{
    private static readonly (byte R, byte G, byte B) Red = (180, 30, 40);

    [Theory]
    [InlineData(180, 30, 40)]
    [InlineData(10, 10, 10)]
    [InlineData(30, 60, 180)]
    [InlineData(150, 150, 150)]
    [InlineData(245, 240, 235)]
    public void A_part_of_any_colour_is_found_where_it_lies(byte r, byte g, byte b)
    {
        Picture picture = ShapeFrames.Draw("square", 130, 150, 0, (r, g, b), width: 300);

        PartLocation location = PartFinder.Find(picture);

        Assert.True(location.Found);
        double unit = 300 / 96.0;
        Assert.InRange(location.Box.Overlap(new Box(130 - (12 * unit), 150 - (12 * unit), 24 * unit, 24 * unit)), 0.75, 1);
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(220, 200)]
    [InlineData(60, 240)]
    public void A_dark_part_is_told_from_the_dark_backdrop(double x, double y)
    {
        Picture picture = ShapeFrames.Draw("square", x, y, 0.3, (14, 12, 16), width: 300);

        (double foundX, double foundY) = PartFinder.Find(picture).Box.Center;

        Assert.InRange(foundX, x - 6, x + 6);
        Assert.InRange(foundY, y - 6, y + 6);
    }

    [Fact]
    public void An_empty_table_has_no_part()
    {
        PartLocation location = PartFinder.Find(ShapeFrames.Draw("none", 0, 0, 0, Red, width: 300));

        Assert.False(location.Found);
        Assert.Equal(new Box(0, 0, 300, 300), location.Box);
    }

    [Fact]
    public void A_soft_shadow_is_not_taken_for_the_part()
    {
        Picture picture = ShapeFrames.Draw("square", 150, 150, 0, Red, width: 300);
        for (int y = 0; y < 300; y++)
        {
            for (int x = 0; x < 300; x++)
            {
                // A shadow of a third, 60 pixels to the right of the part, that fades over 40.
                double distance = Math.Sqrt(((x - 220.0) * (x - 220)) + ((y - 160.0) * (y - 160)));
                double light = 1 - (0.33 * Math.Clamp(1 - (distance / 60), 0, 1));
                if (picture[x, y] != Red)
                {
                    (byte r, byte g, byte b) = picture[x, y];
                    picture[x, y] = ((byte)(r * light), (byte)(g * light), (byte)(b * light));
                }
            }
        }

        Assert.InRange(PartFinder.Find(picture).Box.Right, 180, 200);
    }

    [Fact]
    public void The_table_s_tint_is_known_where_the_part_covers_it()
    {
        Picture picture = ShapeFrames.Draw("square", 48, 60, 0, Red, tint: (220, 170, 160));

        (double r, double g, double b) = PartFinder.Find(picture).Table.At(0.5, 60 / 96.0);

        Assert.InRange(r, 213, 222);
        Assert.InRange(g, 164, 172);
        Assert.InRange(b, 154, 162);
    }

    [Fact]
    public void A_picture_of_one_colour_does_no_harm()
    {
        Picture black = new(40, 30);

        Assert.False(PartFinder.Find(black).Found);
        Assert.Equal(48, new Preprocessor(new PreprocessingOptions { InputPixels = 48 }).Apply(black).Width);
    }
}
