using System.ComponentModel.DataAnnotations;
using DataRig.Core;

namespace DataRig.Learning;

/// <summary>
/// Frames that are made while training goes on and never lie on a disk, such as renders. Frame i is the same whenever it is asked
/// for, alone or among others: a resumed training goes on with the same ones.
/// </summary>
public interface IFrameStream
{
    /// <summary>What it gives and how much of it, for <c>run.json</c>; a run is not resumed with another one.</summary>
    StreamRecord Record { get; }

    /// <summary>The parts that its frames are of.</summary>
    IReadOnlyList<PartId> Parts { get; }

    /// <summary>
    /// Frames <paramref name="first"/> and on, in order. Whoever enumerates waits until the next one is made; called by one thread at a
    /// time, and may be left before its end.
    /// </summary>
    /// <exception cref="WorkFailedException">A frame cannot be made.</exception>
    IEnumerable<Frame> Frames(long first, int count, CancellationToken cancel);
}

/// <summary>A stream of frames as <c>run.json</c> keeps it.</summary>
public sealed record StreamRecord
{
    /// <summary>The scene's file: whoever resumes the run finds it there.</summary>
    public required string Scene { get; init; }

    /// <summary>What tells the stream from any other: the scene's content and the seed.</summary>
    public required string Origin { get; init; }

    /// <summary>The streamed share of the frames of every batch: more than 0, and 1 where nothing else is shown.</summary>
    [Range(0, 1)]
    public required double Share { get; init; }

    /// <summary>Streamed frames in an epoch; no frame comes twice. The dataset's are drawn as often as fills the batches up.</summary>
    [Range(1, int.MaxValue)]
    public required int FramesAnEpoch { get; init; }
}
