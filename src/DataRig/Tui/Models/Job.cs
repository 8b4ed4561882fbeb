using DataRig.Core;

namespace DataRig.Tui.Models;

internal enum JobKind
{
    Capture,
    Synthesis,
    Training,
    Validation,
    Doctor,
    Audit,
    Preview,
}

internal enum JobState
{
    Running,
    Stopping,
    Done,
    Stopped,
    Failed,
}

/// <summary>Work that goes on in the background, whatever screen is shown.</summary>
internal sealed class Job(JobKind kind, TimeProvider clock, Action stop)
{
    private readonly long _began = clock.GetTimestamp();
    private long? _ended;
    private (string Stage, long Done, long At)? _stageBegan;

    public JobKind Kind => kind;

    public JobState State { get; private set; } = JobState.Running;

    public StageProgress Progress { get; private set; }

    /// <summary>What it came to, or what went wrong, in a sentence.</summary>
    public string Words { get; private set; } = "";

    public bool IsRunning => State is JobState.Running or JobState.Stopping;

    public TimeSpan Elapsed => clock.GetElapsedTime(_began, _ended ?? clock.GetTimestamp());

    /// <summary>In [0, 1].</summary>
    public double Share => Progress.Total == 0 ? 0 : Math.Clamp((double)Progress.Done / Progress.Total, 0, 1);

    /// <summary>Units a second in the present stage; null before that is known.</summary>
    public double? Rate
    {
        get
        {
            double seconds = _stageBegan is { } began ? clock.GetElapsedTime(began.At, _ended ?? clock.GetTimestamp()).TotalSeconds : 0;
            return seconds > 0.5 && Progress.Done > _stageBegan!.Value.Done ? (Progress.Done - _stageBegan.Value.Done) / seconds : null;
        }
    }

    /// <summary>The time left of the present stage, at its rate so far.</summary>
    public TimeSpan? Left => IsRunning && Rate is { } rate ? TimeSpan.FromSeconds(Math.Min((Progress.Total - Progress.Done) / rate, 360_000)) : null;

    public void Stop()
    {
        if (State == JobState.Running)
        {
            State = JobState.Stopping;
            stop();
        }
    }

    internal void Advance(StageProgress progress)
    {
        if (_stageBegan?.Stage != progress.Stage)
        {
            _stageBegan = (progress.Stage, progress.Done, clock.GetTimestamp());
        }

        Progress = progress;
    }

    internal void End(JobState state, string words) => (State, Words, _ended) = (state, words, clock.GetTimestamp());
}
