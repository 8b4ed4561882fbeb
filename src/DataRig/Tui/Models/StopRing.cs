namespace DataRig.Tui.Models;

/// <summary>How a stop of the sweep on the table stands.</summary>
internal enum StopMark
{
    ToDo,
    Skipped,
    Done,
    Doubtful,
    Sought,
    Failed,
}

/// <summary>The turntable seen from above: even stops of a turn, and where the table stands.</summary>
internal sealed class StopRing
{
    private StopMark[] _marks = [];

    /// <summary>By turn position; where a stop is shot several times, under other lights, the least finished counts.</summary>
    public IReadOnlyList<StopMark> Marks => _marks;

    /// <summary>Where the table was last proven to stand.</summary>
    public double? AzimuthDegrees { get; private set; }

    /// <summary>Which even stop the table turns to or stands at.</summary>
    public int? Turn { get; private set; }

    public int Version { get; private set; }

    public void Reset(int stops)
    {
        _marks = new StopMark[stops];
        (Turn, Version) = (null, Version + 1);
    }

    public void Set(int turn, StopMark mark)
    {
        if (turn < _marks.Length)
        {
            _marks[turn] = mark;
            Version++;
        }
    }

    public void Seek(int turn) => (Turn, Version) = (turn, Version + 1);

    public void Stand(double azimuthDegrees) => (AzimuthDegrees, Version) = (azimuthDegrees, Version + 1);
}
