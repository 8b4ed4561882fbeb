using DataRig.Core;

namespace DataRig.Rig;

/// <summary>
/// Something that happened in a session, for whoever looks on. It is reported on the session's own threads, in order, and the
/// session waits meanwhile: a listener returns at once and throws nothing.
/// </summary>
public abstract record SessionEvent;

/// <summary>The session begins, or goes on.</summary>
/// <param name="Plan">What it captures.</param>
/// <param name="Taken">The stops that are safe or not wanted already.</param>
public sealed record SessionBegun(CapturePlan Plan, IReadOnlySet<(int Sweep, int Stop)> Taken) : SessionEvent;

/// <summary>The table is about to turn to a stop.</summary>
/// <param name="Sweep">The sweep; null while the empty table is photographed.</param>
public sealed record StopSought(Sweep? Sweep, Stop Stop) : SessionEvent;

/// <summary>The turntable has proven where it stands.</summary>
public sealed record StopProven(Sweep? Sweep, Stop Stop, TablePosition Position) : SessionEvent;

/// <summary>The gate has judged a picture. A refused one is taken again.</summary>
public sealed record ShotJudged(Sweep? Sweep, Stop Stop, Shot Shot, ShotVerdict Verdict) : SessionEvent;

/// <summary>A frame is safe on the disk.</summary>
public sealed record FrameStored(Frame Frame) : SessionEvent;

/// <summary>The rest of a sweep was left out, for good.</summary>
public sealed record SweepSkipped(Sweep Sweep, IReadOnlyList<Stop> Left) : SessionEvent;

/// <summary>A sweep's frames were put aside; it is made again.</summary>
public sealed record SweepRetaken(Sweep Sweep) : SessionEvent;

/// <summary>Something failed. What homing mends is mended without anybody; the rest is asked for.</summary>
/// <param name="Words">What failed, in a sentence.</param>
/// <param name="ByItself">Whether homing is tried before anybody is asked.</param>
public sealed record SessionFaulted(string Words, bool ByItself) : SessionEvent;

/// <summary>What failed last works again.</summary>
public sealed record SessionMended : SessionEvent;
