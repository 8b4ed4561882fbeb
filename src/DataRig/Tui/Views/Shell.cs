using System.Globalization;
using DataRig.Tui.Models;
using Terminal.Gui.App;
using Terminal.Gui.Drawing;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace DataRig.Tui.Views;

/// <summary>
/// The frame of all screens: their names at the top, the present one in the middle, the state and the keys at the bottom, panels
/// above. It hands keys to the workbench and draws what that says; it decides nothing.
/// </summary>
internal sealed class Shell : Runnable
{
    /// <summary>How often what changes by itself is drawn; a key is drawn at once.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(80);

    /// <summary>Beats from one look at everything to the next while nothing runs: remarks go, the disk fills.</summary>
    private const int BeatsAtRest = 8;

    private readonly Workbench _bench;
    private readonly Dictionary<Screen, ScreenView> _screens = [];
    private readonly BarView _top, _state, _keys;
    private readonly View _body;
    private readonly ModalPanel _modal;
    private Theme _theme;
    private int _rested;

    /// <param name="bench">What it shows.</param>
    /// <param name="theme">In which colours.</param>
    public Shell(Workbench bench, Theme theme)
    {
        (_bench, _theme) = (bench, theme);
        CanFocus = true;
        _top = new BarView(Top, mayDrop: true);
        _body = new View { Y = 1, Width = Dim.Fill(), Height = Dim.Fill(2), CanFocus = false };
        _state = new BarView(State, mayDrop: false) { Y = Pos.AnchorEnd(2) };
        _keys = new BarView(Keys, mayDrop: true) { Y = Pos.AnchorEnd(1) };
        _modal = new ModalPanel(bench);
        Add(_top, _body, _state, _keys, _modal);
        foreach ((Screen screen, ScreenView view) in ScreenViews.All(bench))
        {
            view.Visible = screen == bench.Screen;
            _screens.Add(screen, view);
            _body.Add(view);
        }

        bench.NextTheme = () => Dress(Theme.All[(Theme.All.ToList().IndexOf(_theme) + 1) % Theme.All.Count]);
        Dress(theme);
    }

    public Theme Theme => _theme;

    /// <summary>The present screen.</summary>
    public ScreenView Present => _screens[_bench.Screen];

    /// <summary>Whether text was cut off when it was drawn last.</summary>
    public bool IsCut => _state.IsCut || Present.Panels.Any(p => p.IsCut) || (_modal.Visible && _modal.IsCut);

    /// <summary>When the last key came, by the workbench's clock.</summary>
    public long TakenAt { get; private set; }

    /// <summary>Takes a key from the terminal.</summary>
    public void Take(Key key)
    {
        TakenAt = _bench.Clock.GetTimestamp();
        if (NameOf(key) is { } name)
        {
            _bench.Press(name);
        }

        key.Handled = true;
        Follow();
    }

    /// <summary>Looks now and then whether something has changed; while nothing runs that costs next to nothing.</summary>
    public void Pulse()
    {
        if (_bench.Tick() || ++_rested >= BeatsAtRest)
        {
            Follow();
        }
    }

    /// <summary>Takes in what the workers posted and draws what has changed.</summary>
    public void Follow()
    {
        _rested = 0;
        _bench.Tick();
        if (_bench.HasQuit)
        {
            App?.RequestStop(this);
            return;
        }

        foreach ((Screen screen, ScreenView view) in _screens)
        {
            if (view.Visible != (screen == _bench.Screen))
            {
                view.Visible = screen == _bench.Screen;
                view.SetNeedsLayout();
                SetNeedsDraw();
            }
        }

        Present.Refresh();
        _top.Refresh();
        _state.Refresh();
        _keys.Refresh();
        _modal.Follow();
    }

    /// <summary>How the models write a key; null for one that means nothing to them.</summary>
    internal static string? NameOf(Key key)
    {
        if (key == Key.C.WithCtrl)
        {
            return KeyName.Interrupt;
        }

        if (key.IsCtrl || key.IsAlt)
        {
            return key == Key.P.WithCtrl ? KeyName.Palette : null;
        }

        return key switch
        {
            _ when key == Key.Enter => KeyName.Enter,
            _ when key == Key.Esc => KeyName.Escape,
            _ when key == Key.Tab => KeyName.Tab,
            _ when key == Key.Tab.WithShift => KeyName.BackTab,
            _ when key == Key.CursorUp => KeyName.Up,
            _ when key == Key.CursorDown => KeyName.Down,
            _ when key == Key.CursorLeft => KeyName.Left,
            _ when key == Key.CursorRight => KeyName.Right,
            _ when key == Key.PageUp => KeyName.PageUp,
            _ when key == Key.PageDown => KeyName.PageDown,
            _ when key == Key.Home => KeyName.Home,
            _ when key == Key.End => KeyName.End,
            _ when key == Key.Delete => KeyName.Delete,
            _ when key == Key.Backspace => KeyName.Backspace,
            _ when key == Key.Space => KeyName.Space,
            _ => key.AsRune.Value > 32 && key.AsRune.Utf16SequenceLength == 1 ? key.AsRune.ToString() : null,
        };
    }

    private void Dress(Theme theme)
    {
        _theme = theme;
        SetScheme(new Scheme(theme.Normal));
        _body.SetScheme(new Scheme(theme.Normal));
        _modal.Theme = theme;
        foreach (BarView bar in new[] { _top, _state, _keys })
        {
            bar.Theme = theme;
            bar.SetNeedsDraw();
        }

        foreach (Panel panel in _screens.Values.SelectMany(s => s.Panels))
        {
            panel.Theme = theme;
        }

        if (App?.Driver is { } driver)
        {
            driver.Force16Colors = theme.IsSixteen;
        }

        SetNeedsDraw();
    }

    private IReadOnlyList<BarItem> Top() =>
    [
        new BarItem([new Piece(" DataRig ", Tone.Strong)]),
        .. Enum.GetValues<Screen>().Select(s => new BarItem(
            [new Piece($" {((int)s).ToString(CultureInfo.InvariantCulture)}", Tone.Key), new Piece($" {s} ", s == _bench.Screen ? Tone.Chosen : Tone.Plain)],
            () => _bench.Show(s))),
    ];

    private IReadOnlyList<BarItem> State() => _bench.Said is { } said ? [new BarItem([new Piece(" ", Tone.Plain), .. Shortened(said)])] : [new BarItem(_bench.Status().Pieces)];

    /// <summary>A remark in one line; the log and the panels have it whole.</summary>
    private IEnumerable<Piece> Shortened(TextLine line)
    {
        int room = Math.Max(1, Viewport.Width - 2);
        return line.Width <= room ? line.Pieces : [new Piece(line.Text[..(room - 1)] + "…", line.Pieces[0].Tone)];
    }

    private IReadOnlyList<BarItem> Keys() =>
        [.. _bench.Hints().Select(a => new BarItem([new Piece($" {KeyName.Show(a.Key)}", Tone.Key), new Piece($" {Short(a.Name)} ", Tone.Quiet)], () => _bench.Run(a)))];

    private static string Short(string name) => name.Replace(" the ", " ", StringComparison.Ordinal).ToLowerInvariant();
}
