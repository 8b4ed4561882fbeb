using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>How a part's outline looks across.</summary>
/// <param name="Width">Pixels from one side to the other at the slope of its steepest place.</param>
/// <param name="Overshoot">How far beyond the table's brightness it goes beside the outline, as a share of the step.</param>
internal readonly record struct EdgeProfile(double Width, double Overshoot)
{
    private const double Reach = 4, Flat = 2.5, Step = 0.25;

    /// <summary>Steps of fewer 8-bit levels are lost in noise.</summary>
    private const double LeastContrast = 35;

    /// <summary>The medians over the outline of a mask; null where nothing of it stands out.</summary>
    public static EdgeProfile? Of(Picture picture, byte[] mask)
    {
        List<double> widths = [], overshoots = [];
        int count = (int)(2 * Reach / Step) + 1;
        double[] profile = new double[count];
        for (int y = 6; y < picture.Height - 6; y++)
        {
            for (int x = 6; x < picture.Width - 6; x++)
            {
                if (mask[(y * picture.Width) + x] == 0 || Inward(mask, picture.Width, x, y) is not { } inward)
                {
                    continue;
                }

                for (int i = 0; i < count; i++)
                {
                    Vector2 at = new Vector2(x + 0.5f, y + 0.5f) + (inward * (float)((i * Step) - Reach));
                    profile[i] = Brightness(picture, at.X - 0.5f, at.Y - 0.5f);
                }

                int flat = (int)((Reach - Flat) / Step);
                double outside = profile[..flat].Average(), inside = profile[^flat..].Average(), contrast = Math.Abs(inside - outside);
                if (contrast < LeastContrast)
                {
                    continue;
                }

                double steepest = Enumerable.Range(flat, count - (2 * flat) - 2).Max(i => Math.Abs(profile[i + 2] - profile[i])) / (2 * Step);
                double beyond = profile[flat..(count / 2)].Max(v => (v - outside) * Math.Sign(outside - inside));
                widths.Add(contrast / Math.Max(steepest, 1e-6));
                overshoots.Add(beyond / contrast);
            }
        }

        return widths.Count == 0 ? null : new EdgeProfile(Median(widths), Median(overshoots));
    }

    /// <summary>The unit vector from a pixel of the outline into the mask; null inside it and at its corners.</summary>
    private static Vector2? Inward(byte[] mask, int width, int x, int y)
    {
        int at = (y * width) + x;
        if (mask[at - 1] + mask[at + 1] + mask[at - width] + mask[at + width] == 4)
        {
            return null;
        }

        Vector2 sum = default;
        for (int dy = -3; dy <= 3; dy++)
        {
            for (int dx = -3; dx <= 3; dx++)
            {
                sum += mask[at + (dy * width) + dx] * new Vector2(dx, dy);
            }
        }

        // Along a straight side half of the window is inside, and its sum is long.
        return sum.Length() > 30 ? Vector2.Normalize(sum) : null;
    }

    private static double Brightness(Picture picture, float x, float y)
    {
        (int left, int top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        (float u, float v) = (x - left, y - top);
        return ((1 - v) * (((1 - u) * Of(left, top)) + (u * Of(left + 1, top)))) + (v * (((1 - u) * Of(left, top + 1)) + (u * Of(left + 1, top + 1))));

        float Of(int column, int row)
        {
            (byte r, byte g, byte b) = picture[column, row];
            return (r + (2 * g) + b) / 4f;
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
