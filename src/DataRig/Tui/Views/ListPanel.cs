using DataRig.Tui.Models;
using Terminal.Gui.Input;

namespace DataRig.Tui.Views;

/// <summary>Rows of which one is chosen, scrolled so that it is in sight; a row is one line, and what is beyond its edge is left out.</summary>
/// <param name="lines">The rows.</param>
/// <param name="focus">The row to keep in sight.</param>
/// <param name="click">Told which row was clicked.</param>
/// <param name="heading">Whether the first row stays where it is.</param>
internal sealed class ListPanel(string title, Func<IReadOnlyList<TextLine>> lines, Func<int> focus, Action<int> click, bool heading = false) : Panel(title)
{
    private int _first;

    protected override object Shown() => (new SameLines(lines()), focus());

    protected override void Draw(int width, int height)
    {
        IReadOnlyList<TextLine> rows = lines();
        int fixedRows = heading && rows.Count > 1 ? 1 : 0, room = height - fixedRows, at = focus() - fixedRows;
        _first = Math.Clamp(_first, Math.Max(0, at - room + 1), Math.Max(0, at));
        _first = Math.Clamp(_first, 0, Math.Max(0, rows.Count - fixedRows - room));
        if (fixedRows > 0)
        {
            Write(0, 0, rows[0], width);
        }

        for (int i = 0; i < Math.Min(room, rows.Count - fixedRows - _first); i++)
        {
            Write(0, i + fixedRows, rows[i + fixedRows + _first], width);
        }

        if (rows.Count - fixedRows > room && room > 0)
        {
            bool below = _first + room < rows.Count - fixedRows;
            Put(width - 1, below ? height - 1 : fixedRows, below ? "↓" : "↑", Theme[Tone.Accent]);
        }
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked) && mouse.Position is { } position)
        {
            click(heading && position.Y == 0 ? 0 : position.Y + _first);
            return true;
        }

        return false;
    }
}
