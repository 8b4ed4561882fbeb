using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Leaks;

/// <summary>A picture made so small that all of a dataset's can be kept and compared.</summary>
internal sealed class Thumbnail
{
    public const int Side = 64;

    private const int DetailBlurs = 3;

    /// <summary>From here a level may have been brighter than the file can hold.</summary>
    private const byte Clipped = 247;

    private readonly byte[] _rgb;

    /// <param name="small">Of <see cref="Side"/> squared.</param>
    public Thumbnail(Picture small) => _rgb = small.Rgb;

    /// <summary>Its colours taken apart.</summary>
    public Bands Split()
    {
        float[] red = Channel(0), green = Channel(1), blue = Channel(2), light = new float[red.Length];
        float[] warm = new float[light.Length], cold = new float[light.Length];
        bool[] clipped = new bool[light.Length];
        for (int i = 0; i < light.Length; i++)
        {
            // Rec. 601 luma, as JPEG has it.
            light[i] = (0.299f * red[i]) + (0.587f * green[i]) + (0.114f * blue[i]);
            warm[i] = red[i] - green[i];
            cold[i] = blue[i] - green[i];
            clipped[i] = red[i] > Clipped || green[i] > Clipped || blue[i] > Clipped;
        }

        return new Bands(Blur(light), Detail(light), [Detail(red), Detail(green), Detail(blue)], [Blur(warm), Blur(cold)], clipped);
    }

    /// <summary>A value between places by straight lines; the place lies at least one from the right and the lower edge.</summary>
    public static float At(float[] values, float x, float y)
    {
        int left = (int)x, top = (int)y, at = (top * Side) + left;
        float across = x - left, down = y - top;
        return (((values[at] * (1 - across)) + (values[at + 1] * across)) * (1 - down)) + (((values[at + Side] * (1 - across)) + (values[at + Side + 1] * across)) * down);
    }

    /// <summary>The mean of the square of 2 reach + 1 around each place; beyond the edge it goes on as it ends.</summary>
    public static float[] Blur(float[] values, int reach = 2)
    {
        float[] rows = new float[values.Length], both = new float[values.Length];
        for (int y = 0; y < Side; y++)
        {
            Run(values, rows, y * Side, 1, reach);
        }

        for (int x = 0; x < Side; x++)
        {
            Run(rows, both, x, Side, reach);
        }

        return both;
    }

    private static void Run(float[] from, float[] to, int start, int step, int reach)
    {
        float scale = 1f / ((2 * reach) + 1), sum = (reach + 1) * from[start];
        for (int i = 1; i <= reach; i++)
        {
            sum += from[start + (i * step)];
        }

        for (int i = 0; i < Side; i++)
        {
            to[start + (i * step)] = sum * scale;
            sum += from[start + (Math.Min(i + reach + 1, Side - 1) * step)] - from[start + (Math.Max(i - reach, 0) * step)];
        }
    }

    private float[] Channel(int channel)
    {
        float[] values = new float[Side * Side];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _rgb[(3 * i) + channel];
        }

        return values;
    }

    private static float[] Detail(float[] values)
    {
        float[] smooth = values;
        for (int i = 0; i < DetailBlurs; i++)
        {
            smooth = Blur(smooth);
        }

        float[] detail = new float[values.Length];
        for (int i = 0; i < detail.Length; i++)
        {
            detail[i] = values[i] - smooth[i];
        }

        return detail;
    }
}

/// <summary>What a thumbnail shows, row by row, from 0 to 255.</summary>
/// <param name="Smooth">The brightness a little blurred: what pictures are laid on each other by.</param>
/// <param name="Detail">How much brighter each place is than its surroundings: smooth light and vignettes, which all pictures of a rig share, are left out.</param>
/// <param name="Colours">The same for red, green and blue: a blue brick is no red one, however alike they are lit.</param>
/// <param name="Tints">Red less green and blue less green, a little blurred.</param>
/// <param name="Clipped">Where a level is as high as a file can hold, so that a change of brightness has no one gain.</param>
internal sealed record Bands(float[] Smooth, float[] Detail, float[][] Colours, float[][] Tints, bool[] Clipped);
