using System.Globalization;
using DataRig.Jobs;

namespace DataRig.Report;

/// <summary>A sweep's figures in words, for the terminal and for the page.</summary>
internal static class SweepTable
{
    public static string Name(SweepMetric metric) => metric switch
    {
        SweepMetric.Accuracy => "accuracy on unseen items",
        SweepMetric.MacroF1 => "macro F1 on unseen items",
        _ => "macro F1 on validation items",
    };

    public static IEnumerable<string> Heads(SweepFile sweep) => [.. sweep.Vary.Keys, .. Enum.GetValues<SweepMetric>().Select(Name), "seconds", "images/s"];

    public static IEnumerable<string> Cells(SweepRow row) =>
    [
        .. row.Values, .. Enum.GetValues<SweepMetric>().Select(m => Show(row.By(m))),
        row.Seconds?.ToString("F0", CultureInfo.InvariantCulture) ?? "failed", row.ImagesPerSecond?.ToString("F0", CultureInfo.InvariantCulture) ?? "",
    ];

    private static string Show(Estimate? estimate) => estimate switch
    {
        null => "",
        { Low: { } low, High: { } high } => string.Create(CultureInfo.InvariantCulture, $"{100 * estimate.Mean:F1}% ({100 * low:F1} to {100 * high:F1})"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * estimate.Mean:F1}%"),
    };
}
