using DataRig.Core;

namespace DataRig.Rig;

/// <summary>The link to a board is gone: unplugged, closed, or silent for too long. Homing connects anew.</summary>
public sealed class LinkLostException(string message, Exception? cause = null) : WorkFailedException(message, cause);

/// <summary>The board no longer vouches for where it stands: it was reset, stalled, or reports another place. Homing finds it again.</summary>
public sealed class PositionLostException(string message, Exception? cause = null) : WorkFailedException(message, cause);

/// <summary>The session waits for somebody to mend the rig; it is resumed another time, and everything taken is safe.</summary>
public sealed class SessionPausedException(string message) : DataRigException(message);
