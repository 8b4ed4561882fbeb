using DataRig.Core;
using DataRig.Learning.Loading;

namespace DataRig.Learning.Tests.Loading;

public sealed class AugmenterTests
{
    private const int Side = 64;

    private static readonly Picture Input = new Preprocessor(new PreprocessingOptions { InputPixels = Side }).Apply(ShapeFrames.Draw("bar", 48, 48, 0.3, (180, 40, 50)));

    [Fact]
    public void Without_any_strength_the_picture_stays_as_it_is()
    {
        float[] plain = new float[3 * Side * Side], augmented = new float[3 * Side * Side];
        Augmenter.Copy(Input.Rgb, plain);

        new Augmenter(AugmentationOptions.None, Side).Apply(Input.Rgb, new Seed(3).At(8), augmented);

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

    private static float[] Augment(AugmentationOptions options, int index)
    {
        float[] target = new float[3 * Side * Side];
        new Augmenter(options, Side).Apply(Input.Rgb, new Seed(11).At(index), target);
        return target;
    }

    private static int Dark(float[] picture) => picture.AsSpan(Side * Side, Side * Side).ToArray().Count(v => v < 0);
}
