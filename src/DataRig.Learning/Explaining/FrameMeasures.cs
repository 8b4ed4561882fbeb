using DataRig.Core;

namespace DataRig.Learning.Explaining;

/// <summary>What may make a picture hard, measured in it.</summary>
/// <param name="Brightness">The mean luma (ITU-R BT.601) of the part's box, 0 to 255.</param>
/// <param name="Sharpness">The strongest slope in the part's box: the 99th percentile of the luma's difference between neighbours, over the box's own spread of luma; low is blurred.</param>
/// <param name="IsCut">Whether the part reaches the picture's edge, or beyond the window that the network sees.</param>
public sealed record FrameMeasures(double Brightness, double Sharpness, bool IsCut)
{
    /// <param name="picture">As the camera took it.</param>
    /// <param name="found">The part's box, in its pixels; null measures the whole picture.</param>
    /// <param name="window">What the network sees of it.</param>
    internal static FrameMeasures Of(Picture picture, Box? found, Box window)
    {
        Box part = found ?? new Box(0, 0, picture.Width, picture.Height);
        int left = Math.Clamp((int)part.X, 0, picture.Width - 1), top = Math.Clamp((int)part.Y, 0, picture.Height - 1);
        int right = Math.Clamp((int)Math.Ceiling(part.Right), left + 1, picture.Width), bottom = Math.Clamp((int)Math.Ceiling(part.Bottom), top + 1, picture.Height);
        int width = right - left, height = bottom - top;
        double[] luma = new double[width * height];
        for (int i = 0; i < luma.Length; i++)
        {
            (byte r, byte g, byte b) = picture[left + (i % width), top + (i / width)];
            luma[i] = (0.299 * r) + (0.587 * g) + (0.114 * b);
        }

        double mean = luma.Average(), spread = Math.Sqrt(luma.Average(l => (l - mean) * (l - mean)));
        List<double> slopes = new(2 * luma.Length);
        for (int i = 0; i < luma.Length; i++)
        {
            slopes.AddRange((i + 1) % width != 0 ? [Math.Abs(luma[i + 1] - luma[i])] : []);
            slopes.AddRange(i + width < luma.Length ? [Math.Abs(luma[i + width] - luma[i])] : []);
        }

        slopes.Sort();
        double steepest = slopes.Count == 0 ? 0 : slopes[(int)(0.99 * (slopes.Count - 1))];
        const double Edge = 1;
        bool cut = found is not null && (part.X < Edge || part.Y < Edge || part.Right > picture.Width - Edge || part.Bottom > picture.Height - Edge
            || part.X < window.X || part.Y < window.Y || part.Right > window.Right || part.Bottom > window.Bottom);
        return new FrameMeasures(mean, spread > 0 ? steepest / spread : 0, cut);
    }
}
