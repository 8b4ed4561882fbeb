using System.Globalization;
using DataRig.Learning.Proving;

namespace DataRig.Report;

/// <summary>Figures as HTML: the value, and in small print the interval in which it may lie.</summary>
internal static class FigureText
{
    public static string Of(Figure figure) => figure switch
    {
        { Value: null } => "–",
        { Low: { } low, High: { } high } => string.Create(CultureInfo.InvariantCulture, $"{HtmlPage.Percent(figure.Value)} <small>{100 * low:F0} to {100 * high:F0}</small>"),
        _ => HtmlPage.Percent(figure.Value),
    };
}
