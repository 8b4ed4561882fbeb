using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine;

/// <summary>How a cut-out is set into another picture. A network that sees several of them learns the part and not its seam (Dwibedi et al., 2017).</summary>
public enum BlendMode
{
    /// <summary>As it was cut, with a hard edge.</summary>
    Pasted,

    /// <summary>Its edge fades over about two pixels.</summary>
    Feathered,

    /// <summary>Feathered, and its shadow and glow on the table come along, as shares of the light that the empty table had.</summary>
    Shadowed,
}

/// <summary>A part to be set into other pictures.</summary>
/// <param name="Picture">The picture that it is cut from.</param>
/// <param name="Mask">Its pixels in it.</param>
/// <param name="Plate">The same picture of the empty table; null where there is none, and then nothing around the part comes along.</param>
public sealed record CutOutPicture(Picture Picture, Mask Mask, Picture? Plate);

/// <summary>Where a cut-out goes.</summary>
/// <param name="Middle">Of its mask's box, in pixels of the plate from the top left.</param>
/// <param name="Scale">Pixels of the plate for one of its own.</param>
/// <param name="RollDegrees">Clockwise in the picture, as if the camera rolled.</param>
/// <param name="Gain">What its light is multiplied by.</param>
public readonly record struct CutOutPlacement(Vector2 Middle, float Scale, float RollDegrees, float Gain);

/// <summary>Sets cut-outs into pictures of empty tables.</summary>
public static class Compositor
{
    /// <summary>How far its shadow comes along, as a share of the longer side of its box.</summary>
    private const float ShadowReach = 0.6f;

    /// <summary>Light that is added to both sides of a share, so that noise in the dark is none.</summary>
    private const float Dark = 8;

    /// <summary>A shadow leaves at least this share of the light, a glow adds at most that.</summary>
    private const float DarkestShadow = 0.15f, BrightestGlow = 1.4f;

    /// <returns>A picture of the plate's size, and the part's pixels in it; none where it fell beyond the edge.</returns>
    public static (Picture Picture, Mask Mask) Compose(CutOutPicture cutOut, Picture plate, CutOutPlacement placement, BlendMode mode)
    {
        ArgumentNullException.ThrowIfNull(cutOut);
        ArgumentNullException.ThrowIfNull(plate);
        (int width, int height) = (cutOut.Picture.Width, cutOut.Picture.Height);
        Box box = cutOut.Mask.Bounds() ?? throw new ArgumentException("a cut-out has a pixel at least", nameof(cutOut));
        byte[] pixels = cutOut.Mask.ToPixels();
        float[] hard = [.. pixels.Select(p => (float)p)];
        float[] alpha = mode == BlendMode.Pasted ? hard : Softened(Softened(hard, width, height), width, height);
        float[]? light = mode == BlendMode.Shadowed && cutOut.Plate is { } own ? Light(cutOut.Picture, own, pixels) : null;

        Picture composed = new(plate.Width, plate.Height, [.. plate.Rgb]);
        byte[] mask = new byte[plate.Width * plate.Height];
        Vector2 middle = new((float)(box.X + (box.Width / 2)), (float)(box.Y + (box.Height / 2)));
        float reach = ShadowReach * (float)Math.Max(box.Width, box.Height);
        (float sin, float cos) = MathF.SinCos((float)Angle.ToRadians(-placement.RollDegrees));
        for (int y = 0; y < plate.Height; y++)
        {
            for (int x = 0; x < plate.Width; x++)
            {
                Vector2 off = (new Vector2(x + 0.5f, y + 0.5f) - placement.Middle) / placement.Scale;
                Vector2 from = middle + new Vector2((off.X * cos) - (off.Y * sin), (off.X * sin) + (off.Y * cos)) - new Vector2(0.5f);
                float beyond = Beyond(box, from);
                if (beyond > reach || from.X < 0 || from.Y < 0 || from.X > width - 1 || from.Y > height - 1)
                {
                    continue;
                }

                int at = (y * plate.Width) + x;
                float share = Sample(alpha, width, height, 1, 0, from), fading = 1 - (beyond / reach);
                for (int channel = 0; channel < 3; channel++)
                {
                    float table = plate.Rgb[(at * 3) + channel];
                    table *= light is null ? 1 : 1 + ((Sample(light, width, height, 3, channel, from) - 1) * fading * fading * (3 - (2 * fading)));
                    float part = share > 0 ? placement.Gain * Sample(cutOut.Picture.Rgb, width, height, channel, from) : 0;
                    composed.Rgb[(at * 3) + channel] = (byte)Math.Clamp(MathF.Round((part * share) + (table * (1 - share))), 0, 255);
                }

                mask[at] = (byte)(Sample(hard, width, height, 1, 0, from) >= 0.5f ? 1 : 0);
            }
        }

        return (composed, Mask.FromPixels(plate.Width, plate.Height, mask));
    }

    /// <summary>What the part leaves of the empty table's light around it, [height, width, 3], 1 for all; under the part, what it leaves nearby.</summary>
    private static float[] Light(Picture picture, Picture plate, byte[] part)
    {
        const int Near = 2;
        (int width, int height) = (picture.Width, picture.Height);
        if ((plate.Width, plate.Height) != (width, height))
        {
            throw new ArgumentException($"the plate is {plate.Width}x{plate.Height} and the cut-out's picture {width}x{height}", nameof(plate));
        }

        bool[] edge = Regions.Grow([.. part.Select(p => p != 0)], width, height, 1);
        float[] light = new float[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Vector3 sum = Vector3.Zero;
                int count = 0;
                for (int ny = Math.Max(0, y - Near); ny <= Math.Min(height - 1, y + Near); ny++)
                {
                    for (int nx = Math.Max(0, x - Near); nx <= Math.Min(width - 1, x + Near); nx++)
                    {
                        int at = (ny * width) + nx;
                        if (!edge[at])
                        {
                            sum += Share(picture.Rgb, plate.Rgb, at * 3);
                            count++;
                        }
                    }
                }

                Vector3 mean = count == 0 ? Vector3.One : Vector3.Clamp(sum / count, new Vector3(DarkestShadow), new Vector3(BrightestGlow));
                mean.CopyTo(light, ((y * width) + x) * 3);
            }
        }

        return light;
    }

    private static Vector3 Share(byte[] now, byte[] before, int at) =>
        new((now[at] + Dark) / (before[at] + Dark), (now[at + 1] + Dark) / (before[at + 1] + Dark), (now[at + 2] + Dark) / (before[at + 2] + Dark));

    /// <summary>How far a place is outside of a box, 0 inside.</summary>
    private static float Beyond(Box box, Vector2 at)
    {
        float x = MathF.Max(0, MathF.Max((float)box.X - at.X, at.X - (float)box.Right)), y = MathF.Max(0, MathF.Max((float)box.Y - at.Y, at.Y - (float)box.Bottom));
        return MathF.Sqrt((x * x) + (y * y));
    }

    /// <summary>Each value's mean with its eight neighbours.</summary>
    private static float[] Softened(float[] values, int width, int height)
    {
        float[] soft = new float[values.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float sum = 0;
                int count = 0;
                for (int ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
                {
                    for (int nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                    {
                        sum += values[(ny * width) + nx];
                        count++;
                    }
                }

                soft[(y * width) + x] = sum / count;
            }
        }

        return soft;
    }

    private static float Sample(float[] values, int width, int height, int channels, int channel, Vector2 at)
    {
        (int x, int y, int right, int down, float u, float v) = Cell(width, height, at);
        float Value(int column, int row) => values[(((row * width) + column) * channels) + channel];
        return Blend(Value(x, y), Value(right, y), Value(x, down), Value(right, down), u, v);
    }

    private static float Sample(byte[] rgb, int width, int height, int channel, Vector2 at)
    {
        (int x, int y, int right, int down, float u, float v) = Cell(width, height, at);
        float Value(int column, int row) => rgb[(((row * width) + column) * 3) + channel];
        return Blend(Value(x, y), Value(right, y), Value(x, down), Value(right, down), u, v);
    }

    private static (int X, int Y, int Right, int Down, float U, float V) Cell(int width, int height, Vector2 at)
    {
        (int x, int y) = ((int)at.X, (int)at.Y);
        return (x, y, Math.Min(x + 1, width - 1), Math.Min(y + 1, height - 1), at.X - x, at.Y - y);
    }

    private static float Blend(float a, float b, float c, float d, float u, float v) => float.Lerp(float.Lerp(a, b, u), float.Lerp(c, d, u), v);
}
