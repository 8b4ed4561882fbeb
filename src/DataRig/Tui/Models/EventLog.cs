using System.Globalization;

namespace DataRig.Tui.Models;

/// <summary>What happened, with its time of day; the last few hundred lines.</summary>
internal sealed class EventLog(TimeProvider clock)
{
    private const int Kept = 300;

    private readonly Queue<TextLine> _lines = new();

    public IReadOnlyList<TextLine> Lines { get; private set; } = [];

    public void Add(string words, Tone tone = Tone.Plain)
    {
        _lines.Enqueue(new TextLine(new Piece(clock.GetLocalNow().ToString("HH:mm:ss ", CultureInfo.InvariantCulture), Tone.Quiet), new Piece(words, tone)));
        while (_lines.Count > Kept)
        {
            _lines.Dequeue();
        }

        Lines = [.. _lines];
    }
}
