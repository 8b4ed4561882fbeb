using System.Numerics;

namespace DataRig.Engine.Fitting;

/// <summary>Colours as the eye tells them apart: CIE 1976 L*a*b* under D65 (CIE 15:2004), from 8-bit sRGB (IEC 61966-2-1).</summary>
internal static class Lab
{
    private static readonly float[] Linear = [.. Enumerable.Range(0, 256).Select(v => v / 255.0).Select(v => (float)(v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4)))];

    public static Vector3 Of((byte R, byte G, byte B) color)
    {
        (float r, float g, float b) = (Linear[color.R], Linear[color.G], Linear[color.B]);
        float x = Root(((0.4124564f * r) + (0.3575761f * g) + (0.1804375f * b)) / 0.95047f);
        float y = Root((0.2126729f * r) + (0.7151522f * g) + (0.0721750f * b));
        float z = Root(((0.0193339f * r) + (0.1191920f * g) + (0.9503041f * b)) / 1.08883f);
        return new Vector3((116 * y) - 16, 500 * (x - y), 200 * (y - z));
    }

    private static float Root(float t) => t > 216f / 24389 ? MathF.Cbrt(t) : ((24389f / 27 * t) + 16) / 116;
}
