using System.Globalization;
using System.Text;
using DataRig.Learning.Proving;
using static DataRig.Report.FigureText;
using static DataRig.Report.HtmlPage;

namespace DataRig.Report;

/// <summary>Accuracy around the turn as inline SVG: the turntable from above, a sector's reach its accuracy, red where it is weak.</summary>
internal static class RingChart
{
    private const double Side = 320, Middle = Side / 2, Inner = 28, Outer = 118;

    /// <param name="title">What is shown.</param>
    /// <param name="sectors">By azimuth, each named for its span such as <c>30-60</c>.</param>
    public static string Draw(string title, IReadOnlyList<Slice> sectors)
    {
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart small\" viewBox=\"0 0 {Side} {Side}\" role=\"img\" aria-label=\"{E(title)}\">");
        foreach (double share in new[] { 0.5, 1 })
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{Middle}\" cy=\"{Middle}\" r=\"{Reach(share):F1}\" fill=\"none\" class=\"grid\"/>");
        }

        foreach (Slice sector in sectors)
        {
            double from = double.Parse(sector.Name.Split('-')[0], CultureInfo.InvariantCulture), share = sector.Accuracy.Value ?? 0, reach = Reach(share);
            double start = from + 1.5, end = from + Breakdown.SectorDegrees - 1.5, at = from + (Breakdown.SectorDegrees / 2.0);
            string path = string.Create(
                CultureInfo.InvariantCulture,
                $"M{Point(start, Inner)} L{Point(start, reach)} A{reach:F1} {reach:F1} 0 0 1 {Point(end, reach)} L{Point(end, Inner)} A{Inner} {Inner} 0 0 0 {Point(start, Inner)} Z");
            string color = share < Good ? "var(--bad)" : "var(--accent)";
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{path}\" style=\"fill:{color}\" opacity=\"0.85\"><title>{E(sector.Name)} degrees: {Percent(share)} of {sector.Frames} frames</title></path>");
            (double x, double y) = At(at, Outer + 20);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:F1}\" y=\"{y + 4:F1}\" class=\"tick\" text-anchor=\"middle\">{100 * share:F0}%</text>");
        }

        return svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Middle}\" y=\"{Middle + 4}\" class=\"strong\" text-anchor=\"middle\">0° up</text></svg>").ToString();
    }

    private static double Reach(double share) => Inner + ((Outer - Inner) * share);

    /// <summary>Clockwise from the top.</summary>
    private static (double X, double Y) At(double degrees, double reach)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        return (Middle + (reach * sin), Middle - (reach * cos));
    }

    private static string Point(double degrees, double reach)
    {
        (double x, double y) = At(degrees, reach);
        return string.Create(CultureInfo.InvariantCulture, $"{x:F1} {y:F1}");
    }
}
