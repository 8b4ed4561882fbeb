using DataRig.Tui.Models;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>A stretch of one of the bars at the top and bottom, and what a click on it does.</summary>
internal sealed record BarItem(IReadOnlyList<Piece> Pieces, Action? Click = null)
{
    public int Width => Pieces.Sum(p => p.Text.Length);
}

/// <summary>One line across the screen. What has no room is left out, from the end.</summary>
internal sealed class BarView : View
{
    private readonly Func<IReadOnlyList<BarItem>> _items;
    private readonly bool _mayDrop;
    private string _drawn = "";

    /// <param name="items">What it shows.</param>
    /// <param name="mayDrop">Whether items at its end may be left out; a test asks of the others that they fit.</param>
    public BarView(Func<IReadOnlyList<BarItem>> items, bool mayDrop)
    {
        (_items, _mayDrop) = (items, mayDrop);
        (Width, Height, CanFocus) = (Dim.Fill(), 1, false);
    }

    public Theme Theme { get; set; } = Theme.Dark;

    public bool IsCut { get; private set; }

    public void Refresh()
    {
        string shown = string.Join('|', _items().SelectMany(i => i.Pieces).Select(p => $"{p.Tone}{p.Text}"));
        if (shown != _drawn)
        {
            _drawn = shown;
            SetNeedsDraw();
        }
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        SetAttribute(Theme.Normal);
        AddStr(0, 0, new string(' ', Viewport.Width));
        IsCut = false;
        int at = 0;
        foreach (BarItem item in _items())
        {
            if (at + item.Width > Viewport.Width)
            {
                IsCut = !_mayDrop;
                break;
            }

            foreach (Piece piece in item.Pieces)
            {
                SetAttribute(Theme[piece.Tone]);
                AddStr(at, 0, piece.Text);
                at += piece.Text.Length;
            }
        }

        return true;
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (!mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked) || mouse.Position is not { } position)
        {
            return false;
        }

        int at = 0;
        foreach (BarItem item in _items())
        {
            if (position.X >= at && position.X < at + item.Width)
            {
                item.Click?.Invoke();
                return true;
            }

            at += item.Width;
        }

        return false;
    }
}
