using System.Globalization;

namespace DataRig.Tui.Models;

/// <summary>Numbers as the screen writes them.</summary>
internal static class Figures
{
    public static string Time(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min")
        : time.TotalMinutes >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)Math.Ceiling(time.TotalSeconds))} s");

    public static string Degrees(double degrees) => string.Create(CultureInfo.InvariantCulture, $"{degrees:0.0}°");

    public static string Percent(double? share) => share is { } s ? string.Create(CultureInfo.InvariantCulture, $"{100 * s:0.0}%") : "";

    public static string Number(double? number) => number is { } n ? n.ToString(n >= 10 ? "0" : "0.0", CultureInfo.InvariantCulture) : "";

    public static string Loss(double? loss) => loss?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";

    public static string Progress(Job job) => string.Create(CultureInfo.InvariantCulture, $"{job.Progress.Done} of {job.Progress.Total}, {100 * job.Share:0}%");

    public static string Bytes(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MB");
}
