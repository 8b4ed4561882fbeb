using System.Globalization;
using System.Net;
using System.Text;

namespace DataRig.Report;

/// <summary>One curve of a chart; a null value leaves a gap.</summary>
internal sealed record Series(string Name, string Color, IReadOnlyList<double?> Values);

/// <summary>A small line chart as inline SVG: drawn by the browser, so that it needs no fonts of ours.</summary>
internal static class LineChart
{
    private const int Width = 560;
    private const int Height = 260;
    private const int Left = 46;
    private const int Right = 12;
    private const int Top = 30;
    private const int Bottom = 34;

    /// <param name="title">Above the chart.</param>
    /// <param name="series">Curves over the places 1, 2, ... of the horizontal axis.</param>
    /// <param name="top">The upper end of the vertical axis, or null for the highest value.</param>
    /// <param name="places">What the horizontal axis says; epochs 1, 2, ... unless given.</param>
    public static string Draw(string title, IReadOnlyList<Series> series, double? top = null, IReadOnlyList<string>? places = null)
    {
        int count = series.Max(s => s.Values.Count);
        double high = top ?? NiceCeiling(series.SelectMany(s => s.Values).Max() ?? 1);
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"18\" class=\"title\">{WebUtility.HtmlEncode(title)}</text>");
        for (int i = 0; i <= 4; i++)
        {
            double value = high * i / 4, y = Y(value, high);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:F1}\" y2=\"{y:F1}\" class=\"grid\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{y + 4:F1}\" class=\"tick\" text-anchor=\"end\">{value:0.##}</text>");
        }

        int step = Math.Max(1, (int)Math.Ceiling(count / 10.0));
        for (int epoch = 1; epoch <= count; epoch += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(epoch - 1, count):F1}\" y=\"{Height - 14}\" class=\"tick\" text-anchor=\"middle\">{(places is null ? epoch : places[epoch - 1])}</text>");
        }

        int legend = Width - Right;
        foreach (Series one in series.Reverse())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{legend}\" y=\"18\" class=\"tick\" text-anchor=\"end\" fill=\"{one.Color}\">{WebUtility.HtmlEncode(one.Name)}</text>");
            legend -= (one.Name.Length * 7) + 16;
            (double X, double Y)[] points = [.. one.Values.Select((v, i) => (v, i)).Where(p => p.v is not null).Select(p => (X(p.i, count), Y(Math.Clamp(p.v!.Value, 0, high), high)))];
            string path = string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:F1},{p.Y:F1}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{one.Color}\" stroke-width=\"2\"/>");
            foreach ((double x, double y) in points)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"2.5\" fill=\"{one.Color}\"/>");
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static double X(int index, int count) => Left + ((Width - Left - Right) * (count <= 1 ? 0.5 : index / (count - 1.0)));

    private static double Y(double value, double high) => Height - Bottom - ((Height - Top - Bottom) * value / high);

    /// <summary>The next of 1, 2, 4, 5, 8 or 10 times a power of ten.</summary>
    private static double NiceCeiling(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-6))));
        double[] steps = [1, 2, 4, 5, 8, 10];
        return power * steps.First(s => s * power >= value * (1 - 1e-9));
    }
}
