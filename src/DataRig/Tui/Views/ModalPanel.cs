using DataRig.Tui.Models;
using Terminal.Gui.Drawing;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>The panel above the screen: centred, as large as its lines, scrolled so that the chosen one is in sight.</summary>
internal sealed class ModalPanel : Panel
{
    private const int Widest = 76;

    private readonly Workbench _bench;
    private List<(TextLine Line, int Source)> _rows = [];
    private int _first;

    public ModalPanel(Workbench bench)
        : base("")
    {
        _bench = bench;
        BorderStyle = LineStyle.Double;
        Visible = false;
        X = Pos.Center();
        Y = Pos.Center();
        Width = Dim.Func(_ => Math.Min(Widest, Math.Max(20, (SuperView?.Viewport.Width ?? 80) - 4)));
        Height = Dim.Func(_ => Math.Min((_bench.Modal is { Tall: true } ? 40 : Lay().Count) + 2, Math.Max(5, (SuperView?.Viewport.Height ?? 24) - 2)));
    }

    /// <summary>Shows, changes or hides it as the model says.</summary>
    public void Follow()
    {
        Modal? modal = _bench.Modal;
        if (Visible != modal is not null)
        {
            Visible = modal is not null;
            SuperView?.SetNeedsDraw();
        }

        if (modal is not null)
        {
            if (Title != modal.Title)
            {
                Title = modal.Title;
                _first = 0;
            }

            SetNeedsLayout();
            Refresh();
        }
    }

    protected override object Shown() => _bench.Modal is { } modal ? (modal, new SameLines(modal.Lines()), modal.Focus) : 0;

    protected override void Draw(int width, int height)
    {
        if (_bench.Modal is not { } modal)
        {
            return;
        }

        _rows = Lay();
        int focus = _rows.FindIndex(r => r.Source == modal.Focus), last = _rows.FindLastIndex(r => r.Source == modal.Focus + 1);
        if (focus >= 0)
        {
            _first = Math.Clamp(_first, Math.Max(0, Math.Max(focus, last) - height + 1), focus);
        }

        _first = Math.Clamp(_first, 0, Math.Max(0, _rows.Count - height));
        for (int i = 0; i < Math.Min(height, _rows.Count - _first); i++)
        {
            Write(1, i, _rows[_first + i].Line, width - 1);
        }

        if (_rows.Count > height)
        {
            string more = _first + height < _rows.Count ? "↓" : "↑";
            Put(width - 1, _first + height < _rows.Count ? height - 1 : 0, more, Theme[Tone.Accent]);
        }
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (mouse.Flags.HasFlag(MouseFlags.WheeledDown) || mouse.Flags.HasFlag(MouseFlags.WheeledUp))
        {
            _bench.Press(mouse.Flags.HasFlag(MouseFlags.WheeledDown) ? KeyName.Down : KeyName.Up);
            return true;
        }

        if (mouse.Flags.HasFlag(MouseFlags.LeftButtonClicked) && mouse.Position is { } position && _first + position.Y < _rows.Count)
        {
            _bench.ClickModal(_rows[_first + position.Y].Source);
        }

        return true;
    }

    private List<(TextLine Line, int Source)> Lay()
    {
        int width = Math.Min(Widest, Math.Max(20, (SuperView?.Viewport.Width ?? 80) - 4)) - 4;
        return [.. (_bench.Modal?.Lines() ?? []).SelectMany((line, i) => line.Wrap(width).Select(l => (l, i)))];
    }
}
