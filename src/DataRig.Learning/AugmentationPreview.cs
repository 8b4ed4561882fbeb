using DataRig.Core;
using DataRig.Learning.Loading;

namespace DataRig.Learning;

/// <summary>What may go wrong when a picture is varied.</summary>
public enum AugmentationProblem
{
    /// <summary>The part hardly differs from the table any more.</summary>
    Vanishes,

    /// <summary>Most of the part has become black or white.</summary>
    WashesOut,

    /// <summary>Much of the part lies beyond the edge.</summary>
    LeavesFrame,
}

/// <summary>A picture that a training may show.</summary>
/// <param name="Part">What it shows.</param>
/// <param name="Picture">As the network gets it.</param>
/// <param name="Problem">What is wrong with it; null where nothing is, and for pictures that are not varied.</param>
public sealed record AugmentedPicture(PartId Part, Picture Picture, AugmentationProblem? Problem);

/// <summary>Varies pictures as a training would, and finds those that are of no use.</summary>
public sealed class AugmentationPreview
{
    /// <summary>What a pixel must differ by from the table, in levels of any channel, to be of the part.</summary>
    private const int Differs = 24;

    /// <summary>Contrast below this share of what it was, and below so many levels.</summary>
    private const double LostContrast = 0.35, FewLevels = 16;

    /// <summary>The share of the part at the ends of the scale, above what was there before.</summary>
    private const double Clipped = 0.6;

    /// <summary>The share of the part that stays inside.</summary>
    private const double Inside = 0.7;

    private readonly TrainingOptions _options;
    private readonly Preprocessor _preprocessor;
    private readonly Augmenter _augmenter;

    public AugmentationPreview(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _preprocessor = new Preprocessor(options.Preprocessing);
        _augmenter = new Augmenter(options.Augmentation, options.Preprocessing.Side);
    }

    /// <summary>The picture as it is prepared, then so many variations of it.</summary>
    /// <param name="part">What it shows.</param>
    /// <param name="picture">As the camera took it.</param>
    /// <param name="labelled">The part's labelled box, if there is one.</param>
    /// <param name="index">Its number in the preview: another one is varied otherwise.</param>
    /// <param name="count">Variations.</param>
    public IReadOnlyList<AugmentedPicture> Of(PartId part, Picture picture, Box? labelled, int index, int count)
    {
        Picture plain = _preprocessor.Apply(picture, labelled);
        bool[] isPart = PartOf(plain);
        List<AugmentedPicture> pictures = [new(part, plain, null)];
        for (int i = 0; i < count; i++)
        {
            Draws draws = _options.SeedValue.For("preview").At(((long)index << 16) + i);
            float[] inputs = new float[plain.Rgb.Length];
            _augmenter.Apply(plain.Rgb, draws, inputs, part);
            Picture varied = ToPicture(inputs, plain.Width);
            pictures.Add(new AugmentedPicture(part, varied, Judge(plain, varied, isPart, draws, part)));
        }

        return pictures;
    }

    /// <summary>The pixels that differ from the table, whose colour is the median of the picture's border.</summary>
    private static bool[] PartOf(Picture plain)
    {
        (int R, int G, int B) table = Table(plain);
        bool[] isPart = new bool[plain.Width * plain.Height];
        for (int i = 0; i < isPart.Length; i++)
        {
            (byte r, byte g, byte b) = plain[i % plain.Width, i / plain.Width];
            isPart[i] = Math.Max(Math.Abs(r - table.R), Math.Max(Math.Abs(g - table.G), Math.Abs(b - table.B))) > Differs;
        }

        return isPart;
    }

    private AugmentationProblem? Judge(Picture plain, Picture varied, bool[] isPart, Draws draws, PartId part)
    {
        int before = isPart.Count(p => p);
        if (before == 0)
        {
            return null;
        }

        // Where the part has come to: its pixels as a picture of their own, placed in the same way.
        Picture mask = new(plain.Width, plain.Height);
        for (int i = 0; i < isPart.Length; i++)
        {
            // The outermost pixels go on beyond the edge, so that the mask must end there.
            int x = i % plain.Width, y = i / plain.Width;
            byte value = isPart[i] && x > 0 && y > 0 && x < plain.Width - 1 && y < plain.Height - 1 ? (byte)255 : (byte)0;
            mask[x, y] = (value, value, value);
        }

        float[] placed = new float[mask.Rgb.Length];
        _augmenter.Place(mask.Rgb, draws, placed, part);
        bool[] isPartNow = [.. placed.Take(isPart.Length).Select(v => v > 127)];
        bool[] isShown = Shown(draws, part, plain.Width);
        if (isPart.Where((p, i) => p && isShown[i]).Count() < Inside * before)
        {
            return AugmentationProblem.LeavesFrame;
        }

        if (Ends(varied, isPartNow) > Math.Max(Clipped, 1.5 * Ends(plain, isPart)))
        {
            return AugmentationProblem.WashesOut;
        }

        double contrast = Contrast(varied, isPartNow);
        return contrast < FewLevels && contrast < LostContrast * Contrast(plain, isPart) ? AugmentationProblem.Vanishes : null;
    }

    /// <summary>Which of a picture's pixels its variation shows: those that a pixel of it is made from, or that lie between two such where it is made smaller.</summary>
    private bool[] Shown(Draws draws, PartId part, int side)
    {
        Warp warp = new(_options.Augmentation, draws, part, side);
        int[] pixel = new int[Warp.Room(side)];
        float[] right = new float[pixel.Length], down = new float[pixel.Length];
        bool[] isShown = new bool[side * side];
        for (int y = 0; y < side; y++)
        {
            warp.Row(y, pixel, right, down);
            foreach (int at in pixel.AsSpan(0, side))
            {
                (int left, int top) = (at % side, at / side);
                for (int row = Math.Max(0, top - 1); row < Math.Min(side, top + 3); row++)
                {
                    isShown.AsSpan(row * side, side)[Math.Max(0, left - 1)..Math.Min(side, left + 3)].Fill(true);
                }
            }
        }

        return isShown;
    }

    /// <summary>The share of the part at the ends of the scale in all channels.</summary>
    private static double Ends(Picture picture, bool[] isPart)
    {
        int ends = 0, all = 0;
        for (int i = 0; i < isPart.Length; i++)
        {
            (byte r, byte g, byte b) = picture[i % picture.Width, i / picture.Width];
            int lowest = Math.Min(r, Math.Min(g, b)), highest = Math.Max(r, Math.Max(g, b));
            all += isPart[i] ? 1 : 0;
            ends += isPart[i] && (highest <= 4 || lowest >= 251) ? 1 : 0;
        }

        return all == 0 ? 0 : (double)ends / all;
    }

    /// <summary>How far the part's pixels are from the table's colour in the mean, in levels.</summary>
    private static double Contrast(Picture picture, bool[] isPart)
    {
        (int R, int G, int B) table = Table(picture);
        double sum = 0;
        int all = 0;
        for (int i = 0; i < isPart.Length; i++)
        {
            if (isPart[i])
            {
                (byte r, byte g, byte b) = picture[i % picture.Width, i / picture.Width];
                sum += Math.Max(Math.Abs(r - table.R), Math.Max(Math.Abs(g - table.G), Math.Abs(b - table.B)));
                all++;
            }
        }

        return all == 0 ? 0 : sum / all;
    }

    private static (int R, int G, int B) Table(Picture picture)
    {
        List<(byte R, byte G, byte B)> border = [];
        for (int i = 0; i < picture.Width; i++)
        {
            border.AddRange([picture[i, 0], picture[i, picture.Height - 1], picture[0, i], picture[picture.Width - 1, i]]);
        }

        int Median(Func<(byte R, byte G, byte B), byte> channel) => border.Select(channel).Order().ElementAt(border.Count / 2);
        return (Median(c => c.R), Median(c => c.G), Median(c => c.B));
    }

    private static Picture ToPicture(float[] inputs, int side)
    {
        Picture picture = new(side, side);
        int plane = side * side;
        byte Level(int at) => (byte)Math.Clamp(PixelScale.ToLevel(inputs[at]) + 0.5f, 0, 255);
        for (int i = 0; i < plane; i++)
        {
            picture[i % side, i / side] = (Level(i), Level(i + plane), Level(i + (2 * plane)));
        }

        return picture;
    }
}
