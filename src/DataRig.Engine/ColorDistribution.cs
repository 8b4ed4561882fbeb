using System.Globalization;
using System.Numerics;
using System.Text.Json;
using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig.Engine;

/// <summary>
/// A colour, or what to draw it from. In JSON: <c>"#ff8040"</c> (sRGB), <c>{"choice": ["#...", ...]}</c>,
/// <c>{"between": ["#...", "#..."]}</c> (a random blend), or a light's temperature <c>{"kelvin": 4000}</c> or
/// <c>{"kelvin": [2700, 6500]}</c>.
/// </summary>
public sealed record ColorDistribution : IConfigurationValue<ColorDistribution>
{
    private readonly bool _blends;
    private readonly IReadOnlyList<Vector3> _colors;

    private ColorDistribution(bool blends, IReadOnlyList<Vector3> colors)
    {
        _blends = blends;
        _colors = colors;
    }

    /// <param name="hex">Such as <c>#ff8040</c>, sRGB.</param>
    /// <exception cref="ArgumentException">It is not six hexadecimal digits after a <c>#</c>.</exception>
    public static ColorDistribution FromHex(string hex) =>
        TryHex(hex, out Vector3 color) ? new(false, [color]) : throw new ArgumentException($"\"{hex}\" is no colour such as \"#ff8040\"", nameof(hex));

    /// <summary>Linear RGB in [0, 1] as <c>#rrggbb</c>; what lies beyond is cut off.</summary>
    public static string ToHex(Vector3 linear) => string.Create(CultureInfo.InvariantCulture, $"#{Srgb(linear.X):x2}{Srgb(linear.Y):x2}{Srgb(linear.Z):x2}");

    /// <summary>What it gives on the average, linear RGB.</summary>
    public Vector3 Middle => _colors.Aggregate((sum, color) => sum + color) / _colors.Count;

    /// <summary>Linear RGB, each in [0, 1], for a parameter's name at the draws' seed and index.</summary>
    public Vector3 Sample(Draws draws, string parameter) =>
        _blends ? Vector3.Lerp(_colors[0], _colors[1], (float)draws.Uniform(parameter))
        : _colors.Count == 1 ? _colors[0]
        : draws.Choose(parameter, _colors);

    public static bool TryRead(ConfigurationNode node, out ColorDistribution? value, out string expected)
    {
        ArgumentNullException.ThrowIfNull(node);
        expected = "a colour such as \"#ff8040\", {\"choice\": [...]}, {\"between\": [a, b]} or {\"kelvin\": 1500 to 12000 or [low, high]}";
        value = null;
        if (node.Type == JsonTokenType.String)
        {
            value = TryHex(node.Text, out Vector3 color) ? new(false, [color]) : null;
        }
        else if (node.Members is [("kelvin", _, var kelvin)])
        {
            IReadOnlyList<ConfigurationNode> ends = kelvin.Type == JsonTokenType.Number ? [kelvin] : kelvin.Elements;
            if (ends.Count is 1 or 2 && ends.All(e => e.Type == JsonTokenType.Number && Kelvin(e) is >= 1500 and <= 12000))
            {
                value = new(ends.Count == 2, [.. ends.Select(e => Temperature(Kelvin(e)))]);
            }
        }
        else if (node.Members is [(var key and ("choice" or "between"), _, var list)])
        {
            List<Vector3> colors = [];
            foreach (ConfigurationNode element in list.Elements)
            {
                if (element.Type == JsonTokenType.String && TryHex(element.Text, out Vector3 color))
                {
                    colors.Add(color);
                }
            }

            bool complete = colors.Count == list.Elements.Count && (key == "between" ? colors.Count == 2 : colors.Count > 0);
            value = complete ? new(key == "between", colors) : null;
        }

        return value is not null;
    }

    private static double Kelvin(ConfigurationNode node) => double.Parse(node.Text, CultureInfo.InvariantCulture);

    private static bool TryHex(string text, out Vector3 linear)
    {
        int rgb = 0;
        bool valid = text.Length == 7 && text[0] == '#' && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out rgb);
        linear = valid ? new(Linear((rgb >> 16) & 255), Linear((rgb >> 8) & 255), Linear(rgb & 255)) : default;
        return valid;
    }

    /// <summary>From 8-bit sRGB (IEC 61966-2-1).</summary>
    private static float Linear(int value)
    {
        float v = value / 255f;
        return v <= 0.04045f ? v / 12.92f : MathF.Pow((v + 0.055f) / 1.055f, 2.4f);
    }

    /// <summary>To 8-bit sRGB.</summary>
    private static int Srgb(float value)
    {
        float v = Math.Clamp(value, 0, 1);
        return (int)MathF.Round(255 * (v <= 0.0031308f ? 12.92f * v : (1.055f * MathF.Pow(v, 1 / 2.4f)) - 0.055f));
    }

    /// <summary>A black body's colour, the brightest channel 1: Krystek's (1985) chromaticity in CIE 1960, then linear sRGB.</summary>
    private static Vector3 Temperature(double kelvin)
    {
        double t = kelvin, t2 = t * t;
        double u = (0.860117757 + (1.54118254e-4 * t) + (1.28641212e-7 * t2)) / (1 + (8.42420235e-4 * t) + (7.08145163e-7 * t2));
        double v = (0.317398726 + (4.22806245e-5 * t) + (4.20481691e-8 * t2)) / (1 - (2.89741816e-5 * t) + (1.61456053e-7 * t2));
        double below = (2 * u) - (8 * v) + 4;
        double x = 3 * u / below, y = 2 * v / below;
        double bigX = x / y, bigZ = (1 - x - y) / y;
        Vector3 rgb = new(
            (float)((3.2404542 * bigX) - 1.5371385 - (0.4985314 * bigZ)),
            (float)((-0.9692660 * bigX) + 1.8760108 + (0.0415560 * bigZ)),
            (float)((0.0556434 * bigX) - 0.2040259 + (1.0572252 * bigZ)));
        rgb = Vector3.Max(rgb, Vector3.Zero);
        return rgb / MathF.Max(rgb.X, MathF.Max(rgb.Y, rgb.Z));
    }
}
