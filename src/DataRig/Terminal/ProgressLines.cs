using System.Globalization;
using DataRig.Core;

namespace DataRig.Terminal;

/// <summary>Progress for logs: a line when a stage begins, about every ten seconds, and when it ends.</summary>
internal sealed class ProgressLines(TextWriter writer, TimeProvider time) : IProgress<StageProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private string? _stage;
    private long _startedAt;
    private long _spokeAt;
    private long _doneBefore;

    public void Report(StageProgress value)
    {
        lock (_lock)
        {
            bool begins = value.Stage != _stage;
            if (begins)
            {
                _stage = value.Stage;
                _startedAt = time.GetTimestamp();
                _doneBefore = value.Done;
            }

            if (begins || value.Done == value.Total || time.GetElapsedTime(_spokeAt) >= Interval)
            {
                _spokeAt = time.GetTimestamp();
                double seconds = time.GetElapsedTime(_startedAt).TotalSeconds;
                string rate = seconds > 0.5 && value.Done > _doneBefore
                    ? string.Create(CultureInfo.InvariantCulture, $", {(value.Done - _doneBefore) / seconds:F1}/s")
                    : "";
                string note = string.IsNullOrEmpty(value.Note) ? "" : $" ({value.Note})";
                writer.WriteLine($"{value.Stage}: {value.Done}/{value.Total}{rate}{note}");
            }
        }
    }
}
