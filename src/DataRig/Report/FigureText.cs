using System.Globalization;
using DataRig.Learning.Proving;

namespace DataRig.Report;

/// <summary>Figures as text: the value, and the interval in which it may lie.</summary>
internal static class FigureText
{
    /// <summary>A share in [0, 1] to a tenth of a percent; a dash where there is none.</summary>
    public static string Percent(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:F1}%") : "–";

    /// <summary>As plain text, the interval in brackets.</summary>
    public static string Plain(Figure figure) => figure is { Low: { } low, High: { } high } ? $"{Percent(figure.Value)} ({Percent(low)} to {Percent(high)})" : Percent(figure.Value);

    /// <summary>As HTML, the interval in small print.</summary>
    public static string Of(Figure figure) => figure switch
    {
        { Value: null } => "–",
        { Low: { } low, High: { } high } => string.Create(CultureInfo.InvariantCulture, $"{Percent(figure.Value)} <small>{100 * low:F0} to {100 * high:F0}</small>"),
        _ => Percent(figure.Value),
    };
}
