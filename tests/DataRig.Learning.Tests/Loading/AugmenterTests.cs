using DataRig.Core;
using DataRig.Learning.Loading;

namespace DataRig.Learning.Tests.Loading;

public sealed class AugmenterTests
{
    private const int Side = 64;

    private static readonly PartId Bar = new("bar");

    private static readonly Picture Input = new Preprocessor(new PreprocessingOptions { InputPixels = Side }).Apply(ShapeFrames.Draw("bar", 48, 48, 0.3, (180, 40, 50)));

    [Fact]
    public void Without_any_strength_the_picture_stays_as_it_is()
    {
        float[] plain = new float[3 * Side * Side], augmented = new float[3 * Side * Side];
        Augmenter.Copy(Input.Rgb, plain);

        new Augmenter(AugmentationOptions.None, Side).Apply(Input.Rgb, new Seed(3).At(8), augmented, Bar);

        Assert.All(plain.Zip(augmented), pair => Assert.Equal(pair.First, pair.Second, 0.012));
    }

    [Fact]
    public void The_same_draws_give_the_same_picture_and_others_another()
    {
        float[] first = Augment(new AugmentationOptions(), 0);

        Assert.Equal(first, Augment(new AugmentationOptions(), 0));
        Assert.NotEqual(first, Augment(new AugmentationOptions(), 1));
    }

    [Fact]
    public void The_part_stays_in_sight()
    {
        // The default strengths, except that nothing changes contrast: the bar must keep most of its area.
        AugmentationOptions options = new() { ColorMixing = 0, Grey = 0, Curve = 0, Tone = 0, Brightness = 0, Noise = 0, Blur = 0 };
        int whole = Dark(Augment(AugmentationOptions.None, 0));
        for (int i = 0; i < 200; i++)
        {
            Assert.InRange(Dark(Augment(options, i)), whole * 0.7, whole * 1.5);
        }
    }

    [Fact]
    public void Colours_change_and_the_table_stays_neutral()
    {
        AugmentationOptions options = AugmentationOptions.None with { ColorMixing = 1 };
        int reddest = 0;
        for (int i = 0; i < 60; i++)
        {
            float[] picture = Augment(options, i);
            int part = (Side / 2 * Side) + (Side / 2), table = (Side - 6) * Side;
            float[] partColor = [picture[part], picture[part + (Side * Side)], picture[part + (2 * Side * Side)]];
            float[] tableColor = [picture[table], picture[table + (Side * Side)], picture[table + (2 * Side * Side)]];
            reddest += partColor[0] == partColor.Max() ? 1 : 0;
            Assert.InRange(tableColor.Max() - tableColor.Min(), 0, 0.25);
        }

        Assert.InRange(reddest, 8, 40);
    }

    [Fact]
    public void Grey_takes_all_colour_away()
    {
        float[] picture = Augment(AugmentationOptions.None with { Grey = 1 }, 4);
        int plane = Side * Side;

        Assert.All(Enumerable.Range(0, plane), i => Assert.Equal((picture[i], picture[i]), (picture[i + plane], picture[i + (2 * plane)])));
    }

    [Fact]
    public void Mirroring_turns_left_and_right_about()
    {
        AugmentationOptions options = AugmentationOptions.None with { Mirror = true };
        float[] plain = Augment(AugmentationOptions.None, 0);
        float[][] seen = [.. Enumerable.Range(0, 20).Select(i => Augment(options, i))];

        Assert.Contains(seen, p => p.SequenceEqual(plain));
        float[] mirrored = seen.First(p => !p.SequenceEqual(plain));
        Assert.All(Enumerable.Range(0, Side), x => Assert.Equal(plain[(20 * Side) + x], mirrored[(20 * Side) + Side - 1 - x], 0.012));
    }

    [Fact]
    public void A_part_with_a_handedness_is_not_reflected()
    {
        AugmentationOptions options = AugmentationOptions.None with { Mirror = true, Upend = 0.5, Handed = ["bar"] };
        float[] plain = Augment(AugmentationOptions.None, 0);

        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(plain, Augment(options, i)));
        Assert.Contains(Enumerable.Range(0, 20), i => !Augment(options with { Handed = ["square"] }, i).SequenceEqual(plain));
    }

    [Fact]
    public void Upending_exchanges_top_and_bottom()
    {
        float[] plain = Augment(AugmentationOptions.None, 0), upended = Augment(AugmentationOptions.None with { Upend = 1 }, 0);

        Assert.All(Enumerable.Range(0, Side), y => Assert.Equal(plain[(y * Side) + 20], upended[((Side - 1 - y) * Side) + 20], 0.012));
    }

    /// <summary>Each strength alone changes the picture, and the more the stronger it is.</summary>
    [Theory]
    [InlineData("crop", 0.05, 0.5)]
    [InlineData("shear", 3, 40)]
    [InlineData("perspective", 0.02, 0.5)]
    [InlineData("contrast", 0.05, 0.9)]
    [InlineData("saturation", 0.05, 1)]
    [InlineData("hue", 5, 120)]
    [InlineData("noise", 0.01, 0.2)]
    [InlineData("brightness", 0.02, 0.4)]
    public void A_strength_does_something_and_more_of_it_does_more(string name, double little, double much)
    {
        float[] plain = Augment(AugmentationOptions.None, 0);
        double Change(double strength) => Enumerable.Range(0, 12).Average(i => Augment(With(name, strength), i).Zip(plain, (a, b) => Math.Abs(a - b)).Average());

        Assert.InRange(Change(little), 1e-4, 0.6 * Change(much));
    }

    [Fact]
    public void Jpeg_leaves_its_traces_and_the_picture_recognizable()
    {
        float[] plain = Augment(AugmentationOptions.None, 0), compressed = Augment(AugmentationOptions.None with { Jpeg = 1 }, 0);

        Assert.NotEqual(plain, compressed);
        Assert.InRange(plain.Zip(compressed, (a, b) => Math.Abs(a - b)).Average(), 0.001, 0.1);
    }

    /// <summary>A turned hue leaves grey grey, and the brightness of a colour about where it was.</summary>
    [Fact]
    public void A_hue_turns_about_grey()
    {
        int plane = Side * Side, part = (Side / 2 * Side) + (Side / 2), table = (Side - 6) * Side;
        float[] plain = Augment(AugmentationOptions.None, 0);
        for (int i = 0; i < 20; i++)
        {
            float[] turned = Augment(AugmentationOptions.None with { HueDegrees = 180 }, i);
            double Luma(float[] picture, int at) => (0.299 * picture[at]) + (0.587 * picture[at + plane]) + (0.114 * picture[at + (2 * plane)]);
            Assert.Equal(plain[table], turned[table], 0.1);
            Assert.Equal(Luma(plain, part), Luma(turned, part), 0.35);
        }
    }

    private static AugmentationOptions With(string name, double strength) => name switch
    {
        "crop" => AugmentationOptions.None with { Crop = strength },
        "shear" => AugmentationOptions.None with { ShearDegrees = strength },
        "perspective" => AugmentationOptions.None with { Perspective = strength },
        "contrast" => AugmentationOptions.None with { Contrast = strength },
        "saturation" => AugmentationOptions.None with { Saturation = strength },
        "hue" => AugmentationOptions.None with { HueDegrees = strength },
        "noise" => AugmentationOptions.None with { Noise = strength },
        "brightness" => AugmentationOptions.None with { Brightness = strength },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such strength"),
    };

    private static float[] Augment(AugmentationOptions options, int index)
    {
        float[] target = new float[3 * Side * Side];
        new Augmenter(options, Side).Apply(Input.Rgb, new Seed(11).At(index), target, Bar);
        return target;
    }

    private static int Dark(float[] picture) => picture.AsSpan(Side * Side, Side * Side).ToArray().Count(v => v < 0);
}
