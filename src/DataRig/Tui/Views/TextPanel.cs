using DataRig.Tui.Models;

namespace DataRig.Tui.Views;

/// <summary>Lines of text, broken between words.</summary>
/// <param name="title">The frame's title.</param>
/// <param name="lines">What to show.</param>
/// <param name="tail">Whether the last lines are shown where not all fit, as in a log, rather than the first.</param>
/// <param name="rest">Whether lines beyond the last row may stay unseen, as in a list of which the first matter.</param>
internal sealed class TextPanel(string title, Func<IReadOnlyList<TextLine>> lines, bool tail = false, bool rest = false) : Panel(title)
{
    protected override object Shown() => new SameLines(lines());

    protected override void Draw(int width, int height)
    {
        TextLine[] rows = [.. lines().SelectMany(l => l.Wrap(width))];
        int skip = tail ? Math.Max(0, rows.Length - height) : 0;
        for (int i = 0; i < Math.Min(height, rows.Length - skip); i++)
        {
            Write(0, i, rows[i + skip], width);
        }

        IsCut |= !tail && !rest && rows.Length > height;
    }
}
