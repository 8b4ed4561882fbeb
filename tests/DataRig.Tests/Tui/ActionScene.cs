using DataRig.Core;
using DataRig.Data;
using DataRig.Tui.Models;
using Terminal.Gui.Input;

namespace DataRig.Tests.Tui;

/// <summary>The stage for one scenario, and what scenarios have in common.</summary>
internal sealed class ActionScene(TuiStage stage, SteppedRig rig, UiAction action)
{
    public TuiStage Stage => stage;

    public Workbench Bench => stage.Bench;

    public SteppedRig Rig => rig;

    public Dataset Data => Bench.Data(create: false);

    public IReadOnlyList<FrameRecord> Frames => Data.Frames();

    /// <summary>Whether a person is asked to put parts down.</summary>
    public bool Asks { get; private set; }

    /// <summary>Presses the action's key on its screen.</summary>
    public void Act()
    {
        if (action.On is { } on && Bench.Screen != on)
        {
            stage.Press(new Key((char)('0' + (int)on)));
        }

        stage.Press(KeyOf(action.Key));
    }

    public Task Becomes(Func<bool> holds)
    {
        Assert.False(holds(), "it was so before");
        Act();
        return stage.UntilAsync(holds, action.Name);
    }

    public async Task Changes<T>(Func<T> of)
    {
        T before = of();
        await Becomes(() => !Equals(of(), before));
    }

    public Task Shows(string text) => Becomes(() => stage.Text.Contains(text, StringComparison.Ordinal));

    public Task ShowsScreen(Screen screen) => Becomes(() => Bench.Screen == screen);

    public bool Logged(string words) => Bench.Session.Log.Lines.Any(l => l.Text.Contains(words, StringComparison.Ordinal));

    public FrameRecord Find(FrameRecord frame) => Frames.Single(f => f.Id == frame.Id);

    public string FirstRange() => Bench.Scenes.Ranges()[0].Text;

    public int Setting() => Bench.Train.Recipe().ToList().FindIndex(l => l.Text.StartsWith('›'));

    public void Person() => Asks = true;

    /// <summary>A session that waits before its third frame.</summary>
    public async Task InASweep()
    {
        rig.Allow(8);
        stage.Press(new Key('s'));
        await stage.UntilAsync(() => Bench.Session.Ring.Turn == 2 && Bench.Session.Pictures.Last is not null && rig.Shots == 8);
    }

    public Task Listed()
    {
        Bench.Show(Screen.Dataset);
        return stage.UntilAsync(() => Bench.Dataset.Focus == 1);
    }

    public async Task<FrameRecord> Browsing()
    {
        await Listed();
        stage.Press(Key.Tab);
        return Bench.Dataset.Frame!;
    }

    public void Count(int frames)
    {
        stage.Press(new Key('3'), new Key('f'));
        stage.Type($"{frames}");
        stage.Press(Key.Enter);
    }

    public async Task<FrameRecord> Reviewing()
    {
        stage.Press(new Key('5'), new Key('s'));
        await stage.UntilAsync(() => Bench.Review.Item is not null);
        return Bench.Review.Item!.Frame;
    }

    public async Task Examined()
    {
        stage.Press(new Key('6'), new Key('e'));
        await stage.UntilAsync(() => Bench.Doctor.Findings.Count > 0);
    }

    private static Key KeyOf(string name) => name switch
    {
        KeyName.Enter => Key.Enter,
        KeyName.Tab => Key.Tab,
        KeyName.Up => Key.CursorUp,
        KeyName.Down => Key.CursorDown,
        KeyName.Left => Key.CursorLeft,
        KeyName.Right => Key.CursorRight,
        KeyName.PageUp => Key.PageUp,
        KeyName.PageDown => Key.PageDown,
        KeyName.Backspace => Key.Backspace,
        KeyName.Palette => Key.P.WithCtrl,
        _ => new Key(name.Single()),
    };
}
