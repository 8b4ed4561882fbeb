using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>The light on the table around a part whose place is known.</summary>
internal sealed class TablePhotograph
{
    /// <summary>Pixels at least this far from the part and from the table's edge, where the lens mixes them with those.</summary>
    private const int Margin = 2;

    /// <summary>How much more a pixel counts that lies this many part's widths around it, where its shadow falls.</summary>
    private const float NearWeight = 4;
    private const double NearWidths = 1.0;

    /// <param name="photograph">What was seen.</param>
    /// <param name="placing">How the part lies.</param>
    /// <param name="albedo">Of the part, as far as it is known: it throws light onto the table.</param>
    /// <param name="bin">Pixels each way that become one.</param>
    public TablePhotograph(TwinObservation photograph, Placing placing, Vector3 albedo, int bin)
    {
        (Part, Placing, Albedo) = (photograph.Part, placing, albedo);
        LightPicture light = LightPicture.From(photograph.Picture, bin);
        (int width, int height) = (light.Width, light.Height);
        bool[] blocked = Blocked(photograph, width, height);
        Box box = photograph.PartMask.Bounds() ?? default;
        double reach = NearWidths * Math.Max(box.Width, box.Height) / bin;
        (double x, double y) center = (box.Center.X / bin, box.Center.Y / bin);
        List<(int Pixel, float Weight, float Square)> pixels = [];
        for (int i = 0; i < blocked.Length; i++)
        {
            (double x, double y) = ((i % width) + 0.5, (i / width) + 0.5);
            if (blocked[i] || float.IsNaN(light.Rgb[i * 3] + light.Rgb[(i * 3) + 1] + light.Rgb[(i * 3) + 2]))
            {
                continue;
            }

            bool near = Math.Abs(x - center.x) < (box.Width / bin / 2) + reach && Math.Abs(y - center.y) < (box.Height / bin / 2) + reach;
            (double u, double v) = ((2 * x / width) - 1, (2 * y / height) - 1);
            pixels.Add((i, near ? NearWeight : 1, (float)((u * u) + (v * v))));
        }

        Pixels = pixels;
        Level = LevelIn(light);
        Light = light.Rgb;
    }

    public PartId Part { get; }

    public Placing Placing { get; }

    public Vector3 Albedo { get; }

    /// <summary>The table's pixels: their number, how much they count, and their squared distance from the middle, where 1 is an edge.</summary>
    public IReadOnlyList<(int Pixel, float Weight, float Square)> Pixels { get; }

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
            float[] sorted = [.. Pixels.Select(p => light.Rgb[(p.Pixel * 3) + channel]).Where(v => !float.IsNaN(v)).Order()];
            level[channel] = sorted.Length == 0 ? 1 : Math.Max(1e-3f, sorted[sorted.Length / 2]);
        }

        return level;
    }

    private static bool[] Blocked(TwinObservation photograph, int width, int height)
    {
        byte[] part = photograph.PartMask.ToPixels(), beyond = photograph.Beyond.ToPixels();
        byte[] either = [.. part.Zip(beyond, (a, b) => (byte)(a | b))];
        bool[] blocked = [.. SilhouetteSeen.Shares(either, photograph.PartMask.Width, photograph.PartMask.Height, width, height, s => s > 0).Select(b => b != 0)];
        return Regions.Grow(blocked, width, height, Margin);
    }

}
