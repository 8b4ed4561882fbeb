using DataRig.Core;

namespace DataRig.Learning.Tests;

public sealed class PreprocessorTests
{
    private static readonly (byte R, byte G, byte B) Blue = (30, 40, 150);

    [Fact]
    public void Scale_survives_so_that_lengths_can_be_told_apart()
    {
        Preprocessor preprocessor = new(new PreprocessingOptions { CropFraction = 0.6, InputPixels = 60 });

        int small = DarkPixels(preprocessor.Apply(ShapeFrames.Draw("square", 150, 150, 0, Blue, width: 300)));
        int same = DarkPixels(preprocessor.Apply(ShapeFrames.Draw("square", 110, 190, 0, Blue, width: 300)));

        // 24 of 96 wide, seen through a window of 0.6 at 60 pixels: 25 pixels a side.
        Assert.InRange(small, 24 * 24, 26 * 26);
        Assert.InRange(same, small - 40, small + 40);
    }

    [Fact]
    public void The_part_stands_in_the_middle_wherever_it_lies()
    {
        Preprocessor preprocessor = new(new PreprocessingOptions { CropFraction = 0.5, InputPixels = 64 });

        foreach ((double x, double y) in new[] { (60.0, 200.0), (230.0, 170.0), (150.0, 240.0) })
        {
            Picture input = preprocessor.Apply(ShapeFrames.Draw("cross", x, y, 0.2, Blue, width: 300));
            Assert.True(IsDark(input, 32, 32));
        }
    }

    [Fact]
    public void The_light_s_tint_is_divided_out()
    {
        Preprocessor preprocessor = new(new PreprocessingOptions { InputPixels = 48 });

        Picture pink = preprocessor.Apply(ShapeFrames.Draw("none", 0, 0, 0, Blue, tint: (220, 160, 165)));
        Picture violet = preprocessor.Apply(ShapeFrames.Draw("none", 0, 0, 0, Blue, tint: (160, 150, 215)));

        // The middle of the picture; the corners are backdrop.
        foreach (int at in new[] { 24, 30, 36 })
        {
            (byte r, byte g, byte b) = pink[24, at];
            Assert.All(new[] { r, g, b }, v => Assert.InRange(v, 205, 225));
            Assert.InRange(violet[24, at].R, r - 5, r + 5);
            Assert.InRange(violet[24, at].B, b - 5, b + 5);
        }
    }

    [Fact]
    public void A_window_beyond_the_edge_shows_the_table()
    {
        Preprocessor preprocessor = new(new PreprocessingOptions { CropFraction = 0.8, InputPixels = 64 });

        Picture input = preprocessor.Apply(ShapeFrames.Draw("square", 50, 230, 0, Blue, width: 300));

        Assert.InRange(input[0, 63].G, 195, 235);
    }

    [Fact]
    public void Without_crop_and_balance_the_picture_is_resized_and_nothing_else()
    {
        Preprocessor preprocessor = new(new PreprocessingOptions { Crop = CropMode.None, BalanceTable = false, InputPixels = 96 });
        Picture picture = ShapeFrames.Draw("bar", 48, 48, 0, Blue);

        Assert.Equal(picture.Rgb, preprocessor.Apply(picture).Rgb);
    }

    private static bool IsDark(Picture picture, int x, int y) => picture[x, y].G < 120;

    private static int DarkPixels(Picture picture) =>
        Enumerable.Range(0, picture.Width * picture.Height).Count(i => IsDark(picture, i % picture.Width, i / picture.Width));
}
