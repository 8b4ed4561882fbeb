using DataRig.Core;

namespace DataRig.Rig.Gcode;

/// <summary>The board is no longer the one that was prepared; the message is that of a lost position, and it is one unless the board remembers.</summary>
internal sealed class RestartedException(string message) : WorkFailedException(message);
