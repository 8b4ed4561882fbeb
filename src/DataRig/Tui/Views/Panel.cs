using DataRig.Tui.Models;
using Terminal.Gui.Drawing;
using Terminal.Gui.ViewBase;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace DataRig.Tui.Views;

/// <summary>
/// A part of a screen with a frame and a title. It draws what its model says, and only where that has changed since it was
/// drawn last, so that little goes down a slow line.
/// </summary>
internal abstract class Panel : View
{
    private object? _drawn;

    protected Panel(string title)
    {
        Title = title;
        BorderStyle = LineStyle.Rounded;
        CanFocus = false;
    }

    public Theme Theme
    {
        get;
        set
        {
            field = value;
            SetScheme(new Scheme(value[Tone.Quiet]));
            SetNeedsDraw();
        }
    } = Theme.Dark;

    /// <summary>Whether something did not fit when it was drawn last; a test looks at it.</summary>
    public bool IsCut { get; protected set; }

    /// <summary>Draws anew if the model has changed.</summary>
    public void Refresh()
    {
        object shown = Shown();
        if (!Equals(shown, _drawn))
        {
            _drawn = shown;
            Change();
            SetNeedsDraw();
        }
    }

    /// <summary>Told before something else is drawn than before.</summary>
    protected virtual void Change()
    {
    }

    /// <summary>What is shown, equal as long as it looks the same.</summary>
    protected abstract object Shown();

    /// <summary>Draws into a viewport that is clear.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    protected abstract void Draw(int width, int height);

    protected override bool OnDrawingContent(DrawContext? context)
    {
        IsCut = false;
        SetAttribute(Theme.Normal);
        for (int row = 0; row < Viewport.Height; row++)
        {
            AddStr(0, row, new string(' ', Viewport.Width));
        }

        if (Viewport is { Width: > 0, Height: > 0 })
        {
            Draw(Viewport.Width, Viewport.Height);
        }

        return true;
    }

    /// <summary>Writes a line; what is beyond the edge is cut and noted.</summary>
    protected void Write(int column, int row, TextLine line, int width)
    {
        int at = column;
        foreach (Piece piece in line.Pieces)
        {
            int room = column + width - at;
            string text = piece.Text.Length > room ? piece.Text[..Math.Max(0, room)] : piece.Text;
            IsCut |= text.Length < piece.Text.TrimEnd().Length;
            SetAttribute(Theme[piece.Tone]);
            AddStr(at, row, text);
            at += text.Length;
        }
    }

    protected void Put(int column, int row, string text, Attribute attribute)
    {
        SetAttribute(attribute);
        AddStr(column, row, text);
    }
}

/// <summary>Lines that are equal where each of them is: what a panel of text shows.</summary>
internal sealed class SameLines(IReadOnlyList<TextLine> lines)
{
    public IReadOnlyList<TextLine> Lines => lines;

    public override bool Equals(object? obj) => obj is SameLines other && lines.SequenceEqual(other.Lines);

    public override int GetHashCode() => lines.Count;
}
