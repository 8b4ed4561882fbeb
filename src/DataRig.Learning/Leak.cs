using DataRig.Data;

namespace DataRig.Learning;

/// <summary>How a held-out frame is known to the model already.</summary>
public enum LeakKind
{
    /// <summary>The same file, byte for byte.</summary>
    SameFile,

    /// <summary>A stop of the same sweep, as the catalog says.</summary>
    SameSweep,

    /// <summary>The same photograph, encoded anew, made smaller, lit differently or with its edges cut off.</summary>
    SamePicture,

    /// <summary>The same object in the same pose and light from nearly the same angle: a stop beside it.</summary>
    NextStop,
}

/// <summary>A frame that is held out although another role has its like.</summary>
/// <param name="Kind">How they are alike.</param>
/// <param name="Known">The frame that is trained on, or that chooses the epoch.</param>
/// <param name="Held">The frame that is to prove something.</param>
public sealed record Leak(LeakKind Kind, FrameRecord Known, FrameRecord Held);

/// <summary>What the leak gate found.</summary>
/// <param name="Known">Photographs that are trained on.</param>
/// <param name="Held">Photographs that are held out.</param>
/// <param name="Leaks">One a held-out frame at most, by kind, then in the frames' order.</param>
public sealed record LeakReport(int Known, int Held, IReadOnlyList<Leak> Leaks);
