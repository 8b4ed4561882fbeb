using DataRig.Core;
using DataRig.Engine.Fitting;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests.Fitting;

/// <summary>Measures of pictures, on pictures of which the measure is known.</summary>
public sealed class MeasureTests
{
    private const int Size = 64;

    [Theory]
    [InlineData(0.8)]
    [InlineData(2.5)]
    [InlineData(6)]
    public void Noise_is_measured_over_a_slope_and_past_an_edge(double deviation)
    {
        Draws draws = new Seed(3).At(0);
        Picture picture = Paint((x, y) => (x < 20 ? 60 : 120) + (0.5 * y), draws, deviation);

        Assert.Equal(deviation, Grain.Of(picture, [.. Enumerable.Repeat(true, Size * Size)]), 0.12 * deviation + 0.1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3.5)]
    public void The_width_of_an_edge_is_that_of_its_slope(double width)
    {
        // A square whose sides rise over so many pixels.
        Picture picture = Paint((x, y) => 220 - (160 * Math.Clamp(0.5 + ((16 - Math.Max(Math.Abs(x - 32), Math.Abs(y - 32))) / width), 0, 1)), default, 0);
        byte[] mask = [.. Enumerable.Range(0, Size * Size).Select(i => Math.Max(Math.Abs((i % Size) + 0.5 - 32), Math.Abs((i / Size) + 0.5 - 32)) < 16 ? (byte)1 : (byte)0)];

        EdgeProfile edge = EdgeProfile.Of(picture, mask)!.Value;

        Assert.Equal(width, edge.Width, 0.25 * width);
        Assert.Equal(0, edge.Overshoot, 0.05);
        Assert.Null(EdgeProfile.Of(Paint((_, _) => 100, default, 0), mask));
    }

    [Fact]
    public void Colours_are_as_far_apart_as_the_standard_says()
    {
        // Values of CIE 15 for sRGB's primaries under D65.
        Assert.Equal(100, Lab.Of((255, 255, 255)).X, 0.01);
        Assert.Equal(0, Lab.Of((0, 0, 0)).X, 0.01);
        Assert.Equal(53.24, Lab.Of((255, 0, 0)).X, 0.05);
        Assert.Equal(80.09, Lab.Of((255, 0, 0)).Y, 0.05);
        Assert.Equal(67.20, Lab.Of((255, 0, 0)).Z, 0.05);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.6)]
    [InlineData(1)]
    public void Light_is_what_the_sensor_develops_from(double contrast)
    {
        foreach (double light in (double[])[0, 0.01, 0.1, 0.5, 0.9])
        {
            Assert.Equal(light, ToneCurve.Undeveloped(ToneCurve.Developed(light, contrast), contrast), 1e-6);
        }
    }

    [Fact]
    public void A_classifier_tells_noisy_pictures_from_clean_ones_and_not_alike_ones()
    {
        (string, double[], double[])[] apart = [.. Enumerable.Range(0, 30).Select(i => ($"item {i % 6}", Of(i, 1), Of(i + 100, 3)))];
        (string, double[], double[])[] alike = [.. Enumerable.Range(0, 60).Select(i => ($"item {i % 6}", Of(i, 2), Of(i + 100, 2)))];

        Assert.True(RealOrRendered.Auc(apart) > 0.95);
        Assert.InRange(RealOrRendered.Auc(alike)!.Value, 0.3, 0.7);
        Assert.Null(RealOrRendered.Auc([("one", Of(1, 1), Of(2, 3)), ("one", Of(3, 1), Of(4, 3))]));

        static double[] Of(int seed, double noise) => RealOrRendered.Features(Paint((x, y) => 90 + x, new Seed((ulong)seed).At(0), noise), 32, 32);
    }

    [Fact]
    public void The_area_under_the_curve_counts_pairs_in_order()
    {
        Assert.Equal(1, RealOrRendered.Auc([(0.1, false), (0.2, false), (0.9, true)]));
        Assert.Equal(0.5, RealOrRendered.Auc([(0.4, false), (0.4, true)]));
        Assert.Equal(0.25, RealOrRendered.Auc([(0.2, false), (0.8, false), (0.1, true), (0.5, true)]));
    }

    private static Picture Paint(Func<double, double, double> of, Draws draws, double noise)
    {
        Picture picture = new(Size, Size);
        for (int i = 0; i < Size * Size; i++)
        {
            double value = of((i % Size) + 0.5, (i / Size) + 0.5);
            picture[i % Size, i / Size] = (Level("r"), Level("g"), Level("b"));

            byte Level(string channel) => (byte)Math.Clamp(Math.Round(value + (noise == 0 ? 0 : draws.Normal($"{channel}{i}", 0, noise))), 0, 255);
        }

        return picture;
    }
}
