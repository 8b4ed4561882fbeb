using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>The noise of a picture's smooth places.</summary>
internal static class Grain
{
    /// <summary>
    /// The standard deviation in 8-bit steps: the response of the difference of two Laplacians, which smooth surfaces do not
    /// have (Immerkaer, 1996), as a median so that what edges there are do not count; the mean of the channels.
    /// </summary>
    /// <param name="picture">The picture.</param>
    /// <param name="smooth">Where to look, row-major.</param>
    /// <returns>0 where there is nowhere to look.</returns>
    public static double Of(Picture picture, bool[] smooth)
    {
        List<int>[] responses = [[], [], []];
        int stride = picture.Width * 3;
        for (int y = 1; y < picture.Height - 1; y++)
        {
            for (int x = 1; x < picture.Width - 1; x++)
            {
                if (!smooth[(y * picture.Width) + x])
                {
                    continue;
                }

                for (int channel = 0; channel < 3; channel++)
                {
                    int at = (y * stride) + (x * 3) + channel;
                    byte[] p = picture.Rgb;
                    int corners = p[at - stride - 3] + p[at - stride + 3] + p[at + stride - 3] + p[at + stride + 3];
                    int sides = p[at - stride] + p[at + stride] + p[at - 3] + p[at + 3];
                    responses[channel].Add(Math.Abs(corners - (2 * sides) + (4 * p[at])));
                }
            }
        }

        // Of a normal distribution the median of the size is 0.6745 deviations; the kernel's own is 6. Whole numbers are spread over their step.
        return responses[0].Count == 0 ? 0 : responses.Average(r => Smoothed(r) / 0.6745 / 6);
    }

    /// <summary>The median of whole numbers as if each stood for the step around it.</summary>
    private static double Smoothed(List<int> values)
    {
        int middle = values.Order().ElementAt(values.Count / 2);
        int below = values.Count(v => v < middle), equal = values.Count(v => v == middle);
        return Math.Max(0, middle - 0.5 + (((values.Count / 2.0) - below) / equal));
    }
}
