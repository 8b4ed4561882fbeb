using DataRig.Core;
using DataRig.Tui.Models;
using Terminal.Gui.Input;

namespace DataRig.Tui.Views;

/// <summary>Small pictures in a grid, each with a caption, as many as there is room for.</summary>
/// <param name="thumbnails">The pictures for so many columns and rows, and which of them is chosen; -1 for none.</param>
/// <param name="empty">What to say where there are none.</param>
/// <param name="click">Told which picture was clicked.</param>
internal sealed class ThumbnailsPanel(string title, Func<int, int, (IReadOnlyList<Thumbnail> Cells, int Chosen)> thumbnails, string empty, Action<int>? click = null) : Panel(title)
{
    private const int Across = 12, Down = 7;

    private readonly List<PictureCells> _cells = [];

    /// <summary>The newest of a growing list first.</summary>
    public static Func<int, int, (IReadOnlyList<Thumbnail> Cells, int Chosen)> Newest(Func<IReadOnlyList<Thumbnail>> all) =>
        (columns, rows) => ([.. all().Reverse().Take(columns * rows)], -1);

    protected override object Shown()
    {
        (int columns, int rows, _, _) = Lay();
        (IReadOnlyList<Thumbnail> cells, int chosen) = thumbnails(columns, rows);
        return new Same(cells, chosen);
    }

    protected override void Draw(int width, int height)
    {
        (int columns, int rows, int across, int down) = Lay();
        (IReadOnlyList<Thumbnail> cells, int chosen) = thumbnails(columns, rows);
        if (cells.Count == 0)
        {
            Write(0, 0, new TextLine(empty, Tone.Quiet), width);
            return;
        }

        for (int i = 0; i < cells.Count; i++)
        {
            if (_cells.Count == i)
            {
                _cells.Add(new PictureCells());
            }

            (int left, int top) = (i % columns * across, i / columns * down);
            if (cells[i].Picture is { } picture)
            {
                Picture scaled = _cells[i].Fit(picture, across - 1, down - 1);
                PictureCells.Draw(scaled, left, top, Theme, Put);
            }

            string caption = cells[i].Caption.Length < across ? cells[i].Caption : cells[i].Caption[..(across - 2)] + "…";
            Write(left, top + down - 1, new TextLine(caption, i == chosen ? Tone.Chosen : cells[i].Tone), across);
        }
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (click is null || !mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked) || mouse.Position is not { } position)
        {
            return false;
        }

        (int columns, _, int across, int down) = Lay();
        click((position.Y / down * columns) + Math.Min(position.X / across, columns - 1));
        return true;
    }

    private (int Columns, int Rows, int Across, int Down) Lay()
    {
        (int width, int height) = (Math.Max(1, Viewport.Width), Math.Max(1, Viewport.Height));
        int columns = Math.Max(1, width / Across), rows = Math.Max(1, height / Down), across = width / columns;
        return (columns, rows, across, Math.Min(height / rows, (across / 2) + 1));
    }

    private sealed record Same(IReadOnlyList<Thumbnail> Cells, int Chosen)
    {
        public bool Equals(Same? other) => other is not null && Chosen == other.Chosen && Cells.SequenceEqual(other.Cells);

        public override int GetHashCode() => Cells.Count;
    }
}
