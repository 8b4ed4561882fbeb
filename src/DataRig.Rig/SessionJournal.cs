using DataRig.Core;

namespace DataRig.Rig;

/// <summary>How a session sees: what its camera holds fixed, and what its first frames looked like.</summary>
public sealed record SessionOptics(CameraLock Lock, ShotBaseline Baseline);

/// <summary>A session's memory: what it intends, what it has, and what it needs to go on after any end. Any thread may call.</summary>
public interface ISessionJournal
{
    SessionId Session { get; }

    /// <summary>The stops that are safe or not wanted.</summary>
    IReadOnlySet<(int Sweep, int Stop)> Taken();

    /// <summary>What was kept by <see cref="KeepOptics"/>; null in a new session.</summary>
    SessionOptics? Optics();

    void KeepOptics(SessionOptics optics);

    /// <summary>The pictures of the empty table that are there, by stop.</summary>
    IReadOnlyDictionary<int, EncodedImage> Plates();

    /// <summary>Makes a plate safe.</summary>
    void AddPlate(Stop stop, EncodedImage image, TablePosition position);

    /// <summary>Notes that the table is about to turn to a stop.</summary>
    void Intend(int sweep, int stop);

    /// <summary>Notes that the turntable has proven a stop.</summary>
    void Moved(int sweep, int stop, TablePosition position);

    /// <summary>Makes a frame safe; it outlives a power cut once this returns.</summary>
    /// <exception cref="WorkFailedException">The disk is full, read-only or broken; the frame can be committed again.</exception>
    void Commit(Frame frame);

    /// <summary>Notes that a stop is not wanted.</summary>
    void Skip(int sweep, int stop);

    /// <summary>Puts a sweep's frames aside: it is made again.</summary>
    void Retake(int sweep);
}
