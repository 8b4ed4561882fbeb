using DataRig.Rig;

namespace DataRig;

/// <summary>How somebody sits at the rig.</summary>
/// <param name="Person">Who puts parts down and mends things.</param>
/// <param name="Control">What that person asks of a running session.</param>
/// <param name="WireLog">A file to record every byte to and from the board in, if any.</param>
/// <param name="Watch">Told of everything that happens, if anybody looks on.</param>
internal sealed record Sitting(IOperator Person, SessionControl? Control = null, string? WireLog = null, IProgress<SessionEvent>? Watch = null);
