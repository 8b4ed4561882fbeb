using DataRig.Tui.Models;

namespace DataRig.Tui.Views;

/// <summary>Small pictures in a grid, each with a caption; the newest first, as many as there is room for.</summary>
/// <param name="empty">What to say where there are none.</param>
internal sealed class ThumbnailsPanel(string title, Func<IReadOnlyList<Thumbnail>> thumbnails, string empty) : Panel(title)
{
    private const int Across = 12, Down = 6;

    private readonly List<PictureCells> _cells = [];

    protected override object Shown() => thumbnails();

    protected override void Draw(int width, int height)
    {
        IReadOnlyList<Thumbnail> all = thumbnails();
        if (all.Count == 0)
        {
            Write(0, 0, new TextLine(empty, Tone.Quiet), width);
            return;
        }

        int rows = Math.Max(1, height / (Down + 1)), down = Math.Min(height / rows, 2 * Down), columns = Math.Max(1, width / (Across + 1)), across = width / columns;
        int shown = 0;
        foreach (Thumbnail thumbnail in all.Reverse().Take(rows * columns))
        {
            if (_cells.Count == shown)
            {
                _cells.Add(new PictureCells());
            }

            int left = shown % columns * across, top = shown / columns * down;
            Core.Picture scaled = _cells[shown].Fit(thumbnail.Picture, across - 1, down - 1);
            PictureCells.Draw(scaled, left, top, Theme, Put);
            string caption = thumbnail.Caption.Length < across ? thumbnail.Caption : thumbnail.Caption[..(across - 2)] + "…";
            Write(left, top + down - 1, new TextLine(caption, thumbnail.Tone), across);
            shown++;
        }
    }
}
