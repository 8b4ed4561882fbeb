using System.Globalization;
using System.Text;
using DataRig.Learning.Proving;
using static DataRig.Report.FigureText;
using static DataRig.Report.HtmlPage;

namespace DataRig.Report;

/// <summary>How often answers of a confidence are right, as inline SVG: bars that end on the diagonal keep what they promise.</summary>
internal static class ReliabilityChart
{
    private const double Side = 320, Left = 44, Top = 10, Right = 22, Bottom = 42;

    /// <param name="title">What is shown.</param>
    /// <param name="reliability">Its bins.</param>
    public static string Draw(string title, Reliability reliability)
    {
        int most = Math.Max(1, reliability.Bins.Max(b => b.Frames));
        double width = (Side - Left - Right) / reliability.Bins.Count;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart small\" viewBox=\"0 0 {Side} {Side}\" role=\"img\" aria-label=\"{E(title)}\">");
        for (int fifth = 0; fifth <= 5; fifth++)
        {
            double share = fifth / 5.0;
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Side - Right}\" y1=\"{Y(share):F1}\" y2=\"{Y(share):F1}\" class=\"grid\"/><text x=\"{Left - 6}\" y=\"{Y(share) + 4:F1}\" class=\"tick\" text-anchor=\"end\">{20 * fifth}%</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(share):F1}\" y=\"{Side - Bottom + 16:F1}\" class=\"tick\" text-anchor=\"middle\">{20 * fifth}%</text>");
        }

        for (int i = 0; i < reliability.Bins.Count; i++)
        {
            ReliabilityBin bin = reliability.Bins[i];
            if (bin.Frames > 0)
            {
                // Pale bars are of few frames.
                double strength = 0.35 + (0.6 * Math.Sqrt((double)bin.Frames / most));
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left + (i * width) + 1:F1}\" width=\"{width - 2:F1}\" y=\"{Y(bin.Accuracy):F1}\" height=\"{Y(0) - Y(bin.Accuracy):F1}\" style=\"fill:var(--accent)\" opacity=\"{strength:F2}\"><title>{Percent(bin.Accuracy)} of {bin.Frames} answers at {Percent(bin.Confidence)} are right</title></rect>");
            }
        }

        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(0):F1}\" y1=\"{Y(0):F1}\" x2=\"{X(1):F1}\" y2=\"{Y(1):F1}\" style=\"stroke:var(--second)\" stroke-width=\"2\" stroke-dasharray=\"5 4\"/>");
        return svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(0.5):F1}\" y=\"{Side - 8}\" class=\"tick\" text-anchor=\"middle\">confidence</text></svg>").ToString();
    }

    private static double X(double share) => Left + ((Side - Left - Right) * share);

    private static double Y(double share) => Side - Bottom - ((Side - Top - Bottom) * share);
}
