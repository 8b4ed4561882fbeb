using DataRig.Tui.Models;

namespace DataRig.Tui.Views;

/// <summary>The turntable from above: its stops on a ring, a hand that points to where it stands, the angle in the middle.</summary>
internal sealed class RingPanel(StopRing ring) : Panel("Turntable")
{
    private static readonly IReadOnlyDictionary<StopMark, (string Glyph, Tone Tone)> Glyphs = new Dictionary<StopMark, (string, Tone)>
    {
        [StopMark.ToDo] = ("○", Tone.Quiet),
        [StopMark.Skipped] = ("–", Tone.Quiet),
        [StopMark.Done] = ("●", Tone.Good),
        [StopMark.Doubtful] = ("●", Tone.Warn),
        [StopMark.Sought] = ("◎", Tone.Accent),
        [StopMark.Failed] = ("✗", Tone.Bad),
    };

    protected override object Shown() => ring.Version;

    protected override void Draw(int width, int height)
    {
        double radiusY = (height - 1) / 2.0, radiusX = Math.Min((width - 1) / 2.0, radiusY * 2);
        radiusY = Math.Min(radiusY, radiusX / 2);
        double middleX = (width - 1) / 2.0, middleY = (height - 1) / 2.0;

        // Where stops share a cell, the one that needs looking at is drawn.
        Dictionary<(int X, int Y), StopMark> cells = [];
        for (int i = 0; i < ring.Marks.Count; i++)
        {
            (int, int) cell = At(360.0 * i / ring.Marks.Count, 1);
            StopMark mark = ring.Marks[i];
            cells[cell] = cells.TryGetValue(cell, out StopMark other) && other > mark ? other : mark;
        }

        if (ring.AzimuthDegrees is { } azimuth)
        {
            for (double share = 0.45; share < 0.85; share += 0.5 / Math.Max(2, radiusX))
            {
                (int x, int y) = At(azimuth, share);
                Put(x, y, "·", Theme[Tone.Accent]);
            }
        }

        foreach (((int x, int y), StopMark mark) in cells)
        {
            Put(x, y, Glyphs[mark].Glyph, Theme[Glyphs[mark].Tone]);
        }

        int done = ring.Marks.Count(m => m is StopMark.Done or StopMark.Doubtful);
        Center((int)middleY, ring.AzimuthDegrees is { } a ? Figures.Degrees(a) : "not homed", Tone.Strong);
        if (ring.Marks.Count > 0 && height >= 7)
        {
            Center((int)middleY + 1, $"{done}/{ring.Marks.Count}", Tone.Quiet);
        }

        void Center(int row, string text, Tone tone) => Write(Math.Max(0, (int)(middleX - ((text.Length - 1) / 2.0))), row, new TextLine(text, tone), width);

        // The camera stands at the bottom; the table turns against the clock.
        (int X, int Y) At(double degrees, double share)
        {
            double radians = (degrees - 90) * Math.PI / 180;
            return ((int)Math.Round(middleX + (radiusX * share * Math.Cos(radians))), (int)Math.Round(middleY - (radiusY * share * Math.Sin(radians))));
        }
    }
}
