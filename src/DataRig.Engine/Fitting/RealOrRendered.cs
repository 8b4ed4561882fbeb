using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>
/// How well photographs and renderings of the same parts can be told apart: the area under the ROC curve of a logistic regression on
/// what a crop around the part looks like, each item judged by a classifier that has not seen it. 0.5 is guessing, 1 is always.
/// </summary>
internal static class RealOrRendered
{
    /// <summary>Pixels across the crop around the part's middle.</summary>
    public const int CropPixels = 96;

    private const int Folds = 5, Cells = 6, Bins = 12;

    /// <param name="pairs">The item, the features of the photograph and those of its rendering.</param>
    /// <returns>Null where there are too few items to hold one out.</returns>
    public static double? Auc(IReadOnlyList<(string Item, double[] Real, double[] Rendered)> pairs)
    {
        string[] items = [.. pairs.Select(p => p.Item).Distinct().Order(StringComparer.Ordinal)];
        int folds = Math.Min(Folds, items.Length);
        if (folds < 2)
        {
            return null;
        }

        List<(double Chance, bool Rendered)> judged = [];
        for (int fold = 0; fold < folds; fold++)
        {
            HashSet<string> held = [.. items.Where((_, i) => i % folds == fold)];
            (string Item, double[] Real, double[] Rendered)[] rest = [.. pairs.Where(p => !held.Contains(p.Item))];
            LogisticRegression judge = new([.. rest.Select(r => r.Real), .. rest.Select(r => r.Rendered)], [.. rest.Select(_ => false), .. rest.Select(_ => true)]);
            foreach ((string _, double[] real, double[] rendered) in pairs.Where(p => held.Contains(p.Item)))
            {
                judged.Add((judge.Chance(real), false));
                judged.Add((judge.Chance(rendered), true));
            }
        }

        return Auc(judged);
    }

    /// <summary>The share of pairs of one of each kind in which the second one's value is higher; half where they are equal (Mann and Whitney, 1947).</summary>
    public static double Auc(IReadOnlyList<(double Value, bool Second)> judged)
    {
        double[] first = [.. judged.Where(j => !j.Second).Select(j => j.Value)], second = [.. judged.Where(j => j.Second).Select(j => j.Value)];
        return second.Sum(s => first.Sum(f => s > f ? 1 : s == f ? 0.5 : 0)) / ((double)first.Length * second.Length);
    }

    /// <summary>What a crop looks like: the colours of 6x6 places, and how many of its pixels are how steep and how rough.</summary>
    /// <param name="picture">The whole picture.</param>
    /// <param name="centerX">Of the crop, in pixels; it is moved to lie in the picture.</param>
    /// <param name="centerY">Of the crop, in pixels.</param>
    public static double[] Features(Picture picture, double centerX, double centerY)
    {
        int size = Math.Min(CropPixels, Math.Min(picture.Width, picture.Height));
        int left = Math.Clamp((int)(centerX - (size / 2)), 0, picture.Width - size), top = Math.Clamp((int)(centerY - (size / 2)), 0, picture.Height - size);
        double[] colors = new double[Cells * Cells * 3], steep = new double[Bins], rough = new double[Bins], fine = new double[3];
        for (int y = 1; y < size - 1; y++)
        {
            for (int x = 1; x < size - 1; x++)
            {
                int cell = ((y * Cells / size * Cells) + (x * Cells / size)) * 3;
                for (int channel = 0; channel < 3; channel++)
                {
                    double here = At(x, y, channel);
                    double across = At(x + 1, y, channel) - At(x - 1, y, channel), down = At(x, y + 1, channel) - At(x, y - 1, channel);
                    double around = At(x + 1, y, channel) + At(x - 1, y, channel) + At(x, y + 1, channel) + At(x, y - 1, channel);
                    colors[cell + channel] += here / (size * size);
                    steep[Bin(Math.Sqrt((across * across) + (down * down)))]++;
                    rough[Bin(Math.Abs((4 * here) - around))]++;
                    fine[channel] += Math.Abs((4 * here) - around);
                }
            }
        }

        return [.. colors, .. steep.Concat(rough).Select(count => Math.Log(1 + count)), .. fine];

        double At(int x, int y, int channel) => picture.Rgb[((((top + y) * picture.Width) + left + x) * 3) + channel];
    }

    /// <summary>Half an octave each, from 1 up.</summary>
    private static int Bin(double value) => Math.Clamp((int)(2 * Math.Log2(Math.Max(1, value))), 0, Bins - 1);
}
