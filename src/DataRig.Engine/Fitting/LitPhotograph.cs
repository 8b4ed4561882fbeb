using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Parts;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Fitting;

/// <param name="Index">Row-major.</param>
/// <param name="Weight">How much it counts.</param>
/// <param name="Square">Its squared distance from the middle, where 1 is the picture's edge.</param>
/// <param name="OnPart">On the part; on the table otherwise.</param>
internal readonly record struct LitPixel(int Index, float Weight, float Square, bool OnPart);

/// <summary>The light on the table and on a part whose place is known.</summary>
internal sealed class LitPhotograph
{
    /// <summary>Pixels at least this far from outlines, where the lens mixes what is on either side.</summary>
    private const int Margin = 2;

    /// <summary>How much more a pixel counts that lies within a part's width around it, where its shadow falls, and one on the part.</summary>
    private const float NearWeight = 4, PartWeight = 10;

    /// <param name="photograph">What was seen.</param>
    /// <param name="placing">How the part lies.</param>
    /// <param name="view">How the camera sees, at the size of the binned picture.</param>
    /// <param name="bin">Pixels each way that become one.</param>
    /// <param name="contrast">Of the camera's tone curve.</param>
    public LitPhotograph(TwinObservation photograph, Placing placing, View view, int bin, float contrast)
    {
        (Part, Placing) = (photograph.Part, placing);
        LightPicture light = LightPicture.From(photograph.Picture, bin, contrast);
        (int width, int height) = (light.Width, light.Height);
        bool[] part = Shares(photograph.PartMask, width, height, s => s > 0.99), blocked = Shares(photograph.PartMask, width, height, s => s > 0);
        bool[] beyond = Shares(photograph.Beyond, width, height, s => s > 0);
        Silhouette drawn = new(width, height);
        PartModel model = PartLibrary.Bricks.Model(photograph.Part);
        drawn.Draw(model.Outline, placing.Transform(model), view);
        part = Regions.Shrink([.. part.Select((p, i) => p && drawn.Pixels[i] != 0)], width, height, 1);
        blocked = Regions.Grow([.. blocked.Select((p, i) => p || beyond[i])], width, height, Margin);

        Box box = photograph.PartMask.Bounds() ?? default;
        double reach = Math.Max(box.Width, box.Height) / bin;
        List<LitPixel> pixels = [];
        for (int i = 0; i < part.Length; i++)
        {
            (double x, double y) = ((i % width) + 0.5, (i / width) + 0.5);
            if ((blocked[i] && !part[i]) || float.IsNaN(light.Rgb[i * 3] + light.Rgb[(i * 3) + 1] + light.Rgb[(i * 3) + 2]))
            {
                continue;
            }

            bool near = Math.Abs(x - (box.Center.X / bin)) < (box.Width / bin / 2) + reach && Math.Abs(y - (box.Center.Y / bin)) < (box.Height / bin / 2) + reach;
            (double u, double v) = ((2 * x / width) - 1, (2 * y / height) - 1);
            pixels.Add(new LitPixel(i, part[i] ? PartWeight : near ? NearWeight : 1, (float)((u * u) + (v * v)), part[i]));
        }

        Pixels = pixels;
        Light = light.Rgb;
        Level = LevelIn(light);
    }

    public PartId Part { get; }

    public Placing Placing { get; }

    /// <summary>Those that show the table or the part clearly.</summary>
    public IReadOnlyList<LitPixel> Pixels { get; }

    /// <summary>The median of the table's light, each channel.</summary>
    public Vector3 Level { get; }

    /// <summary>[height, width, 3].</summary>
    public float[] Light { get; }

    /// <summary>Takes out what the camera's exposure and white balance did to this photograph alone.</summary>
    public void Divide(Vector3 gains)
    {
        for (int i = 0; i < Light.Length; i++)
        {
            Light[i] /= gains[i % 3];
        }
    }

    /// <summary>The median of the light that another picture has where this one shows the table, each channel.</summary>
    public Vector3 LevelIn(LightPicture light)
    {
        Vector3 level = Vector3.One;
        for (int channel = 0; channel < 3; channel++)
        {
            float[] sorted = [.. Pixels.Where(p => !p.OnPart).Select(p => light.Rgb[(p.Index * 3) + channel]).Where(v => !float.IsNaN(v)).Order()];
            level[channel] = sorted.Length == 0 ? 1 : Math.Max(1e-3f, sorted[sorted.Length / 2]);
        }

        return level;
    }

    private static bool[] Shares(Mask mask, int width, int height, Predicate<double> set) =>
        [.. SilhouetteSeen.Shares(mask.ToPixels(), mask.Width, mask.Height, width, height, set).Select(p => p != 0)];
}
