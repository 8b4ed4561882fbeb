using System.Drawing;
using System.Runtime.CompilerServices;
using DataRig.Tui;
using DataRig.Tui.Models;
using DataRig.Tui.Views;
using Terminal.Gui.App;
using Terminal.Gui.Input;
using Terminal.Gui.Testing;
using Terminal.Gui.Time;
using Terminal.Gui.ViewBase;

namespace DataRig.Tests.Tui;

/// <summary>The user interface without a terminal: keys are injected, and what would be on the screen is read.</summary>
internal sealed class TuiStage : IAsyncDisposable
{
    private readonly IApplication _app;
    private readonly SessionToken _token;

    public TuiStage(Workbench bench, int width = 120, int height = 40, Theme? theme = null)
    {
        Bench = bench;
        _app = Application.Create(new VirtualTimeProvider());
        _app.Init("ansi");
        _app.Driver!.SetScreenSize(width, height);
        Shell = new Shell(bench, theme ?? Theme.Dark);
        TuiApp.Attach(_app, Shell);
        _token = _app.Begin(Shell)!;
        Draw();
    }

    public Workbench Bench { get; }

    public Shell Shell { get; }

    public IApplication App => _app;

    /// <summary>The screen as rows of text.</summary>
    public string Text
    {
        get
        {
            Draw();
            return _app.Driver!.ToString()!;
        }
    }

    /// <summary>No real terminal is touched, whatever the tests are started from.</summary>
    [ModuleInitializer]
    internal static void NoTerminal() => Environment.SetEnvironmentVariable("DisableRealDriverIO", "1");

    public void Draw()
    {
        Shell.Follow();
        _app.LayoutAndDraw();
        Shell.Follow();
        _app.LayoutAndDraw();
        SynchronizationContext.SetSynchronizationContext(null); // Terminal.Gui's own waits for a main loop, and here is none
    }

    public void Press(params Key[] keys)
    {
        foreach (Key key in keys)
        {
            _app.InjectKey(key);
        }

        Draw();
    }

    /// <summary>Types text, a key a letter.</summary>
    public void Type(string text) => Press([.. text.Select(c => c == ' ' ? Key.Space : new Key(c))]);

    public void Click(int column, int row)
    {
        _app.InjectSequence(InputInjectionExtensions.LeftButtonClick(new Point(column, row)));
        Draw();
    }

    /// <summary>Clicks on the first letter of a text on the screen.</summary>
    public void Click(string text)
    {
        string[] rows = Text.Split('\n');
        int row = Array.FindIndex(rows, r => r.Contains(text, StringComparison.Ordinal));
        Assert.True(row >= 0, $"\"{text}\" is not on the screen:\n{Text}");
        Click(rows[row].IndexOf(text, StringComparison.Ordinal), row);
    }

    public Task UntilAsync(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string what = "") => Patience.UntilAsync(
        () =>
        {
            Shell.Follow();
            return holds();
        },
        what);

    public Task ShowsAsync(string text) => UntilAsync(() => Text.Contains(text, StringComparison.Ordinal), $"the screen shows \"{text}\"");

    /// <summary>The text of one panel of the present screen, its rows joined by blanks.</summary>
    public string PanelText(string title)
    {
        string[] rows = Text.Split('\n');
        Panel panel = Shell.Present.Panels.Single(p => p.Title == title);
        Rectangle inside = panel.ViewportToScreen(panel.Viewport with { Location = Point.Empty });
        return string.Join(' ', rows.Skip(inside.Y).Take(inside.Height).Select(r => r.PadRight(inside.Right).Substring(inside.X, inside.Width).Trim()).Where(r => r.Length > 0));
    }

    /// <summary>What is wrong with the layout: text that is cut, panels that overlap or leave the screen.</summary>
    public IEnumerable<string> Faults()
    {
        Draw();
        if (Shell.IsCut)
        {
            yield return $"text is cut in {string.Join(", ", Shell.Present.Panels.Where(p => p.IsCut).Select(p => p.Title).DefaultIfEmpty("a bar or the panel above"))}";
        }

        foreach (string fault in Overlaps(Shell))
        {
            yield return fault;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Bench.DisposeAsync();
        _app.End(_token);
        Shell.Dispose();
        _app.Dispose();
        Directory.Delete(Bench.Home, recursive: true);
    }

    private static IEnumerable<string> Overlaps(View view)
    {
        View[] parts = [.. view.SubViews.Where(v => v is { Visible: true } and not ModalPanel && v.Frame.Width > 0)];
        foreach (View part in parts)
        {
            if (!view.Viewport.Contains(part.Frame))
            {
                yield return $"{Name(part)} at {part.Frame} leaves {Name(view)} of {view.Viewport}";
            }

            foreach (View other in parts.TakeWhile(p => p != part).Where(p => p.Frame.IntersectsWith(part.Frame)))
            {
                yield return $"{Name(part)} at {part.Frame} overlaps {Name(other)} at {other.Frame}";
            }

            foreach (string fault in Overlaps(part))
            {
                yield return fault;
            }
        }
    }

    private static string Name(View view) => view.Title.Length > 0 ? view.Title : view.GetType().Name;
}

/// <summary>Workbenches for tests.</summary>
internal static class TuiHome
{
    /// <summary>A workbench in a folder with a small simulated rig and nothing else.</summary>
    public static Workbench Empty()
    {
        string folder = Directory.CreateTempSubdirectory("datarig-tui-").FullName;
        string rig = Path.Combine(folder, "rig.json");
        File.WriteAllText(rig, Cli.SmallRig);
        Directory.CreateSymbolicLink(Path.Combine(folder, "scenes"), Path.Combine(AppContext.BaseDirectory, "scenes"));
        return new Workbench(new WorkbenchOptions { Home = folder, Rig = rig, FreeBytes = _ => 12L << 30 });
    }
}
