namespace DataRig.Data;

/// <summary>How far a stop of a session has come; each step is noted before the next one is taken.</summary>
public enum StopState
{
    /// <summary>The table is about to turn there.</summary>
    Intent,

    /// <summary>The turntable has proven that it stands there.</summary>
    Moved,

    /// <summary>A picture passed the gate; its name is known and its file may come at any moment.</summary>
    Captured,

    /// <summary>The picture's file is safe, the frame's row is not there yet.</summary>
    Stored,

    /// <summary>The frame is in the catalog.</summary>
    Committed,

    /// <summary>Whoever runs the session does not want it.</summary>
    Skipped,
}
