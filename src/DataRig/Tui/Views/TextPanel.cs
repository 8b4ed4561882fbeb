using DataRig.Tui.Models;

namespace DataRig.Tui.Views;

/// <summary>Lines of text, broken between words.</summary>
/// <param name="title">The frame's title.</param>
/// <param name="lines">What to show.</param>
/// <param name="tail">Whether the last lines are shown where not all fit, as in a log, rather than the first.</param>
/// <param name="rest">Whether lines beyond the last row may stay unseen, as in a list of which the first matter; how many is said.</param>
/// <param name="focus">The line to keep in sight, with the one after it; null where nothing is scrolled.</param>
internal sealed class TextPanel(string title, Func<IReadOnlyList<TextLine>> lines, bool tail = false, bool rest = false, Func<int>? focus = null) : Panel(title)
{
    protected override object Shown() => (new SameLines(lines()), focus?.Invoke());

    protected override void Draw(int width, int height)
    {
        (TextLine Row, int Line)[] rows = [.. lines().SelectMany((l, i) => l.Wrap(width).Select(r => (r, i)))];
        int skip = tail ? Math.Max(0, rows.Length - height) : focus is null ? 0 : First(rows, focus(), height);
        bool more = rest && rows.Length > height;
        int shown = Math.Min(height - (more ? 1 : 0), rows.Length - skip);
        for (int i = 0; i < shown; i++)
        {
            Write(0, i, rows[i + skip].Row, width);
        }

        if (more)
        {
            Write(0, height - 1, new TextLine($"… {rows.Length - shown} more", Tone.Quiet), width);
        }

        if (focus is not null && rows.Length > height)
        {
            bool below = skip + height < rows.Length;
            Put(width - 1, below ? height - 1 : 0, below ? "↓" : "↑", Theme[Tone.Accent]);
        }

        IsCut |= !tail && !rest && focus is null && rows.Length > height;
    }

    /// <summary>The first row to show so that a line and the one after it are in sight.</summary>
    private static int First((TextLine Row, int Line)[] rows, int line, int height)
    {
        int from = Math.Max(0, Array.FindIndex(rows, r => r.Line >= line)), to = Array.FindLastIndex(rows, r => r.Line <= line + 1);
        return Math.Min(from, Math.Max(0, to - height + 1));
    }
}
