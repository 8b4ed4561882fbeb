namespace DataRig.Learning;

/// <summary>A curve in one line of text.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const int MostBars = 24;

    /// <summary>A bar a value, from 0 to the highest; of many values the last.</summary>
    public static string Of(IReadOnlyList<double> values)
    {
        double highest = values.DefaultIfEmpty(0).Max();
        return string.Concat(values.Skip(values.Count - MostBars).Select(v => Bars[highest > 0 && v > 0 ? Math.Min((int)(v / highest * Bars.Length), Bars.Length - 1) : 0]));
    }
}
