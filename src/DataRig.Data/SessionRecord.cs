using DataRig.Core;

namespace DataRig.Data;

/// <summary>How a session stands.</summary>
public enum SessionStatus
{
    /// <summary>It runs, or was interrupted (Ctrl-C, kill, power) and can go on from its <see cref="Dataset.TakenStops"/>.</summary>
    Open,

    /// <summary>Every stop of its plan is taken.</summary>
    Done,

    /// <summary>It was given up for good; what it took stays.</summary>
    Cancelled,
}

/// <summary>A sitting at the rig as the journal keeps it.</summary>
public sealed record SessionRecord
{
    public required SessionId Id { get; init; }

    /// <summary>The whole plan as JSON text, enough to go on after a kill.</summary>
    public required string Plan { get; init; }

    public required SessionStatus Status { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Ended { get; init; }
}

/// <summary>A stop that a session has safely on the disk.</summary>
/// <param name="Sweep">The sweep, counted from 0 within its session.</param>
/// <param name="Stop">The stop, counted from 0 within its sweep.</param>
public readonly record struct TakenStop(int Sweep, int Stop);
